"""A whole ShopAI for a benchmark: services, database and workers of its own, gone when it ends.

Call `prepare` before anything of Django or of the apps is imported.
"""

import atexit
import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE_DIR))


def prepare(**env: str) -> Path:
    """A fresh state folder with running services and an empty, migrated database; everything ends with the process."""
    folder = Path(tempfile.mkdtemp(prefix="shopai-bench-"))
    folder.chmod(0o755)  # PostgreSQL may run as an account of its own
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ |= {"SHOPAI_STATE_DIR": str(folder / "state"), "DJANGO_SETTINGS_MODULE": "shopai.settings", **env}
    os.environ.setdefault("SHOPAI_LOG_LEVEL", "WARNING")
    from shopai import embedded

    services = contextlib.ExitStack()
    services.enter_context(embedded.hold())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(services.close)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return folder


class Process:
    """A Celery worker or beat, in a process group of its own."""

    def __init__(self, name: str, *arguments: str) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "celery", "-q", "-A", "shopai", *arguments]
        self._log = open(Path(os.environ["SHOPAI_STATE_DIR"]) / f"{name}.log", "ab")  # noqa: SIM115
        self.process: subprocess.Popen | None = None

    def start(self) -> "Process":
        self.process = subprocess.Popen(
            self._command, cwd=BASE_DIR, stdout=self._log, stderr=self._log, start_new_session=True
        )
        atexit.register(self.kill)
        return self

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


def worker(queue: str, *, name: str = "", concurrency: int = 1) -> Process:
    name = name or queue
    options = ["-Q", queue, "-n", f"{name}@%h", "-P", "prefork", "-c", str(concurrency)]
    return Process(name, "worker", *options, "--without-mingle", "--without-gossip").start()


def beat() -> Process:
    return Process("beat", "beat", "--pidfile=").start()


def wait_for(condition, *, seconds: float, pause: float = 0.1) -> float:
    """Seconds until `condition()` was true. Raises TimeoutError."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not reached within {seconds:.0f} s")
        time.sleep(pause)
    return time.monotonic() - began


def wait_for_model(*, seconds: float = 180) -> float:
    """Until a model worker holds its model."""
    from apps.work import liveness

    def is_loaded() -> bool:
        return bool(liveness.alive("model")) and any(model["loaded"] for model in liveness.models())

    return wait_for(is_loaded, seconds=seconds)


def percentile(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def table(title: str, header: list[str], rows: list[list]) -> None:
    """Print rows under a title, columns as wide as need be."""
    lines = [header, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    print(f"\n{title}")
    for number, line in enumerate(lines):
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))
