"""PostgreSQL and Redis for a machine that has none (used only where DATABASE_URL or REDIS_URL is unset).

Both run under .shopai/ on Unix sockets, with no TCP port. Whoever needs them holds a shared lock for as long as it
lives; the last holder stops them, and the kernel drops the lock of one that was killed, so no counter can be wrong.
"""

import contextlib
from collections.abc import Iterator

from shopai.embedded.errors import StartupError, as_startup_error
from shopai.embedded.paths import (
    celery_broker_url,
    database_url,
    redis_url,
    socket_dir,
    state_dir,
    uses_embedded_postgres,
    uses_embedded_redis,
)

__all__ = [
    "StartupError",
    "as_startup_error",
    "celery_broker_url",
    "database_url",
    "for_command",
    "hold",
    "redis_url",
    "revive",
    "socket_dir",
    "start",
    "state_dir",
    "stop",
    "uses_embedded_postgres",
    "uses_embedded_redis",
]

# Commands that read no table and send no task; they must also work where no service can.
WITHOUT_SERVICES = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "startapp",
    "version",
}


def start() -> None:
    """Start what is embedded and not yet running, and see that what the two variables name answers.

    Raises StartupError with one line for the operator. Nobody holds what this starts: prefer `hold`.
    """
    from shopai.embedded import services

    services.start()


def stop() -> None:
    """Stop the embedded services of this state folder, whoever started them."""
    from shopai.embedded import services

    services.stop()


def revive() -> list[str]:
    """Start again whichever embedded service has died; the names of those that had."""
    from shopai.embedded import services

    return services.revive()


@contextlib.contextmanager
def hold() -> Iterator[None]:
    """Services for as long as the block lasts; they stop at its end unless another process holds them."""
    from shopai.embedded import services

    with services.held():
        yield


def for_command(argv: list[str]) -> contextlib.AbstractContextManager[None]:
    """Services for the length of one management command, or none where it needs none."""
    if len(argv) < 2 or argv[1].startswith("-") or argv[1] in WITHOUT_SERVICES:
        return contextlib.nullcontext()
    if {"-h", "--help"}.intersection(argv[2:]):
        return contextlib.nullcontext()
    return hold()
