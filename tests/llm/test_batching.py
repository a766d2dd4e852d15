import pytest

from apps.llm.backends.base import TransientLLMError
from apps.llm.backends.batching import Budget, next_batch, run_in_batches


def test_batches_hold_the_budget_and_share_the_rest_evenly():
    assert next_batch([10] * 10, Budget(tokens=80, rows=64)) == 5
    assert next_batch([10] * 10, Budget(tokens=1000, rows=4)) == 4
    assert next_batch([500], Budget(tokens=80, rows=64)) == 1
    assert next_batch([50, 1, 1, 1], Budget(tokens=100, rows=64)) == 2


def test_long_items_run_first_and_results_keep_their_order():
    seen = []

    def run(batch):
        seen.append(batch)
        return [item * 2 for item in batch]

    items = [3, 9, 1, 7]
    assert run_in_batches(items, items, Budget(18, 2), run, lambda error: False) == [6, 18, 2, 14]
    assert seen == [[9, 7], [3, 1]]


def test_shortage_halves_what_failed_and_one_item_too_large_is_transient():
    budget = Budget(tokens=1000, rows=100)

    def run(batch):
        if len(batch) > 2:
            raise MemoryError
        return batch

    items = list(range(10))
    assert run_in_batches(items, [5] * 10, budget, run, lambda error: True) == items
    assert (budget.rows, budget.tokens) == (2, 12)
    with pytest.raises(TransientLLMError):
        run_in_batches([1], [5], budget, lambda batch: run([0] * 3), lambda error: True)


def test_other_errors_pass_through():
    def run(batch):
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        run_in_batches([1, 2], [1, 1], Budget(10, 10), run, lambda error: False)
