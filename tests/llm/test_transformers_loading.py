import shutil

import pytest

from apps.llm import services
from apps.llm.backends import folders
from apps.llm.backends.base import PermanentLLMError
from apps.llm.backends.transformers import TransformersBackend
from apps.llm.models import ModelVersion
from tests.llm import tiny


def backend_of(folder, **options):
    return TransformersBackend(model=str(folder), device="cpu", dtype="float32", threads=1, **options)


def refusal(backend):
    with pytest.raises(PermanentLLMError) as caught:
        backend.generate([tiny.request("Oak chair.")])
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_folder_loads_offline_and_its_card_is_told(tiny_backend):
    info = tiny_backend("qwen3").info()
    assert (info.name, info.revision, info.style, info.languages) == ("Tiny", "7", "chat", ("en", "zh-Hans"))
    assert (info.device, info.dtype, info.max_length, info.is_bundled) == ("cpu", "float32", 256, False)
    assert info.parameters > 1000


def test_missing_folder_broken_weights_and_a_folder_that_is_no_model(tmp_path, tiny_folder):
    assert "no model folder" in refusal(backend_of(tmp_path / "none"))
    assert "holds no model" in refusal(backend_of(tmp_path))
    broken = tmp_path / "broken"
    shutil.copytree(tiny_folder("gpt2"), broken)
    (broken / "model.safetensors").write_bytes(b"not weights")
    assert "can't be loaded" in refusal(backend_of(broken))


def test_model_that_is_not_here_with_no_hub(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert "hub can't be reached" in refusal(backend_of("nobody/nothing-here", revision="abc"))


def test_unknown_device_or_dtype_is_refused(tiny_folder):
    folder = str(tiny_folder("gpt2"))
    assert "SHOPAI_LLM_DEVICE=gpu" in refusal(TransformersBackend(model=folder, device="gpu", dtype="auto"))
    assert "SHOPAI_LLM_DTYPE=int3" in refusal(TransformersBackend(model=folder, device="cpu", dtype="int3"))


def test_fingerprint_follows_the_weights_not_the_place(tmp_path, tiny_folder):
    first, second = tiny_folder("gpt2"), tmp_path / "copy"
    shutil.copytree(first, second)
    before = folders.fingerprint(str(first), revision="", adapter="")
    assert folders.fingerprint(str(second), revision="", adapter="") == before
    weights = bytearray((second / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (second / "model.safetensors").write_bytes(weights)
    assert folders.fingerprint(str(second), revision="", adapter="") != before


def test_pinned_revision_of_a_hub_model_is_loaded_and_recorded(monkeypatch, tiny_folder, tmp_path):
    """A hub cache as a download leaves it: two commits of one model, of which the setting names the older."""
    from huggingface_hub import constants

    cache = tmp_path / "models--shop--writer"
    commits = {"a" * 40: tiny_folder("gpt2"), "b" * 40: tiny_folder("qwen3")}
    for commit, folder in commits.items():
        shutil.copytree(folder, cache / "snapshots" / commit)
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text("b" * 40)
    (cache / "blobs").mkdir()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    info = backend_of("shop/writer", revision="a" * 40).info()
    assert (info.name, info.revision, info.style) == ("shop/writer", "a" * 40, "plain")


@pytest.mark.django_db
def test_model_version_is_recorded_from_a_real_model(settings, tiny_folder):
    settings.SHOPAI_MODEL = str(tiny_folder("qwen3"))
    former = services.set_backend(backend_of(tiny_folder("qwen3")))
    try:
        version = services.current_model_version()
        assert services.current_model_version() == version
    finally:
        services.set_backend(former)
    assert (version.name, version.style, version.languages) == ("Tiny", "chat", ["en", "zh-Hans"])
    assert (version.card["version"], version.is_active, len(version.fingerprint)) == ("7", True, 64)
    assert ModelVersion.objects.count() == 1


def test_model_of_another_kind_is_refused(tiny_backend):
    assert tiny_backend("classifier").can_generate is False
    assert "another kind" in refusal(tiny_backend("classifier"))
