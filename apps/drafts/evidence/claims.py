"""What the checker says of a text: links from words to facts, and claims without support."""

from dataclasses import dataclass, field
from typing import NamedTuple

from apps.core.wording import Wording


class Link(NamedTuple):
    """Code points [start, end) of the text are supported by [fact_start, fact_end) of `facts[fact].text`.

    Where the fact's name alone supports them ("Dishwasher safe: yes"), the whole value is named.
    """

    start: int
    end: int
    fact: int
    fact_start: int
    fact_end: int
    kind: str


class Unsupported(NamedTuple):
    """A claim at code points [start, end) that no confirmed fact supports."""

    start: int
    end: int
    kind: str
    message: Wording
    severity: int


@dataclass(frozen=True)
class Evidence:
    """In order of place; `links` of one place may name several facts."""

    links: tuple[Link, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()


@dataclass
class Collected:
    """What the readers of one text put together."""

    links: list[Link] = field(default_factory=list)
    unsupported: list[Unsupported] = field(default_factory=list)

    def add(self, other: "Collected", offset: int) -> None:
        """Take over what was found in a piece that begins at `offset`."""
        self.links += [each._replace(start=each.start + offset, end=each.end + offset) for each in other.links]
        self.unsupported += [
            each._replace(start=each.start + offset, end=each.end + offset) for each in other.unsupported
        ]

    def finished(self) -> Evidence:
        return Evidence(tuple(sorted(set(self.links))), tuple(_without_doubles(self.unsupported)))


def _without_doubles(found: list[Unsupported]) -> list[Unsupported]:
    """Of claims inside one another the graver one is told, of equally grave ones the larger, of equal ones the first."""
    kept: list[Unsupported] = []
    for each in sorted(found, key=lambda claim: (-claim.severity, claim.start - claim.end)):
        if not any(other.start <= each.start and each.end <= other.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda claim: (claim.start, claim.end))
