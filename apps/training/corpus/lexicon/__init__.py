"""Word lists of the corpus, one text file each, read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Kind:
    """A kind of goods: its shop category, its noun and the attributes that such goods usually list."""

    category: str
    noun: str
    attributes: tuple[str, ...]


def _lines(name: str) -> list[str]:
    lines = (line.strip() for line in (HERE / name).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


@cache
def kinds(*, held_out: bool) -> tuple[Kind, ...]:
    found = []
    for line in _lines("goods.txt"):
        if line.startswith("!") != held_out:
            continue
        category, nouns, attributes = line.lstrip("!").split("|")
        found += [Kind(category.strip(), noun, _split(attributes)) for noun in _split(nouns)]
    return tuple(found)


@cache
def value_kinds() -> dict[str, str]:
    pairs = (line.split("=", 1) for line in _lines("kinds.txt"))
    return {name.strip(): kind.strip() for name, kind in pairs}


@cache
def lists() -> dict[str, tuple[str, ...]]:
    pairs = (line.split(":", 1) for line in _lines("lists.txt"))
    return {name.strip(): _split(words) for name, words in pairs}


@cache
def words(name: str) -> tuple[str, ...]:
    """The entries of a plain file: parts, properties, heldout_parts, heldout_properties."""
    return _split(";".join(_lines(f"{name}.txt")))


@cache
def common_attributes() -> tuple[str, ...]:
    """Every attribute name that goods of the training split list."""
    return tuple(sorted({name for kind in kinds(held_out=False) for name in kind.attributes}))
