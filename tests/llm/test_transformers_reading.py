import pytest
import torch
import transformers

from apps.llm.backends.base import PermanentLLMError
from apps.llm.backends.transformers import TransformersBackend

TEXTS = ["great value", "poor fit", "the red cotton shirt with long sleeves is soft , warm and easy to wash", "oak"]


def test_classifier_gives_each_label_its_probability_in_order(tiny_backend, tiny_folder):
    scores = tiny_backend("classifier").score(TEXTS, ["positive", "negative", "neutral"])
    folder = tiny_folder("classifier")
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    for text, found in zip(TEXTS, scores, strict=True):
        with torch.inference_mode():
            logits = model(**tokenizer(text, return_tensors="pt")).logits[0]
        assert found == pytest.approx(logits.softmax(-1)[[2, 0, 1]].tolist(), abs=1e-4)


def test_scores_of_some_labels_sum_to_one(tiny_backend):
    for row in tiny_backend("classifier").score(TEXTS, ["Positive", "Negative"]):
        assert sum(row) == pytest.approx(1)


def test_unknown_label_is_refused_with_those_that_exist(tiny_backend):
    with pytest.raises(PermanentLLMError, match="Negative, Neutral, Positive"):
        tiny_backend("classifier").score(TEXTS, ["angry"])


@pytest.mark.parametrize("name", ["gpt2", "qwen3"])
def test_causal_model_scores_label_words_without_writing(tiny_backend, name):
    backend = tiny_backend(name)
    together = backend.score(TEXTS, ["positive", "negative", "0"])
    for text, found in zip(TEXTS, together, strict=True):
        assert sum(found) == pytest.approx(1)
        assert backend.score([text], ["positive", "negative", "0"])[0] == pytest.approx(found, abs=1e-4)
    assert together[0] != together[1]


def test_label_words_that_begin_alike_are_refused(tiny_backend):
    with pytest.raises(PermanentLLMError, match="same token"):
        tiny_backend("gpt2").score(TEXTS, ["0", "0 "])


def test_vectors_have_unit_length_and_do_not_depend_on_the_batch(tiny_backend):
    backend = tiny_backend("encoder")
    vectors = backend.embed(TEXTS)
    assert {len(vector) for vector in vectors} == {32}
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert sum(value * value for value in vector) == pytest.approx(1, abs=1e-4)
        assert backend.embed([text])[0] == pytest.approx(vector, abs=1e-4)


def test_long_text_is_cut_at_what_the_encoder_takes(tiny_backend):
    assert len(tiny_backend("encoder").embed(["red cotton " * 500])[0]) == 32
    assert len(tiny_backend("classifier").score(["red cotton " * 500], ["Positive", "Negative"])[0]) == 2


def test_nothing_in_is_nothing_out(tiny_backend):
    assert tiny_backend("encoder").embed([]) == []
    assert tiny_backend("classifier").score([], ["Positive"]) == []
    assert tiny_backend("gpt2").generate([]) == []


def test_reading_survives_a_shortage_of_memory(tiny_folder, monkeypatch):
    from apps.llm.backends import reading

    backend = TransformersBackend(model=str(tiny_folder("encoder")), device="cpu", dtype="float32", threads=1)
    expected = backend.embed(TEXTS)
    read = reading.mean_vectors

    def scarce(loaded, batch):
        if len(batch) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return read(loaded, batch)

    monkeypatch.setattr(reading, "mean_vectors", scarce)
    for found, vector in zip(backend.embed(TEXTS), expected, strict=True):
        assert found == pytest.approx(vector, abs=1e-4)
