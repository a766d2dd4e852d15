"""A backend for unit tests: remembers what it was asked and answers from a script or from the prompt."""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from apps.llm.backends.base import (
    Backend,
    Completion,
    GenerateRequest,
    GenerateResult,
    LLMError,
    ModelInfo,
)

Reply = str | GenerateResult | LLMError


class RecordingBackend(Backend):
    """Each request takes the next scripted reply; after the script, text made from the prompt and the seed.

    A reply is a text (every candidate gets it), a whole GenerateResult, or an error (raised: the batch fails).
    `answer(request, seed)` replaces the made-up text. `requests` and `batches` hold what came in.
    """

    can_generate = can_score = can_embed = is_seeded = True

    def __init__(
        self,
        *,
        script: Iterable[Reply] = (),
        answer: Callable[[GenerateRequest, int], str] | None = None,
        info: ModelInfo | None = None,
        vector_size: int = 8,
    ) -> None:
        self.script = list(script)
        self.answer = answer or _made_up_text
        self.requests: list[GenerateRequest] = []
        self.batches: list[int] = []
        self.scored: list[str] = []
        self.embedded: list[str] = []
        self.is_closed = False
        self.vector_size = vector_size
        self._info = info or ModelInfo(name="recording", revision="1", languages=("en", "zh-Hans"), max_length=2048)

    def generate(self, requests: Sequence[GenerateRequest]) -> list[GenerateResult]:
        self.batches.append(len(requests))
        self.requests.extend(requests)
        return [self._reply(request) for request in requests]

    def score(self, texts: Sequence[str], labels: Sequence[str]) -> list[list[float]]:
        self.scored.extend(texts)
        rows = []
        for text in texts:
            weights = [1 + _number(text, label) % 100 for label in labels]
            rows.append([weight / sum(weights) for weight in weights])
        return rows

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.embedded.extend(texts)
        vectors = []
        for text in texts:
            values = [_number(text, str(place)) % 2001 - 1000 for place in range(self.vector_size)]
            length = sum(value * value for value in values) ** 0.5 or 1.0
            vectors.append([value / length for value in values])
        return vectors

    def info(self) -> ModelInfo:
        return self._info

    def close(self) -> None:
        self.is_closed = True

    def _reply(self, request: GenerateRequest) -> GenerateResult:
        reply = self.script.pop(0) if self.script else None
        if isinstance(reply, LLMError):
            raise reply
        if isinstance(reply, GenerateResult):
            return reply
        texts = [reply if reply is not None else self.answer(request, seed) for seed in request.seeds]
        return GenerateResult(
            tuple(
                Completion(text=text, tokens=len(text.split()), finish_reason="stop", seed=seed)
                for text, seed in zip(texts, request.seeds, strict=True)
            )
        )


def _number(*parts: str) -> int:
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8], "big")


def _made_up_text(request: GenerateRequest, seed: int) -> str:
    words = [word.strip(".,:;") for word in request.prompt.text.split() if word.strip(".,:;")]
    start = _number(request.prompt.text, str(seed)) % max(1, len(words))
    return " ".join((words[start:] + words[:start])[:12]) + "."
