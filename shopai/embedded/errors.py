"""What can keep the services from starting, as one line for the operator."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

# How the operating system, PostgreSQL and Redis say it.
_FULL = ("No space left on device", "Disk quota exceeded", "Check free disk space", "wrote only")


class StartupError(RuntimeError):
    """The services can't be started; the message is one line for the operator."""


def tells_of_full_disk(text: str) -> bool:
    return any(sign in text for sign in _FULL)


def disk_full(place: object) -> StartupError:
    return StartupError(f"the disk is full: nothing can be written under {place}. Free some space and start again.")


@contextmanager
def as_startup_error(place: object) -> Iterator[None]:
    """Errors of the operating system under `place` become a StartupError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(place) from None
        raise StartupError(f"{error.filename or place}: {error.strerror or error}") from None
