"""The backend that runs a model in this process with transformers; torch is imported when the model loads."""

import gc
import os
import re
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import checks

from apps.llm.backends import folders
from apps.llm.backends.base import (
    Backend,
    Completion,
    GenerateRequest,
    GenerateResult,
    ModelInfo,
    PermanentLLMError,
)
from apps.llm.backends.batching import Budget, run_in_batches
from apps.llm.cost import CostModel

if TYPE_CHECKING:
    from apps.llm.backends.decoding import Decoder
    from apps.llm.backends.encoding import PromptEncoder
    from apps.llm.backends.loading import Loaded

UNKNOWN_LENGTH = 1 << 20
CPU_ROWS, CUDA_ROWS = 64, 256
CPU_TOKENS, CPU_READ_TOKENS, CUDA_READ_TOKENS = 32_768, 1_024, 65_536


class TransformersBackend(Backend):
    """Any causal LM, sequence classifier or encoder that from_pretrained loads; arguments default to the settings."""

    is_seeded = True

    def __init__(
        self,
        *,
        model: str | None = None,
        revision: str | None = None,
        adapter: str | None = None,
        device: str | None = None,
        dtype: str | None = None,
        batch_tokens: int | None = None,
        threads: int | None = None,
    ) -> None:
        self.model = settings.SHOPAI_MODEL if model is None else model
        self.revision = settings.SHOPAI_MODEL_REVISION if revision is None else revision
        self.adapter = settings.SHOPAI_MODEL_ADAPTER if adapter is None else adapter
        self.device = settings.SHOPAI_LLM_DEVICE if device is None else device
        self.dtype = settings.SHOPAI_LLM_DTYPE if dtype is None else dtype
        self.batch_tokens = settings.SHOPAI_LLM_BATCH_TOKENS if batch_tokens is None else batch_tokens
        self.threads = settings.SHOPAI_LLM_THREADS if threads is None else threads
        self.cost = CostModel()
        self._loaded: Loaded | None = None
        self._info: ModelInfo | None = None
        self._encoder: PromptEncoder | None = None
        self._decoder: Decoder | None = None

    @property
    def kind(self) -> str:
        """causal, classifier or encoder; of a hub id that isn't loaded yet, causal is taken for granted."""
        if self._loaded:
            return self._loaded.kind
        return folders.kind_of(folders.read_json(Path(self.model).expanduser(), "config.json"))

    @property
    def can_generate(self) -> bool:
        return self.kind == "causal"

    @property
    def can_score(self) -> bool:
        return self.kind in ("causal", "classifier")

    @property
    def can_embed(self) -> bool:
        return self.kind == "encoder"

    def generate(self, requests: Sequence[GenerateRequest]) -> list[GenerateResult]:
        self._load("causal")
        prompts = self._encoder.encode([request.prompt for request in requests])
        errors = [self._refusal(ids, request) for ids, request in zip(prompts, requests, strict=True)]
        items = [
            (place, ids, request, seed)
            for place, (ids, request) in enumerate(zip(prompts, requests, strict=True))
            if not errors[place]
            for seed in request.seeds
        ]
        lengths = [len(ids) + request.sampling.max_new_tokens for _, ids, request, _ in items]
        written = run_in_batches(items, lengths, self._budget, self._write, self._recover)
        completions: list[list[Completion]] = [[] for _ in requests]
        for (place, *_), completion in zip(items, written, strict=True):
            completions[place].append(completion)
        return [GenerateResult(tuple(done), error) for done, error in zip(completions, errors, strict=True)]

    def score(self, texts: Sequence[str], labels: Sequence[str]) -> list[list[float]]:
        """A classifier gives its labels' probabilities. A causal LM reads each text as a prompt and compares the first
        tokens of the label words as they would follow it (mind a leading space)."""
        from apps.llm.backends import reading

        loaded = self._load("causal", "classifier")
        if loaded.kind == "classifier":
            columns = reading.label_columns(loaded, labels)
            rows = reading.encode_texts(loaded, texts, self._max_length)
        else:
            columns = reading.label_tokens(loaded, labels)
            rows = self._encoder.encode([_Text(text) for text in texts])
            rows = [ids[-self._max_length :] for ids in rows]
        return self._read(rows, lambda batch: reading.label_probabilities(loaded, batch, columns))

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        from apps.llm.backends import reading

        loaded = self._load("encoder")
        rows = reading.encode_texts(loaded, texts, self._max_length)
        return self._read(rows, lambda batch: reading.mean_vectors(loaded, batch))

    def estimate(self, requests: Sequence[GenerateRequest]) -> float:
        usual = self.cost.tokens_per_row
        tokens = sum(request.n * min(request.sampling.max_new_tokens, usual) for request in requests)
        return self.cost.predict(tokens=tokens)

    def check(self) -> list[Any]:
        found: list[Any] = []
        if problem := folders.problem_of(self.model, adapter=self.adapter):
            hint = "Set SHOPAI_MODEL (and SHOPAI_MODEL_ADAPTER) to a folder or a hub id."
            found.append(checks.Warning(f"{problem} Nothing can be generated.", hint=hint, id="llm.W001"))
        if not re.fullmatch(r"auto|cpu|mps|(cuda|xpu)(:\d+)?", self.device):
            found.append(checks.Error(f"SHOPAI_LLM_DEVICE={self.device} is no device.", id="llm.E001"))
        if self.dtype not in ("auto", "bfloat16", "float16", "float32"):
            hint = "Use auto, bfloat16, float16 or float32."
            found.append(checks.Error(f"SHOPAI_LLM_DTYPE={self.dtype} is unknown.", hint=hint, id="llm.E002"))
        return found

    def info(self) -> ModelInfo:
        self._load("causal", "classifier", "encoder")
        return self._info

    def close(self) -> None:
        if self._loaded is None:
            return
        is_cuda = self._loaded.device.type == "cuda"
        self._loaded = self._decoder = self._encoder = self._info = None
        gc.collect()
        if is_cuda:
            import torch

            torch.cuda.empty_cache()

    def _load(self, *kinds: str) -> "Loaded":
        if self._loaded is None:
            self._set_up()
        if self._loaded.kind not in kinds:
            raise PermanentLLMError(f"{self.model} is a model of another kind ({self._loaded.kind}).")
        return self._loaded

    def _set_up(self) -> None:
        # Checked first: importing torch takes seconds, and a folder that is missing needs none of it.
        folders.require(self.model, adapter=self.adapter)
        import torch

        from apps.llm.backends.decoding import Decoder
        from apps.llm.backends.encoding import PromptEncoder
        from apps.llm.backends.loading import Source, load

        # One core is left to the web pages and the database: threads that wait for a busy core slow all the others.
        torch.set_num_threads(self.threads or max(1, (os.cpu_count() or 2) - 1))
        source = Source(self.model, self.revision, self.adapter, self.device, self.dtype)
        loaded = load(source)
        tokenizer = loaded.tokenizer
        style = loaded.card.get("style") or ("chat" if tokenizer.chat_template else "plain")
        self._encoder = PromptEncoder(tokenizer, style)
        self._max_length = _max_length(loaded)
        self._budget, self._read_budget = _budgets(loaded, self.batch_tokens)
        if loaded.kind == "causal":
            ends = _end_tokens(loaded)
            pad = next((each for each in (tokenizer.pad_token_id, *sorted(ends)) if each is not None), 0)
            self._decoder = Decoder(loaded.model, end_tokens=ends, pad_token=pad, decode=self._encoder.decode)
        self._info = self._describe(loaded, style)
        self._loaded = loaded

    def _describe(self, loaded: "Loaded", style: str) -> ModelInfo:
        name = Path(self.model).name if folders.is_folder_name(self.model) else self.model
        return ModelInfo(
            name=str(loaded.card.get("name") or name),
            revision=loaded.revision,
            style=style,
            languages=tuple(loaded.card.get("languages") or ()),
            is_bundled=folders.is_bundled(self.model),
            device=str(loaded.device),
            dtype=str(loaded.dtype).removeprefix("torch."),
            adapter=self.adapter,
            parameters=sum(each.numel() for each in loaded.model.parameters()),
            max_length=0 if self._max_length == UNKNOWN_LENGTH else self._max_length,
            task={"causal": "generate", "classifier": "score", "encoder": "embed"}[loaded.kind],
            fingerprint=folders.fingerprint(self.model, revision=loaded.revision, adapter=self.adapter),
        )

    def _refusal(self, ids: list[int], request: GenerateRequest) -> str:
        if not ids:
            return "The prompt is empty."
        new = request.sampling.max_new_tokens
        if len(ids) + new <= self._max_length:
            return ""
        return f"The prompt is too long: {len(ids)} tokens and {new} to write; the model takes {self._max_length}."

    def _write(self, items: list[tuple[int, list[int], GenerateRequest, int]]) -> list[Completion]:
        from apps.llm.backends.encoding import cut_at_stop
        from apps.llm.backends.sampling import Row

        started = monotonic()
        rows = [Row(ids, seed, request.sampling, request.stop) for _, ids, request, seed in items]
        self._decoder.run(rows)
        tokens = sum(len(row.tokens) for row in rows)
        self.cost.update(rows=len(rows), tokens=tokens, seconds=monotonic() - started)
        texts = [cut_at_stop(self._encoder.decode(row.tokens), row.stop) for row in rows]
        return [
            Completion(text=text, tokens=len(row.tokens), finish_reason=row.finish_reason, seed=row.seed)
            for text, row in zip(texts, rows, strict=True)
        ]

    def _read(self, rows: list[list[int]], run) -> list[list[float]]:
        return run_in_batches(rows, [max(1, len(ids)) for ids in rows], self._read_budget, run, self._recover)

    def _recover(self, error: Exception) -> bool:
        """Whether memory ran out; frees what the failed batch held."""
        import torch

        is_out = isinstance(error, torch.OutOfMemoryError | MemoryError) or (
            isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
        )
        if is_out:
            # The traceback's frames still hold the batch's tensors.
            error.__traceback__ = None
            gc.collect()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
        return is_out


