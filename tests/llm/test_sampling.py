import torch

from apps.llm.backends.base import Sampling
from apps.llm.backends.sampling import Row, Sampler

CPU = torch.device("cpu")


def row(seed=0, **sampling):
    return Row([1], seed, Sampling(**{"temperature": 1.0, "top_p": 1.0, "top_k": 0, **sampling}))


def draw(scores, count, **sampling):
    """How often each token is chosen over so many seeds, as shares."""
    rows = [row(seed, **sampling) for seed in range(count)]
    chosen = Sampler(rows, CPU).choose(torch.tensor(scores).repeat(count, 1))
    return torch.bincount(chosen, minlength=len(scores)) / count


def test_draws_follow_the_softmax():
    scores = [2.0, 1.0, 0.0, -1.0, 1.5]
    expected = torch.tensor(scores).softmax(-1)
    assert torch.allclose(draw(scores, 40_000), expected, atol=0.012)
    cooler = (torch.tensor(scores) / 0.5).softmax(-1)
    assert torch.allclose(draw(scores, 40_000, temperature=0.5), cooler, atol=0.012)


def test_top_k_and_top_p_keep_what_they_should():
    scores = torch.tensor([0.5, 0.3, 0.15, 0.05]).log().tolist()
    assert (draw(scores, 5_000, top_k=2) > 0).tolist() == [True, True, False, False]
    assert (draw(scores, 5_000, top_p=0.7) > 0).tolist() == [True, True, False, False]
    assert (draw(scores, 5_000, top_p=0.4) > 0).tolist() == [True, False, False, False]


def test_settings_are_those_of_the_row():
    scores = torch.tensor([[3.0, 2.9, 2.8, 2.7]]).repeat(300, 1)
    rows = [
        row(seed, temperature=0.0 if seed % 3 == 0 else 1.0, top_k=2 if seed % 3 == 1 else 0) for seed in range(300)
    ]
    chosen = Sampler(rows, CPU).choose(scores)
    assert set(chosen[0::3].tolist()) == {0}
    assert set(chosen[1::3].tolist()) == {0, 1}
    assert set(chosen[2::3].tolist()) == {0, 1, 2, 3}


def test_noise_depends_on_seed_and_step_only():
    scores = torch.zeros(2, 50)
    first, second = row(7), row(8)
    together = Sampler([first, second], CPU).choose(scores.clone())
    alone = Sampler([row(8)], CPU).choose(scores[:1].clone())
    assert together[1] == alone[0]
    first.append(3)
    later = Sampler([first], CPU).choose(scores[:1].clone())
    assert later[0] != together[0]
    huge = Sampler([row(2**63 + 5), row(-1)], CPU).choose(scores.clone())
    assert len(set(huge.tolist())) == 2


def test_ngram_ban_counts_generated_tokens_only():
    writer = Row([5, 6, 7, 5, 6], 0, Sampling(temperature=0.0, no_repeat_ngram_size=3))
    assert writer.banned() == set()
    for token in (5, 6, 7, 9, 5, 6):
        writer.append(token)
    assert writer.banned() == {7}
    scores = torch.zeros(1, 10)
    scores[0, 7], scores[0, 2] = 9.0, 1.0
    assert Sampler([writer], CPU).choose(scores).tolist() == [2]


def test_penalty_lowers_what_was_generated():
    writer = row(temperature=0.0, repetition_penalty=2.0)
    writer.append(1)
    assert Sampler([writer], CPU).choose(torch.tensor([[1.0, 1.5, -1.0]])).tolist() == [0]
    writer.append(0)
    assert Sampler([writer], CPU).choose(torch.tensor([[-1.0, -1.0, -1.5]])).tolist() == [2]
