"""Which rows run together: batches sorted by length under a budget of padded tokens."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from apps.llm.backends.base import TransientLLMError

logger = logging.getLogger(__name__)
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class Budget:
    """How much fits in one batch. Halved when memory ran out, and it stays so."""

    tokens: int
    rows: int

    def halve(self, *, used_rows: int, used_tokens: int) -> None:
        """Half of what just failed, which may be less than what was allowed."""
        self.tokens = max(1, min(self.tokens, used_tokens) // 2)
        self.rows = max(1, min(self.rows, used_rows) // 2)

    def fits(self, *, rows: int, length: int) -> bool:
        """Whether so many rows of this padded length may share a batch; one row always may."""
        return rows <= 1 or (rows <= self.rows and rows * length <= self.tokens)


def next_batch(lengths: Sequence[int], budget: Budget) -> int:
    """How many leading rows of a list sorted by falling length (padded tokens of each) make the next batch."""
    count = 1
    while count < len(lengths) and budget.fits(rows=count + 1, length=lengths[0]):
        count += 1
    # The rest is shared out evenly over the batches it needs, so that the last is no straggler of a few rows.
    batches = -(-len(lengths) // count)
    return -(-len(lengths) // batches)


def run_in_batches(
    items: Sequence[Item],
    lengths: Sequence[int],
    budget: Budget,
    run: Callable[[list[Item]], list[Result]],
    recover: Callable[[Exception], bool],
) -> list[Result]:
    """run() over all items, the longest first; the results come in the items' order.

    recover(error) says whether memory ran out (and frees what it can); then the budget is halved and the batch tried
    again in parts. Raises TransientLLMError where a single item is too much.
    """
    order = sorted(range(len(items)), key=lambda place: -lengths[place])
    results: dict[int, Result] = {}
    while order:
        count = next_batch([lengths[place] for place in order], budget)
        batch = order[:count]
        try:
            found = run([items[place] for place in batch])
        except Exception as error:
            if not recover(error):
                raise
            if count == 1:
                raise TransientLLMError(f"Out of memory with a single text of {lengths[batch[0]]} tokens.") from None
            budget.halve(used_rows=count, used_tokens=count * lengths[batch[0]])
            logger.warning("Out of memory: batches hold %d tokens and %d rows now", budget.tokens, budget.rows)
            continue
        results.update(zip(batch, found, strict=True))
        order = order[count:]
    return [results[place] for place in range(len(items))]
