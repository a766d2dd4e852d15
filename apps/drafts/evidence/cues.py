"""The lists of cues.txt: words that show how other words are meant."""

import re
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "cues.txt"


@lru_cache(maxsize=1)
def _sections() -> dict[str, tuple[str, ...]]:
    sections: dict[str, list[str]] = {}
    name = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if heading := re.fullmatch(r"\[(.+)\]", line.strip()):
            name = heading[1]
        else:
            sections.setdefault(name, []).extend(word.strip() for word in line.split(",") if word.strip())
    return {name: tuple(words) for name, words in sections.items()}


def words(name: str) -> frozenset[str]:
    """The words of a section. Raises KeyError where there is none of that name."""
    return frozenset(_sections()[name])


def pieces(name: str) -> tuple[str, ...]:
    """The same in the order of the file, for `str.startswith` and the like."""
    return _sections()[name]