class _Text:
    """A bare text as a prompt."""

    messages: tuple = ()

    def __init__(self, text: str) -> None:
        self.text = text


def _max_length(loaded: "Loaded") -> int:
    """Tokens that the model takes in all."""
    config = loaded.model.config.get_text_config()
    limits = [getattr(config, "max_position_embeddings", None), loaded.card.get("max_length")]
    if loaded.kind != "causal":
        limits.append(loaded.tokenizer.model_max_length)
    return min((int(limit) for limit in limits if limit), default=UNKNOWN_LENGTH)


def _end_tokens(loaded: "Loaded") -> set[int]:
    ends = loaded.model.generation_config.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    return {int(end) for end in [*ends, loaded.tokenizer.eos_token_id] if end is not None}


def _budgets(loaded: "Loaded", batch_tokens: int) -> tuple[Budget, Budget]:
    """For writing and for reading: by the device, and on a GPU by the memory that is free after loading."""
    if loaded.device.type != "cuda":
        return Budget(batch_tokens or CPU_TOKENS, CPU_ROWS), Budget(CPU_READ_TOKENS, CPU_ROWS)
    import torch

    free, _total = torch.cuda.mem_get_info(loaded.device)
    config = loaded.model.config.get_text_config()
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    per_token = 2 * config.num_hidden_layers * heads * size * loaded.dtype.itemsize
    # Half: attention, logits and the allocator's gaps want room beside the cache.
    tokens = batch_tokens or max(1, int(0.5 * free / per_token))
    return Budget(tokens, CUDA_ROWS), Budget(CUDA_READ_TOKENS, 4 * CUDA_ROWS)
