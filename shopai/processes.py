"""One child process of the supervisor, and those that a killed supervisor left behind."""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

BASE_DIR = Path(__file__).resolve().parent.parent
MARK = "SHOPAI_SUPERVISED"  # names the state folder in the environment of every child, and so of its children
LONGEST_PAUSE = 30.0
SETTLED_SECONDS = 60.0
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def read_procfile(path: Path) -> dict[str, str]:
    lines = (line.split(":", 1) for line in path.read_text().splitlines() if line.strip() and not line.startswith("#"))
    return {name.strip(): command.strip() for name, command in lines}


def _end_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """A command of the Procfile in a process group of its own; its output arrives line by line through `read`."""

    def __init__(self, name: str, command: str, environment: dict[str, str], pass_fds: tuple[int, ...] = ()):
        self.name = name
        self.command = command
        self.pass_fds = pass_fds
        self.environment = environment
        self.process: subprocess.Popen | None = None
        self.start_at = 0.0
        self._started = 0.0
        self._pause = 0.5
        self._rest = b""

    def start(self, selector: selectors.BaseSelector) -> None:
        # Single-threaded on purpose, so that preexec_fn is safe.
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {self.command}"],
            cwd=BASE_DIR,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=self.pass_fds,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        self._started = time.monotonic()
        os.set_blocking(self.process.stdout.fileno(), False)
        selector.register(self.process.stdout, selectors.EVENT_READ, self)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def read(self, selector: selectors.BaseSelector) -> list[str]:
        """The complete lines that have arrived; the pipe is closed at its end."""
        pipe = self.process.stdout
        try:
            data = pipe.read(1 << 16)
        except BlockingIOError:
            return []
        if not data:
            if data == b"" and not pipe.closed:
                selector.unregister(pipe)
                pipe.close()
            lines, self._rest = ([self._rest] if self._rest else []), b""
        else:
            *lines, self._rest = (self._rest + data).split(b"\n")
        return [line.decode(errors="replace").rstrip() for line in lines]

    def close(self, selector: selectors.BaseSelector) -> list[str]:
        """What the pipe of an ended process still holds; ends what it left of its group."""
        self.signal_group(signal.SIGKILL)
        pipe, lines = self.process.stdout, []
        while not pipe.closed:
            arrived = self.read(selector)
            lines += arrived
            if not arrived and not pipe.closed:
                selector.unregister(pipe)
                pipe.close()
        return lines

    def pause(self) -> float:
        """Seconds until the next start, longer each time, short again after a minute of work."""
        if time.monotonic() - self._started > SETTLED_SECONDS:
            self._pause = 0.5
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self.start_at = time.monotonic() + self._pause
        return self._pause

    def signal(self, number: int) -> None:
        """To the leader only: a Celery child that gets SIGTERM drops its task."""
        if self.is_running:
            self.process.send_signal(number)

    def signal_group(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def end_orphans(state: Path, seconds: float = 5) -> int:
    """End what a killed supervisor of this state folder left running; how many they were."""
    orphans = [process for process in psutil.process_iter() if _is_marked(process, state)]
    if not orphans:
        return 0
    # A pool child that gets SIGTERM drops its task, so only processes whose parent is none of ours are asked.
    pids = {process.pid for process in orphans}
    for process in orphans:
        with contextlib.suppress(psutil.Error):
            if process.ppid() not in pids:
                process.terminate()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(_is_alive(process) for process in orphans):
        time.sleep(0.1)
    for process in orphans:
        with contextlib.suppress(psutil.Error):
            process.kill()
    return len(orphans)


def _is_alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _is_marked(process: psutil.Process, state: Path) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        return process.pid != os.getpid() and process.environ().get(MARK) == str(state) and _is_alive(process)
    return False
