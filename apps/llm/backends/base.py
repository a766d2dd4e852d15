"""The contract between the engine and whatever runs a model: batches in, results in the same order out.

Nothing here imports a machine-learning library, so any process may import it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class LLMError(Exception):
    """The backend could not do its work; the message is one line that an operator can read."""


class TransientLLMError(LLMError):
    """Trying again later may succeed: out of memory, a server that is restarting."""


class PermanentLLMError(LLMError):
    """Trying again changes nothing until someone changes a setting or a file."""


@dataclass(frozen=True)
class Sampling:
    """How tokens are chosen. A temperature of 0 is greedy; top_k 0 and top_p 1 switch their filter off."""

    temperature: float = 0.8
    top_p: float = 0.95
    top_k: int = 50
    max_new_tokens: int = 200
    no_repeat_ngram_size: int = 0
    repetition_penalty: float = 1.0

    def as_dict(self) -> dict[str, float | int]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


class PromptLike(Protocol):
    """What the engine needs of a rendered prompt; messages are used where the model has a chat template."""

    @property
    def text(self) -> str: ...

    @property
    def messages(self) -> tuple[dict[str, str], ...]: ...


@dataclass(frozen=True)
class GenerateRequest:
    """One prompt and the n candidates wanted of it; seeds has n entries, one per candidate."""

    prompt: PromptLike
    n: int
    seeds: tuple[int, ...]
    sampling: Sampling = field(default_factory=Sampling)
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.n < 1 or len(self.seeds) != self.n:
            raise ValueError(
                f"a request for {self.n} candidates needs as many seeds, at least one; got {len(self.seeds)}"
            )


@dataclass(frozen=True)
class Completion:
    """A candidate's text without stop strings or special tokens; tokens counts what was generated."""

    text: str
    tokens: int
    finish_reason: str  # "stop": ended by itself; "length": cut off at max_new_tokens
    seed: int


@dataclass(frozen=True)
class GenerateResult:
    """The candidates of one request; error is a permanent failure of this request alone (the batch went on)."""

    completions: tuple[Completion, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class ModelInfo:
    """What is loaded, as far as a person or a stored draft needs to know it."""

    name: str
    revision: str = ""
    style: str = "plain"  # "plain": the prompt's text; "chat": its messages through the chat template
    languages: tuple[str, ...] = ()
    is_bundled: bool = False
    device: str = ""
    dtype: str = ""
    adapter: str = ""
    parameters: int = 0
    max_length: int = 0  # tokens, prompt and completion together; 0: unknown
    task: str = "generate"
    fingerprint: str = ""


class Backend:
    """Base of every backend. Build is cheap; the model loads on first use. Not safe for concurrent threads."""

    can_generate = False
    can_score = False
    can_embed = False
    is_seeded = False  # the same seed gives the same candidate

    def generate(self, requests: Sequence[GenerateRequest]) -> list[GenerateResult]:
        """One result per request, in order. Raises LLMError when the whole batch failed."""
        raise PermanentLLMError(f"{type(self).__name__} does not generate text.")

    def score(self, texts: Sequence[str], labels: Sequence[str]) -> list[list[float]]:
        """Probabilities, one row per text in order, one column per label; a row sums to 1."""
        raise PermanentLLMError(f"{type(self).__name__} does not score texts.")

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of unit length per text, in order."""
        raise PermanentLLMError(f"{type(self).__name__} does not embed texts.")

    def estimate(self, requests: Sequence[GenerateRequest]) -> float:
        """Predicted seconds for generate(requests), from what earlier batches took; 0.0 while nothing is known."""
        return 0.0

    def check(self) -> list[Any]:
        """Django check messages about the configuration. Must not load the model."""
        return []

    def info(self) -> ModelInfo:
        """What this backend runs. May load the model."""
        raise NotImplementedError

    def close(self) -> None:
        """Gives the model's memory back; the next call loads it again."""
