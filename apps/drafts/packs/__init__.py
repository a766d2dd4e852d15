"""Packs: lists of phrases that ship with the product, one text file each, which a manager switches.

A file begins with a header of `name = value` lines (id, name, kind, languages, markets, without market, default). Then
come sections; phrases are parted by commas (or 、), as many on a line as fit::

    [block absolute]                severity (block, warn, info) and a reason of packs.reasons
    最佳、national level
    [block green unless fact]       no finding where a confirmed fact says these very words
    eco-friendly
    [block origin unless fact usa]  or where one says any of the words named here (`_` for a blank)
    made in usa
    [innocent]                      text that holds a phrase and means something else
    最近、最后
    [innocent pattern]              the same as a regular expression, one a line, over folded text (lower case)
    \\w+-free\\b
    [settings]                      limits of rules: name = least most
    exclamation marks = 0 1

In a phrase `(a/b/)` gives alternatives (an empty one: may be left out), `*` at the end any ending of the word, `…` at the
end takes the next two Chinese characters into the span. `#` begins a comment at the start of a line.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from apps.drafts.models import Severity
from apps.drafts.packs.reasons import REASONS

FOLDER = Path(__file__).parent
KINDS = ("house", "law", "safety", "glossary")
_HEADER = ("id", "name", "kind", "languages", "markets", "without market", "default")
_SEVERITIES = {"block": Severity.BLOCK, "warn": Severity.WARN, "info": Severity.INFO}
_ALTERNATIVES = re.compile(r"\(([^()]*)\)")


class Phrase(NamedTuple):
    """`severity` of models.Severity, 0 for an innocent phrase; `reason` is a key of REASONS.

    A fact that says any of `proofs` makes it true; empty: nothing does.
    """

    text: str
    severity: int
    reason: str
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pack:
    id: str
    name: str
    kind: str
    languages: tuple[str, ...]
    # Where it counts by default; empty: everywhere.
    markets: tuple[str, ...]
    # Languages in which it counts where nobody has said in which markets a shop sells.
    languages_without_market: tuple[str, ...]
    is_on: bool
    phrases: tuple[Phrase, ...]
    innocent_patterns: tuple[str, ...]
    settings: dict[str, tuple[int, int]]
    key: str


@lru_cache(maxsize=1)
def packs() -> dict[str, Pack]:
    """All packs by id. Raises ValueError that names the file and line of a mistake."""
    found = [read_pack(path) for path in sorted(FOLDER.glob("*.txt"))]
    return {pack.id: pack for pack in found}


def read_pack(path: Path) -> Pack:
    content = path.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    phrases: list[Phrase] = []
    patterns: list[str] = []
    settings: dict[str, tuple[int, int]] = {}
    section: list[str] = []
    for number, line in enumerate(content.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        try:
            if line.startswith("[") and line.endswith("]"):
                section = _section(line[1:-1])
            elif not section:
                name, _equals, value = line.partition("=")
                header[_known(name.strip(), _HEADER)] = value.strip()
            elif section == ["settings"]:
                name, _equals, value = line.partition("=")
                least, most = value.split()
                settings[name.strip()] = (int(least), int(most))
            elif section == ["innocent", "pattern"]:
                patterns.append(re.compile(line).pattern)
            else:
                phrases += _phrases(section, line)
        except (ValueError, re.error) as error:
            raise ValueError(f"{path.name}:{number}: {error}") from None
    return Pack(
        id=header["id"], name=header["name"], kind=_known(header["kind"], KINDS),
        languages=_listed(header["languages"]), markets=_listed(header.get("markets", "")),
        languages_without_market=_listed(header.get("without market", "")),
        is_on=_known(header.get("default", "on"), ("on", "off")) == "on", phrases=tuple(dict.fromkeys(phrases)),
        innocent_patterns=tuple(patterns), settings=settings, key=hashlib.sha256(content.encode()).hexdigest(),
    )  # fmt: skip


def _section(title: str) -> list[str]:
    words = title.split()
    if words[:1] in (["innocent"], ["settings"]):
        return words
    _known(words[0], _SEVERITIES)
    _known(words[1] if len(words) > 1 else "", REASONS)
    if words[2:4] not in ([], ["unless", "fact"]):
        raise ValueError(f"unknown words in [{title}]")
    return words


def _phrases(section: list[str], line: str) -> Iterator[Phrase]:
    for listed in re.split("[,、]", line):
        for spelling in _spellings(listed):
            if section == ["innocent"]:
                yield Phrase(spelling, 0, "")
            else:
                proofs = tuple(word.replace("_", " ") for word in section[4:]) or (spelling.removesuffix("*"),)
                yield Phrase(spelling, int(_SEVERITIES[section[0]]), section[1], proofs if section[2:] else ())


def _spellings(phrase: str) -> Iterator[str]:
    """`eco(-/ /)friendly` -> the three of them."""
    pieces = _ALTERNATIVES.split(phrase)
    for chosen in product(*(piece.split("/") if place % 2 else [piece] for place, piece in enumerate(pieces))):
        if spelling := " ".join("".join(chosen).split()):
            yield spelling


def _known(word: str, among) -> str:
    if word not in among:
        raise ValueError(f"{word!r} is none of {', '.join(among)}")
    return word


def _listed(value: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in value.split(",") if each.strip())
