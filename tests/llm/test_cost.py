import pytest

from apps.llm.cost import CostModel


def learned(*batches):
    cost = CostModel()
    for rows, seconds in batches:
        cost.update(rows=rows, tokens=rows * 100, seconds=seconds)
    return cost


def test_start_and_rate_are_told_apart():
    cost = learned(*[(rows, 1.0 + 0.05 * rows) for rows in (4, 16, 8, 32, 4)])
    assert cost.predict(tokens=2000) == pytest.approx(2.0, rel=0.01)
    assert cost.predict_rows(3.01) == 40
    assert cost.predict_rows(0.1) == 1


def test_batches_of_one_size_give_a_plain_rate():
    cost = learned((8, 2.0), (8, 2.0))
    assert cost.predict(tokens=400) == pytest.approx(1.0)
    assert cost.predict_rows(4.0) == 16
    assert cost.predict_rows(4.0, tokens_per_row=200) == 8


def test_what_is_newer_counts_more():
    cost = learned(*[(8, 2.0)] * 5, *[(8, 4.0)] * 20)
    assert cost.predict(tokens=800) == pytest.approx(4.0, rel=0.1)


def test_nothing_known_gives_the_default():
    assert CostModel(default_rows=5).predict_rows(10) == 5
    assert CostModel().predict(tokens=100) == 0.0
