"""Starting, holding and stopping the two services, one process at a time."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shopai.embedded import external, postgres, redis_server
from shopai.embedded.account import Home, prepare_socket_dir, services_home
from shopai.embedded.errors import StartupError, as_startup_error, disk_full
from shopai.embedded.paths import state_dir, uses_embedded_postgres, uses_embedded_redis

NEEDED_BYTES = 100_000_000
CHANGE_SECONDS = 180


def start() -> None:
    if not uses_embedded_postgres():
        external.check_database()
    if not uses_embedded_redis():
        external.check_redis()
    if not (uses_embedded_postgres() or uses_embedded_redis()):
        return
    home = services_home()
    with as_startup_error(home.path), _changing():
        _start_missing(home)


def stop() -> None:
    home = services_home()
    with as_startup_error(home.path), _changing():
        _stop_all(home)


def revive() -> list[str]:
    home = services_home()
    dead = [name for name, service in _embedded() if not service.running(home)]
    if dead:
        with as_startup_error(home.path), _changing():
            _start_missing(home)
    return dead


@contextmanager
def held() -> Iterator[None]:
    """The last process to leave this block stops the services; the kernel releases the lock of a killed one."""
    if not (uses_embedded_postgres() or uses_embedded_redis()):
        start()
        yield
        return
    services_home()
    with _lock_file("holders") as holders:
        with _changing():
            fcntl.flock(holders, fcntl.LOCK_SH)
        try:
            start()
            yield
        finally:
            _leave(holders)


def _leave(holders: int) -> None:
    with suppress(OSError, StartupError), _changing():
        try:
            fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _stop_all(services_home())


def _embedded() -> list:
    services = [("PostgreSQL", postgres, uses_embedded_postgres()), ("Redis", redis_server, uses_embedded_redis())]
    return [(name, service) for name, service, embedded in services if embedded]


def _start_missing(home: Home) -> None:
    prepare_socket_dir(home)
    missing = [service for _, service in _embedded() if not service.running(home)]
    if missing and shutil.disk_usage(home.path).free < NEEDED_BYTES:
        raise disk_full(home.path)
    for _, service in _embedded():
        service.start(home)


def _stop_all(home: Home) -> None:
    for service in (redis_server, postgres):
        service.stop(home)


@contextmanager
def _lock_file(name: str) -> Iterator[int]:
    with as_startup_error(state_dir()):
        handle = os.open(state_dir() / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _changing() -> Iterator[None]:
    """One process at a time starts or stops services."""
    with _lock_file("services") as handle:
        deadline = time.monotonic() + CHANGE_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StartupError(f"another process is still starting the services ({_place()})") from None
                time.sleep(0.05)
        yield


def _place() -> Path:
    return state_dir() / "services.lock"
