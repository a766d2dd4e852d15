from dataclasses import dataclass

import pytest

from apps.llm.backends.base import GenerateRequest, GenerateResult, PermanentLLMError, TransientLLMError
from apps.llm.backends.recording import RecordingBackend


@dataclass(frozen=True)
class FakePrompt:
    text: str
    messages: tuple = ()


def request(text="a red cotton shirt", n=2, seeds=(1, 2)):
    return GenerateRequest(FakePrompt(text), n=n, seeds=seeds)


def test_script_is_answered_in_order_then_text_is_made_from_prompt_and_seed():
    backend = RecordingBackend(script=["first", GenerateResult(error="too long")])
    first, second, third = backend.generate([request(), request(), request()])
    assert [completion.text for completion in first.completions] == ["first", "first"]
    assert second.error == "too long"
    assert third == RecordingBackend().generate([request()])[0]
    assert third.completions[0].seed == 1
    assert backend.batches == [3]


def test_scripted_error_fails_the_batch_once():
    backend = RecordingBackend(script=[TransientLLMError("out of memory")])
    with pytest.raises(TransientLLMError):
        backend.generate([request()])
    assert backend.generate([request()])[0].completions


def test_scores_sum_to_one_and_vectors_have_unit_length():
    backend = RecordingBackend()
    (row,) = backend.score(["fine"], ["good", "bad"])
    (vector,) = backend.embed(["fine"])
    assert sum(row) == pytest.approx(1)
    assert sum(value * value for value in vector) == pytest.approx(1)


def test_request_refuses_a_wrong_number_of_seeds():
    with pytest.raises(ValueError, match="seeds"):
        request(n=3)


def test_backend_without_a_capability_says_so():
    from apps.llm.backends.base import Backend

    with pytest.raises(PermanentLLMError, match="does not score"):
        Backend().score(["a"], ["b"])
