from dataclasses import dataclass

import pytest

from apps.llm import services
from apps.llm.backends.base import ModelInfo
from apps.llm.backends.recording import RecordingBackend
from apps.llm.models import ModelVersion, Prompt

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Rendered:
    text: str
    hash: str


@pytest.fixture
def backend(settings):
    settings.SHOPAI_LLM_BACKEND = "apps.llm.backends.recording.RecordingBackend"
    former = services.set_backend(None)
    yield services.get_backend()
    services.set_backend(former)


def test_backend_named_by_the_setting_is_built_once(backend):
    assert isinstance(backend, RecordingBackend)
    assert services.get_backend() is backend


def test_model_version_is_made_once_and_a_newer_one_takes_over(backend):
    first = services.current_model_version()
    assert services.current_model_version() == first
    services.set_backend(RecordingBackend(info=ModelInfo(name="recording", revision="2")))
    second = services.current_model_version()
    assert second != first
    assert list(ModelVersion.objects.filter(is_active=True)) == [second]


def test_prompt_is_kept_once_under_its_hash():
    assert services.store_prompt(Rendered("Write.", "ab"), task="describe", language="en") == "ab"
    services.store_prompt(Rendered("Write.", "ab"), task="describe", language="en")
    assert Prompt.objects.get().text == "Write."


def test_model_card_is_read_from_the_folder_without_loading_it(settings, tmp_path):
    (tmp_path / "card.json").write_text('{"name": "Mini", "languages": ["en"], "is_bundled": true}')
    settings.SHOPAI_MODEL = str(tmp_path)
    assert services.model_card() == {"name": "Mini", "languages": ["en"], "is_bundled": False}
    settings.SHOPAI_MODEL = "Qwen/Qwen3-0.6B"
    assert services.model_card() == {"name": "Qwen/Qwen3-0.6B", "is_bundled": False}
    settings.SHOPAI_MODEL = str(settings.BASE_DIR / "weights" / "shopai-mini")
    assert services.model_card()["is_bundled"] is True
