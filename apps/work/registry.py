"""What a model worker can do: upper apps register a handler per kind of work."""

from dataclasses import dataclass
from typing import Any


class TransientWorkError(Exception):
    """The batch may succeed later; its rows go back with a delay, and too many such delays end as failed.

    `seconds` set: it is not the rows' fault (no model can be loaded, say), so they wait that long as often as need be.
    """

    def __init__(self, message: str, *, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True)
class Failure:
    """A result that says: this row alone failed, and why (one line for an operator)."""

    reason: str


class Handler:
    """How one kind of work is done. Every method takes the whole batch."""

    kind: str

    def warm_up(self) -> None:
        """Load what is slow to load, before any lease is held."""

    def limit(self, *, lane: int, seconds: float) -> int:
        """How many rows of this lane one batch may hold so that it lasts about `seconds`."""
        return 16

    def prepare(self, target_ids: list[int]) -> dict[int, Any]:
        """Read what the rows need. A target that is left out is gone, and its row is closed."""
        raise NotImplementedError

    def perform(self, prepared: dict[int, Any]) -> dict[int, Any]:
        """Do the slow part with no transaction open; a value per target, `Failure` where one failed alone."""
        raise NotImplementedError

    def store(self, results: dict[int, Any]) -> None:
        """Write the results. Runs in one short transaction that holds the lease."""
        raise NotImplementedError

    def fail(self, reasons: dict[int, str]) -> None:
        """Mark targets as failed. Runs in the transaction that closes their rows."""

    def cancel(self, target_ids: list[int]) -> None:
        """Mark targets as cancelled. Runs in the transaction that closes their rows."""

    def retry(self, target_ids: list[int]) -> list[int]:
        """Put failed targets back to requested; returns those that are."""
        return target_ids


_handlers: dict[str, Handler] = {}


def register(handler: Handler) -> None:
    _handlers[handler.kind] = handler


def handler_of(kind: str) -> Handler:
    return _handlers[kind]


def handlers() -> list[Handler]:
    return list(_handlers.values())
