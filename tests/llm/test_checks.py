import subprocess
import sys

import pytest

from apps.llm import services
from apps.llm.backends.transformers import TransformersBackend
from apps.llm.checks import check_backend

IMPORT_ALL = """
import sys
import shopai.wsgi
from django.core.management import call_command
from django.urls import get_resolver
get_resolver().url_patterns
call_command("check")
from apps.llm.services import get_backend, model_card
get_backend(), model_card()
found = sorted(name for name in ("torch", "transformers", "peft", "tokenizers") if name in sys.modules)
print("loaded:", found)
"""


def test_web_process_never_imports_torch(settings):
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[-1:] == ["loaded: []"], done.stderr[-2000:]


@pytest.fixture
def no_backend():
    former = services.set_backend(None)
    yield
    services.set_backend(former)


def test_unknown_backend_is_one_error(settings, no_backend):
    settings.SHOPAI_LLM_BACKEND = "apps.llm.backends.nothing.Backend"
    assert [message.id for message in check_backend(None)] == ["llm.E003"]


def test_sound_folder_passes_and_a_missing_one_warns(settings, no_backend, tiny_folder):
    settings.SHOPAI_MODEL = str(tiny_folder("gpt2"))
    assert check_backend(None) == []
    services.set_backend(None)
    settings.SHOPAI_MODEL = "/nowhere/at/all"
    (message,) = check_backend(None)
    assert (message.id, "no model folder /nowhere/at/all" in message.msg) == ("llm.W001", True)


def test_wrong_device_and_dtype_are_errors(tiny_folder):
    backend = TransformersBackend(model=str(tiny_folder("gpt2")), device="gpu", dtype="int3")
    assert [message.id for message in backend.check()] == ["llm.E001", "llm.E002"]


def test_half_a_folder_is_named(tmp_path, tiny_folder):
    (tmp_path / "config.json").write_text("{not json")
    assert "config.json" in TransformersBackend(model=str(tmp_path)).check()[0].msg
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    assert "safetensors" in TransformersBackend(model=str(tmp_path)).check()[0].msg
    backend = TransformersBackend(model=str(tiny_folder("gpt2")), adapter=str(tmp_path))
    assert "adapter_config.json" in backend.check()[0].msg
