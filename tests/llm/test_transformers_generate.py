import pytest
import torch

from apps.llm.backends.base import PermanentLLMError, Sampling, TransientLLMError
from apps.llm.backends.sampling import Row
from apps.llm.backends.transformers import TransformersBackend
from tests.llm.tiny import Prompt, request

PROMPTS = [
    "Oak chair.",
    "Write a short text about this product. Title: Oak chair. Material: oak.",
    "The red cotton shirt with long sleeves is soft",
]


def fresh(tiny_folder, name="gpt2", **options):
    """A backend of its own, for tests that change it."""
    return TransformersBackend(model=str(tiny_folder(name)), device="cpu", dtype="float32", threads=1, **options)


def texts(results):
    return [[completion.text for completion in result.completions] for result in results]


@pytest.mark.parametrize("name", ["gpt2", "qwen3"])
def test_candidate_does_not_depend_on_its_batch_and_comes_out_again_alone(tiny_backend, name):
    backend = tiny_backend(name)
    requests = [request(text, seeds=(11, 12, 13)) for text in PROMPTS]
    together = backend.generate(requests)
    for one, found in zip(requests, together, strict=True):
        for seed, completion in zip(one.seeds, found.completions, strict=True):
            (again,) = backend.generate([request(one.prompt.text, seeds=(seed,))])
            assert again.completions == (completion,)
    assert len(set(texts(together)[1])) == 3


@pytest.mark.parametrize("name", ["gpt2", "qwen3"])
def test_own_loop_writes_what_transformers_generate_writes(tiny_folder, name):
    backend = fresh(tiny_folder, name)
    requests = [
        request(PROMPTS[0], seeds=(1, 2, 3), max_new_tokens=70),
        request(PROMPTS[1], seeds=(4, 5), temperature=0.0),
        request(PROMPTS[2], seeds=(6,), top_k=0, top_p=0.8, repetition_penalty=1.3, no_repeat_ngram_size=2),
    ]
    backend.info()
    assert backend._decoder.is_own_loop
    own = backend.generate(requests)
    backend._decoder.is_own_loop = False
    assert backend.generate(requests) == own


