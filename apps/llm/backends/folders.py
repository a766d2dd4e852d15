"""What a model's folder says without loading it: its kind, its card, its fingerprint. Imports no torch."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.llm.backends.base import PermanentLLMError

SAMPLE_BYTES = 1 << 20


def is_folder_name(source: str) -> bool:
    """Whether the setting means a folder (there or not) rather than a model's id on a hub: at most `owner/name`."""
    return source.startswith(("/", ".", "~")) or source.count("/") > 1 or "\\" in source or Path(source).is_dir()


def is_bundled(source: str) -> bool:
    """Whether it is the small model that comes with ShopAI."""
    return is_folder_name(source) and Path(source).resolve().parent == settings.BASE_DIR.resolve() / "weights"


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """The object in a JSON file of the folder; empty where there is none or it can't be read."""
    with suppress(OSError, ValueError):
        found = json.loads((folder / name).read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def kind_of(config: dict[str, Any]) -> str:
    """ "causal", "classifier" or "encoder", by the architecture that config.json names."""
    architectures = " ".join(config.get("architectures") or [])
    if "ForSequenceClassification" in architectures:
        return "classifier"
    if "CausalLM" in architectures or "LMHead" in architectures or "ConditionalGeneration" in architectures:
        return "causal"
    return "encoder" if architectures else "causal"


def problem_of(source: str, *, adapter: str = "") -> str:
    """One line on what is missing in the configured folders, or an empty string; a hub is not asked."""
    if is_folder_name(source):
        folder = Path(source).expanduser()
        if not folder.is_dir():
            return f"There is no model folder {folder}."
        if not read_json(folder, "config.json").get("model_type"):
            return f"{folder} holds no model: config.json is missing, damaged or names no model type."
        if not list(folder.glob("*.safetensors")):
            return f"{folder} holds no weights in the safetensors format."
    if adapter and is_folder_name(adapter):
        folder = Path(adapter).expanduser()
        if not read_json(folder, "adapter_config.json"):
            return f"{folder} holds no adapter: adapter_config.json is missing or damaged."
        if not (folder / "adapter_model.safetensors").is_file():
            return f"{folder} holds no adapter weights in the safetensors format."
    return ""


def fingerprint(source: str, *, revision: str, adapter: str) -> str:
    """Hex SHA-256 that changes with the weights: of a folder's files, or of a hub id and its commit."""
    digest = hashlib.sha256()
    for part, commit in ((source, revision), (adapter, "")):
        if part and is_folder_name(part):
            _add_folder(digest, Path(part).expanduser())
        else:
            digest.update(f"{part}@{commit}\0".encode())
    return digest.hexdigest()


def _add_folder(digest, folder: Path) -> None:
    """Configuration whole; of weights the size and three samples, since training changes all of them everywhere."""
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".json", ".safetensors", ".txt", ".jinja", ".model") or not path.is_file():
            continue
        size = path.stat().st_size
        digest.update(f"{path.name}:{size}\0".encode())
        with path.open("rb") as file:
            places = {0} if size <= 3 * SAMPLE_BYTES else {0, size // 2, size - SAMPLE_BYTES}
            for place in sorted(places):
                file.seek(place)
                digest.update(file.read(3 * SAMPLE_BYTES if len(places) == 1 else SAMPLE_BYTES))


def require(source: str, *, adapter: str = "") -> None:
    """Raises PermanentLLMError where problem_of() finds something."""
    if problem := problem_of(source, adapter=adapter):
        raise PermanentLLMError(problem)
