"""The engine as the rest of ShopAI sees it: which backend, which model, which prompts. Imports no torch."""

import hashlib
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from apps.llm.backends import folders
from apps.llm.backends.base import Backend, ModelInfo
from apps.llm.models import ModelVersion, Prompt

_lock = Lock()
_backend: Backend | None = None


def get_backend() -> Backend:
    """The backend that SHOPAI_LLM_BACKEND names, one per process. Its model loads on first use."""
    global _backend
    with _lock:
        if _backend is None:
            _backend = import_string(settings.SHOPAI_LLM_BACKEND)()
        return _backend


def set_backend(backend: Backend | None) -> Backend | None:
    """Puts another backend in place for this process (tests, benchmarks, a promoted model); returns the former."""
    global _backend
    with _lock:
        former, _backend = _backend, backend
        return former


def current_model_version() -> ModelVersion:
    """The row of the model that this process runs, made on its first use. Loads the model: for workers only."""
    info = get_backend().info()
    fingerprint = info.fingerprint or _fingerprint(info)
    version, _created = ModelVersion.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={
            "name": info.name[:200],
            "source": settings.SHOPAI_MODEL[:500],
            "revision": info.revision,
            "task": info.task,
            "style": info.style,
            "dtype": info.dtype,
            "adapter": info.adapter,
            "languages": list(info.languages),
            "is_bundled": info.is_bundled,
            "card": model_card(),
        },
    )
    if not version.is_active:
        ModelVersion.objects.filter(task=version.task, is_active=True).exclude(pk=version.pk).update(is_active=False)
        ModelVersion.objects.filter(pk=version.pk).update(is_active=True)
        version.is_active = True
    return version


def store_prompt(rendered: Any, *, task: str = "", language: str = "") -> str:
    """Keeps a rendered prompt (text, hash) under its content hash, once; returns the hash."""
    store_prompts([Prompt(hash=rendered.hash, task=task, language=language, text=prompt_text(rendered))])
    return rendered.hash


def store_prompts(prompts: list[Prompt]) -> None:
    """Keeps many prompts in one statement; those already there stay as they are."""
    unique = {prompt.hash: prompt for prompt in prompts}
    # A fixed order, so that two workers that store the same prompts can't lock each other out.
    Prompt.objects.bulk_create([unique[key] for key in sorted(unique)], ignore_conflicts=True)


def prompt_text(rendered: Any) -> str:
    """A rendered prompt as one text that a person can read: the text, or the messages under their roles."""
    if rendered.text:
        return rendered.text
    return "\n\n".join(f"[{message['role']}]\n{message['content']}" for message in rendered.messages)


def model_card() -> dict[str, Any]:
    """card.json of the configured model (name, version, languages, fields and more, as far as it says) with
    `is_bundled`. Never loads the model, so the web process may call it."""
    source = settings.SHOPAI_MODEL
    folder = Path(source)
    return {
        "name": folder.name if folders.is_folder_name(source) else source,
        **folders.read_json(folder, "card.json"),
        "is_bundled": folders.is_bundled(source),
    }


def _fingerprint(info: ModelInfo) -> str:
    return hashlib.sha256("\0".join([info.name, info.revision, info.adapter]).encode()).hexdigest()
