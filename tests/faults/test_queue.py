"""Kills, a frozen worker and a lost Redis against running workers: the benchmark's scenario, small."""

import os
import subprocess
import sys

import pytest

from tests.processes import BASE_DIR

pytestmark = [pytest.mark.faults, pytest.mark.model]


def test_every_draft_reaches_review_exactly_once_whatever_dies():
    command = [sys.executable, "benchmarks/kill_workers.py", "--drafts", "48", "--kills", "2", "--lease", "4"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SHOPAI_", "DATABASE_"))}
    done = subprocess.run(
        [*command, "--redis-losses", "1", "--freezes", "1", "--seconds", "240"],
        cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "exactly once" in done.stdout
