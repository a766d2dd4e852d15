"""The amounts and codes that a product's facts hold."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from apps.core import languages
from apps.drafts.rules.amounts import code_of, fold_numbers
from apps.drafts.rules.quantities import read_quantities
from apps.drafts.rules.units import COUNT, UNITS, Unit, unit_of


@dataclass
class FactNumbers:
    """The amounts and codes of a product's confirmed facts."""

    amounts: set[tuple[str, Fraction]] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    # Value as written in some fact -> that fact's text, to tell a wrong unit from a missing fact.
    texts: dict[Fraction, str] = field(default_factory=dict)


@lru_cache(maxsize=512)
def numbers_of(facts) -> FactNumbers:
    """Read once for all candidates and fields of a product; `facts` is a tuple of FactView."""
    numbers = FactNumbers()
    for fact in facts:
        if fact.status != "confirmed":
            continue
        language = languages.primary(fact.language)
        said = f"{fact.name}: {fact.text}" if fact.role == "attribute" else fact.text
        _add(numbers, fact.text, language, said)
        unit = None if fact.unit else unit_in_name(fact.name)
        if unit:
            _add(numbers, f"{fact.value} {unit}", language, said)
        for written in (fact.text, f"{fact.name} {fact.value}"):
            numbers.codes.update(_codes_in(fold_numbers(written)))
    return numbers


def _add(numbers: FactNumbers, written: str, language: str, said: str) -> None:
    for quantity in read_quantities(written, language):
        numbers.amounts.update(quantity.amounts())
        for parts in quantity.part_amounts():
            numbers.amounts.update(parts)
        if quantity.code:
            numbers.codes.add(quantity.code)
        for value in quantity.values:
            numbers.texts.setdefault(value, said)


def _codes_in(written: str):
    """Every piece that holds a digit, and such a piece joined to the word before or behind it."""
    pieces = re.findall(r"[^\W_]+(?:[.,/:\-][^\W_]+)*", written)
    for place, piece in enumerate(pieces):
        if any(char.isdigit() for char in piece):
            yield code_of(piece)
            if place and pieces[place - 1].isalpha():
                yield code_of(pieces[place - 1] + piece)
            if place + 1 < len(pieces) and pieces[place + 1].isalpha():
                yield code_of(piece + pieces[place + 1])


def unit_in_name(name: str) -> str | None:
    """`Weight (g)` and `Battery hours` name the unit of a value that has none."""
    bracketed = re.search(r"[(\[（]\s*([^()\[\]（）]{1,12}?)\s*[)\]）]\s*\Z", name)
    if bracketed and unit_of(bracketed[1]):
        return bracketed[1]
    for word in re.findall(r"[A-Za-z]{3,}", name):
        unit: Unit | None = UNITS.get(word.lower())
        if unit and unit.dimension not in (COUNT, "pair", "times"):
            return word
    return None
