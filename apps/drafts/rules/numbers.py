"""Every number in a text must be in a confirmed fact, with a unit that means the same."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.rules.amounts import Quantity, code_of, fold_numbers
from apps.drafts.rules.base import Rule, Span
from apps.drafts.rules.quantities import MOST_NUMBERS, is_same_sentence, read_quantities
from apps.drafts.rules.units import COUNT, UNITS, Unit, unit_of

# What a fact with an amount of this dimension is usually called.
_FACT_NAMES = {
    "mass": _("Weight"), "mass-imperial": _("Weight"), "length": _("Length"),
    "length-imperial": _("Length"), "volume": _("Capacity"), "time": _("Duration"),
    "months": _("Warranty"), "temperature": _("Temperature"), "power": _("Power"),
    "voltage": _("Voltage"), "charge": _("Battery"), "percent": _("Share"),
    "data-giga": _("Storage"), "pair": _("Quantity"), COUNT: _("Quantity"),
}  # fmt: skip


@dataclass
class FactNumbers:
    """The amounts and codes of a product's confirmed facts."""

    amounts: set[tuple[str, Fraction]] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    # Value as written in some fact -> that fact's text, to tell a wrong unit from a missing fact.
    texts: dict[Fraction, str] = field(default_factory=dict)

    def supports(self, quantity: Quantity) -> bool:
        if quantity.code and quantity.code in self.codes:
            return True
        if any(amount in self.amounts for amount in quantity.amounts()):
            return True
        return any(all(part in self.amounts for part in parts) for parts in quantity.part_amounts())


class UnsupportedNumber(Rule):
    id = "number"
    name = gettext_lazy("Number without a fact")
    explanation = gettext_lazy("Every number, with its unit, must stand in a confirmed fact.")

    def find(self, text, context):
        quantities = read_quantities(text, _primary(context.language))
        if not quantities:
            return
        if len(quantities) >= MOST_NUMBERS:
            yield Span(quantities[-1].end, len(text), Wording(_("There are too many numbers to check them all.")))
        facts = numbers_of(context.facts)
        measured: Quantity | None = None
        for quantity in quantities:
            if not (
                facts.supports(quantity)
                or self._is_named(text, quantity, facts)
                or self._leaves_unit_out(text, quantity, measured, facts)
            ):
                yield Span(quantity.start, quantity.end, self._message(text, quantity, facts))
            if quantity.units[0]:
                measured = quantity

    def _is_named(self, text: str, quantity: Quantity, facts: FactNumbers) -> bool:
        """“IPX 7” where a fact says IPX7, “Bluetooth 5.3” where one is called so."""
        before = re.search(
            r"([A-Za-zÀ-ÖØ-öø-ɏ]{1,30})[\s\-]{1,2}\Z", text[max(0, quantity.start - 32) : quantity.start]
        )
        return (
            before is not None and code_of(fold_numbers(before[1] + text[quantity.start : quantity.end])) in facts.codes
        )

    def _leaves_unit_out(self, text, quantity: Quantity, measured: Quantity | None, facts: FactNumbers) -> bool:
        """“7 hours on a charge, 28 with the case”: the second number means hours as well."""
        if measured is None or quantity.units != (None,) or quantity.has_noun:
            return False
        if not is_same_sentence(text, measured.end, quantity.start):
            return False
        unit = measured.units[0]
        return any((unit.dimension, value * unit.factor) in facts.amounts for value in quantity.values)

    def _message(self, text: str, quantity: Quantity, facts: FactNumbers) -> Wording:
        number = text[quantity.start : quantity.end].strip()
        other = next((facts.texts[value] for value in quantity.values if value in facts.texts), None)
        if other:
            message = _("No confirmed fact says “%(number)s”; the fact “%(fact)s” means something else.")
            return Wording(message, number=number, fact=other[:100])
        unit = quantity.units[0]
        name = _FACT_NAMES.get(unit.dimension if unit else COUNT)
        if name is None or not quantity.values:
            message = _("No confirmed fact says “%(number)s”. Add or confirm one that does, or take it out.")
            return Wording(message, number=number)
        message = _(
            "No confirmed fact says “%(number)s”. Add or confirm one such as “%(name)s: %(number)s”, or take it out."
        )
        return Wording(message, number=number, name=Wording(name))


@lru_cache(maxsize=512)
def numbers_of(facts) -> FactNumbers:
    """Read once for all candidates and fields of a product; `facts` is a tuple of FactView."""
    numbers = FactNumbers()
    for fact in facts:
        if fact.status != "confirmed":
            continue
        language = _primary(fact.language)
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


def _primary(tag: str) -> str:
    return tag.lower().replace("_", "-").split("-")[0]
