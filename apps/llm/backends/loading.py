"""Loading a model, its tokenizer and its adapter; every failure becomes one line that names the setting to change."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from huggingface_hub import errors as hub

from apps.llm.backends import attention, folders
from apps.llm.backends.base import LLMError, PermanentLLMError

logger = logging.getLogger(__name__)
DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16, "float32": torch.float32}
CLASSES = {
    "causal": transformers.AutoModelForCausalLM,
    "classifier": transformers.AutoModelForSequenceClassification,
    "encoder": transformers.AutoModel,
}


@dataclass(frozen=True)
class Source:
    """Where a model comes from and how it is to run; the fields are the settings of the same name."""

    model: str
    revision: str = ""
    adapter: str = ""
    device: str = "auto"
    dtype: str = "auto"


@dataclass
class Loaded:
    """A model ready to run."""

    model: Any
    tokenizer: Any
    kind: str  # causal, classifier, encoder
    revision: str  # the commit on the hub; of a folder what its card says
    card: dict[str, Any]
    device: torch.device
    dtype: torch.dtype


def load(source: Source) -> Loaded:
    """Loads from a folder (never asking a hub) or from a hub. Raises PermanentLLMError."""
    folders.require(source.model, adapter=source.adapter)
    device = choose_device(source.device)
    dtype = choose_dtype(source.dtype, device)
    is_local = folders.is_folder_name(source.model)
    name = str(Path(source.model).expanduser()) if is_local else source.model
    where = {"local_files_only": True} if is_local else {"revision": source.revision or "main"}
    with _explained(source):
        config = transformers.AutoConfig.from_pretrained(name, trust_remote_code=False, **where)
        kind = folders.kind_of(config.to_dict())
        tokenizer = transformers.AutoTokenizer.from_pretrained(name, trust_remote_code=False, **where)
        model = CLASSES[kind].from_pretrained(
            name,
            config=config,
            dtype=dtype,
            use_safetensors=True,
            trust_remote_code=False,
            **({"device_map": {"": device}} if device.type != "cpu" else {}),
            **where,
        )
    if source.adapter:
        model = _with_adapter(model, source.adapter)
    model.eval()
    if device.type == "cpu":
        attention.install(model)
    card = folders.read_json(Path(name), "card.json") if is_local else {}
    commit = getattr(config, "_commit_hash", None) or source.revision
    revision = str(card.get("version", "")) if is_local else commit
    return Loaded(model, tokenizer, kind, revision, card, device, dtype)


def choose_device(name: str) -> torch.device:
    """The device of a setting: auto takes the first CUDA device where there is one."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError:
        raise PermanentLLMError(f"SHOPAI_LLM_DEVICE={name} is no device; use auto, cpu, cuda or cuda:N.") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise PermanentLLMError(f"SHOPAI_LLM_DEVICE={name}, but no CUDA device can be used here.")
    return device


def choose_dtype(name: str, device: torch.device) -> torch.dtype:
    """The number format of a setting: auto takes bfloat16 where the processor computes in it."""
    if name != "auto":
        if name not in DTYPES:
            raise PermanentLLMError(f"SHOPAI_LLM_DTYPE={name} is unknown; use auto, {', '.join(DTYPES)}.")
        return DTYPES[name]
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.bfloat16 if _cpu_has_bfloat16() else torch.float32


def _cpu_has_bfloat16() -> bool:
    # Without these instructions torch emulates bfloat16, many times slower than float32.
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _with_adapter(model: Any, adapter: str) -> Any:
    """The model with a LoRA adapter merged into its weights, so that it costs nothing at run time."""
    from peft import PeftModel

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=".*missing adapter keys.*")
            return PeftModel.from_pretrained(model, adapter, is_trainable=False).merge_and_unload(safe_merge=True)
    except Exception as error:
        raise PermanentLLMError(f"The adapter {adapter} does not fit this model: {_first_line(error)}") from error


@contextmanager
def _explained(source: Source) -> Iterator[None]:
    """Turns what the libraries raise into a PermanentLLMError of one line."""
    try:
        yield
    except LLMError:
        raise
    except Exception as error:
        raise PermanentLLMError(_explanation(source, error)) from error


def _explanation(source: Source, error: BaseException) -> str:
    chain = list(_chain(error))
    if folders.is_folder_name(source.model):
        return f"The model in {source.model} can't be loaded: {_first_line(error)}"
    if _has(chain, hub.RevisionNotFoundError) or "is not a valid git identifier" in str(error):
        return f"{source.model} has no revision {source.revision} (SHOPAI_MODEL_REVISION)."
    if _has(chain, hub.GatedRepoError):
        return f"{source.model} is gated: accept its terms on the hub and set HF_TOKEN."
    if _has(chain, hub.RepositoryNotFoundError) or _has(chain, hub.HFValidationError):
        return f"The hub has no model {source.model} (SHOPAI_MODEL), or it is private and HF_TOKEN is not set."
    unreachable = (hub.LocalEntryNotFoundError, hub.OfflineModeIsEnabled, ConnectionError, TimeoutError)
    if _has(chain, unreachable) or "couldn't connect" in str(error) or "connection error" in str(error):
        return f"{source.model} is not on this machine and the model hub can't be reached."
    return f"{source.model} can't be loaded: {_first_line(error)}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _has(chain: list[BaseException], kinds: type | tuple[type, ...]) -> bool:
    return any(isinstance(error, kinds) for error in chain)


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]