def test_greedy_equals_plain_generate_of_the_model(tiny_backend, tiny_folder):
    import transformers

    folder = tiny_folder("gpt2")
    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    inputs = tokenizer(PROMPTS[1], return_tensors="pt")
    expected = model.generate(**inputs, do_sample=False, max_new_tokens=12, pad_token_id=0)
    expected = tokenizer.decode(expected[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True).strip()
    found = tiny_backend("gpt2").generate([request(text, temperature=0.0) for text in PROMPTS])
    assert found[1].completions[0].text == expected


def test_results_come_in_order_whatever_the_batches(tiny_folder):
    small, large = fresh(tiny_folder, batch_tokens=60), fresh(tiny_folder)
    requests = [request(text, seeds=(place, place + 9)) for place, text in enumerate(PROMPTS * 2)]
    assert small.generate(requests) == large.generate(requests)


def test_length_and_end_give_their_finish_reason(tiny_backend, monkeypatch):
    backend = tiny_backend("gpt2")
    (cut,) = backend.generate([request(PROMPTS[0], max_new_tokens=5)])
    assert (cut.completions[0].finish_reason, cut.completions[0].tokens) == ("length", 5)
    monkeypatch.setattr(backend._decoder, "end_tokens", set(range(0, 400, 2)))
    (ended,) = backend.generate([request(PROMPTS[0], seeds=tuple(range(8)), max_new_tokens=40)])
    assert {completion.finish_reason for completion in ended.completions} == {"stop"}
    assert len({completion.tokens for completion in ended.completions}) > 1


def test_rows_that_end_early_leave_the_batch_and_the_others_go_on_unchanged(tiny_backend, monkeypatch):
    backend = tiny_backend("qwen3")
    backend.info()
    monkeypatch.setattr(backend._decoder, "end_tokens", set())
    lengths = (2, 30, 3, 25, 4)
    requests = [request(PROMPTS[1], seeds=(place,), max_new_tokens=new) for place, new in enumerate(lengths)]
    together = backend.generate(requests)
    assert [result.completions[0].tokens for result in together] == list(lengths)
    assert together == [backend.generate([one])[0] for one in requests]


def test_stop_string_ends_the_text_before_it(tiny_backend):
    backend = tiny_backend("gpt2")
    (free,) = backend.generate([request(PROMPTS[0], seeds=(5,), max_new_tokens=30)])
    whole = free.completions[0]
    stop = whole.text[len(whole.text) // 2 :][:3]
    (stopped,) = backend.generate([request(PROMPTS[0], seeds=(5,), max_new_tokens=30, stop=(stop, "never"))])
    assert stopped.completions[0].finish_reason == "stop"
    assert stopped.completions[0].text == whole.text[: whole.text.find(stop)].strip()
    assert stopped.completions[0].tokens < whole.tokens


def test_ngrams_are_banned_in_what_is_written(tiny_backend):
    backend = tiny_backend("gpt2")
    rows = [
        Row(
            backend._encoder.encode([Prompt(PROMPTS[0])])[0],
            1,
            Sampling(0.0, max_new_tokens=60, no_repeat_ngram_size=size),
        )
        for size in (0, 2, 3)
    ]
    backend._decoder.run(rows)
    assert [repeated(rows[0].tokens, 2) > 0, repeated(rows[1].tokens, 2), repeated(rows[2].tokens, 3)] == [True, 0, 0]


def repeated(tokens, size):
    parts = list(zip(*(tokens[start:] for start in range(size)), strict=False))
    return len(parts) - len(set(parts))


def test_prompt_too_long_is_the_error_of_its_request_alone(tiny_backend):
    long, short = tiny_backend("gpt2").generate([request("oak chair " * 90), request(PROMPTS[0])])
    assert "too long" in long.error
    assert "128" in long.error
    assert not long.completions
    assert short.completions
    assert not short.error


def test_chat_messages_go_through_the_template_without_thinking(tiny_backend):
    backend = tiny_backend("qwen3")
    assert backend.info().style == "chat"
    messages = ({"role": "system", "content": "Be brief."}, {"role": "user", "content": "Oak chair."})
    text = backend._encoder.as_text(Prompt(messages=messages))
    assert text.startswith("<|im_start|>system\nBe brief.<|im_end|>")
    assert text.endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")
    assert backend.generate([request("", messages=messages)])[0].completions


def test_plain_model_gets_the_text_as_it_is(tiny_backend):
    backend = tiny_backend("gpt2")
    assert backend.info().style == "plain"
    assert backend._encoder.as_text(Prompt("Oak chair.")) == "Oak chair."


def test_out_of_memory_halves_the_batch_goes_on_and_is_remembered(tiny_folder, monkeypatch):
    backend = fresh(tiny_folder)
    requests = [request(text, seeds=(1, 2, 3, 4)) for text in PROMPTS]
    expected = backend.generate(requests)
    sizes, run = [], backend._decoder.run

    def scarce(rows):
        sizes.append(len(rows))
        if len(rows) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        run(rows)

    monkeypatch.setattr(backend._decoder, "run", scarce)
    assert backend.generate(requests) == expected
    assert sizes[:3] == [12, 6, 3]
    sizes.clear()
    backend.generate(requests)
    assert max(sizes) <= 3


def test_out_of_memory_with_one_row_is_transient(tiny_folder, monkeypatch):
    backend = fresh(tiny_folder)
    backend.info()

    def never(rows):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(backend._decoder, "run", never)
    with pytest.raises(TransientLLMError, match="Out of memory"):
        backend.generate([request(PROMPTS[0])])


@pytest.mark.parametrize("base", ["gpt2", "qwen3"])
def test_adapter_changes_what_the_model_writes_and_is_named(tiny_backend, tiny_folder, base):
    adapter = str(tiny_folder(f"{base}-adapter"))
    adapted = tiny_backend(base, adapter=adapter)
    requests = [request(text, temperature=0.0) for text in PROMPTS]
    assert texts(adapted.generate(requests)) != texts(tiny_backend(base).generate(requests))
    assert adapted.info().adapter == adapter
    assert adapted.info().fingerprint != tiny_backend(base).info().fingerprint


def test_adapter_of_another_model_is_refused_in_one_line(tiny_backend, tiny_folder):
    backend = tiny_backend("qwen3", adapter=str(tiny_folder("gpt2-adapter")))
    with pytest.raises(PermanentLLMError, match="does not fit") as caught:
        backend.info()
    assert "\n" not in str(caught.value)


def test_prediction_follows_what_was_measured(tiny_folder):
    backend = fresh(tiny_folder)
    requests = [request(text, seeds=(1, 2)) for text in PROMPTS]
    assert backend.estimate(requests) == 0.0
    backend.generate(requests)
    assert 0 < backend.estimate(requests[:1]) < backend.estimate(requests)


def test_closed_backend_loads_again(tiny_folder):
    backend = fresh(tiny_folder)
    before = backend.generate([request(PROMPTS[0])])
    backend.close()
    assert backend._loaded is None
    assert backend.generate([request(PROMPTS[0])]) == before
