import time

import pytest

from apps.drafts.evidence.check import evidence_of
from tests.drafts.rule_cases import context


@pytest.fixture(scope="session")
def patience():
    """Seconds for 100,000 characters: two, more where a loop of plain Python takes longer than usual.

    What is read once, the dictionary, is read before.
    """
    evidence_of("One word.", context())
    spent = []
    for _round in range(3):
        started = time.thread_time()
        counts = {}
        for number in range(1_000_000):
            counts[number & 1023] = number
        spent.append(time.thread_time() - started)
    return max(2.0, 20 * min(spent))
