"""Real Celery workers for tests, over the test run's own Redis and the database of the running test.

The rows that such a worker shall see must be committed: use pytest.mark.django_db(transaction=True).
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from django.db import connection

BASE_DIR = Path(__file__).resolve().parent.parent


def environment(**more: str) -> dict[str, str]:
    """This process's environment, with DATABASE_URL naming the database that Django's test runner made."""
    options = connection.settings_dict
    user = quote(options["USER"]) + (f":{quote(options['PASSWORD'])}" if options["PASSWORD"] else "")
    port = f"&port={options['PORT']}" if options["PORT"] else ""
    url = f"postgresql://{user}@/{quote(options['NAME'])}?host={quote(options['HOST'], safe='')}{port}"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "DATABASE_URL": url, **more}


@contextlib.contextmanager
def celery_worker(queue: str, *, name: str = "", concurrency: int = 1, **env: str) -> Iterator[subprocess.Popen]:
    """A worker of one queue, beating when the block begins; ended at its end, by force if need be."""
    from apps.work import liveness

    hostname = f"{name or queue}@{os.getpid()}"
    command = [sys.executable, "-m", "celery", "-q", "-A", "shopai", "worker", "-Q", queue, "-n", hostname]
    command += ["-P", "prefork", "-c", str(concurrency), "--without-mingle", "--without-gossip"]
    process = subprocess.Popen(command, cwd=BASE_DIR, env=environment(**env), start_new_session=True)
    try:
        wait_until(lambda: any(worker["pid"] == process.pid for worker in liveness.alive(queue)), seconds=60)
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


def wait_until(condition: Callable[[], object], *, seconds: float, every: float = 0.1) -> object:
    """The first true value of `condition`. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing came true within {seconds} s")
        time.sleep(every)
    return value
