"""The model that comes with ShopAI, through the same backend as any other."""

import json
import re

import pytest
from django.conf import settings

from apps.drafts.services.sampling import sampling_for
from apps.llm import prompts
from apps.llm.backends.base import GenerateRequest
from apps.llm.backends.transformers import TransformersBackend

pytestmark = pytest.mark.model
FOLDER = settings.BASE_DIR / "weights" / "shopai-mini"
FACTS = [("Battery life", "37 h"), ("Material", "oiled larch"), ("Zorbing grade", "K-58")]


@pytest.fixture(scope="module")
def backend():
    made = TransformersBackend(model=str(FOLDER), threads=1)
    yield made
    made.close()


def write(backend, field: str, n: int = 4) -> list:
    context = {
        "field": field,
        "title": "Varro 61 hearth lantern",
        "brand": "Quillon",
        "category": "Lanterns",
        "facts": FACTS,
    }
    prompt = prompts.render(task="description", language="en", style="plain", context=context)
    request = GenerateRequest(prompt, n, tuple(range(n)), sampling_for(field=field, style="plain"))
    return backend.generate([request])[0].completions


def test_it_carries_facts_that_it_never_saw_and_ends_by_itself(backend):
    written = write(backend, "long_description")
    assert all(each.finish_reason == "stop" for each in written)
    carried = max(sum(value in each.text for _, value in FACTS) for each in written)
    assert carried >= 2
    assert any("Varro 61" in each.text for each in written)


def test_most_of_what_it_writes_has_no_number_of_its_own(backend):
    written = [each.text for field in ("long_description", "bullets", "seo_meta") for each in write(backend, field)]
    known = {"61", "37", "58"}
    honest = [text for text in written if set(re.findall(r"\d+", text)) <= known]
    assert len(honest) >= 0.75 * len(written)


def test_its_card_says_what_it_is():
    card = json.loads((FOLDER / "card.json").read_text())
    assert card["languages"] == ["en"]
    assert "long_description" in card["fields"]
    assert (FOLDER / "README.md").is_file()
    assert backend_info().is_bundled


def backend_info():
    return TransformersBackend(model=str(FOLDER), threads=1).info()


def test_all_weights_in_the_tree_stay_small():
    total = sum(path.stat().st_size for path in (settings.BASE_DIR / "weights").rglob("*") if path.is_file())
    assert total <= 64 * 1024**2
