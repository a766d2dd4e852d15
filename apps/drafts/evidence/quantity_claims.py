"""Numbers: each must stand in a confirmed fact, under the right name, with the right unit and bound."""

import re
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.evidence.arithmetic import Arithmetic
from apps.drafts.evidence.bounds import Bound, bound_of
from apps.drafts.evidence.choices import is_offered, some_variants
from apps.drafts.evidence.claims import Collected, Link, Unsupported
from apps.drafts.evidence.conversion import half_digit, is_close, metric_amounts
from apps.drafts.evidence.facts import Measured, ReadFact
from apps.drafts.evidence.idle_numbers import is_idle, is_scale
from apps.drafts.evidence.measured_names import NameJudge
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.scenes import is_scenic_number
from apps.drafts.models import Severity
from apps.drafts.rules.amounts import Quantity, code_of, fold_numbers
from apps.drafts.rules.quantities import is_same_sentence
from apps.drafts.rules.units import COUNT

# What a fact with an amount of this dimension is usually called.
_FACT_NAMES = {
    "mass": _("Weight"), "mass-imperial": _("Weight"), "length": _("Length"),
    "length-imperial": _("Length"), "volume": _("Capacity"), "time": _("Duration"),
    "months": _("Warranty"), "temperature": _("Temperature"), "power": _("Power"),
    "voltage": _("Voltage"), "charge": _("Battery"), "percent": _("Share"),
    "data-giga": _("Storage"), "pair": _("Quantity"), COUNT: _("Quantity"),
}  # fmt: skip

_TOKEN = re.compile(r"[A-Za-z0-9.\-/+%°×]")
# Numbers of one piece of text; nobody reads copy with more.
MOST_NUMBERS = 200


class Support(NamedTuple):
    """A number of a fact that is the same amount. `is_rounded`: only nearly so."""

    fact: ReadFact
    measured: Measured
    is_rounded: bool


class QuantityReader:
    """Reads the numbers of one text against the facts."""

    def __init__(self, reading: Reading):
        self.reading = reading
        self.text = reading.text
        self.base = reading.base
        self.names = NameJudge(reading)
        self.arithmetic = Arithmetic(reading)
        self.measured: Quantity | None = None

    def read(self, into: Collected) -> None:
        quantities = self.reading.quantities
        if len(quantities) > MOST_NUMBERS:
            words = Wording(_("There are too many numbers to check them all."))
            start = quantities[MOST_NUMBERS].start
            into.unsupported.append(Unsupported(start, len(self.text), "number", words, Severity.BLOCK))
            self.reading.is_flooded = True
            return
        for quantity in quantities:
            self._judge(quantity, into)
            if quantity.units[0]:
                self.measured = quantity

    def _judge(self, quantity: Quantity, into: Collected) -> None:
        bound = bound_of(self.text, quantity.start, quantity.end)
        if is_scale(self.text, quantity) or is_idle(self.text, quantity) or self._is_in_the_title(quantity):
            return
        supports = self._supports(quantity, bound)
        if not supports and (source := self.arithmetic.source_of(quantity)):
            into.links.append(Link(quantity.start, quantity.end, source.index, 0, len(source.view.text), "number"))
            return
        if not supports:
            if self._is_told_in_words(quantity) or is_scenic_number(self.reading, quantity):
                return
            if not self._is_code(quantity):
                self._add(into, quantity, "number", self._why_missing(quantity))
            else:
                self._link_code(quantity, into)
            return
        named = [each for each in supports if not self.names.contradicts(quantity, each.fact, each.measured.share_of)]
        if not named:
            named = self._without_unit(quantity) or (supports if self._is_code(quantity, named_only=True) else [])
        if not named:
            self._add(into, quantity, "wrong_name", _wrong_name(self.text, quantity, supports[0].fact))
            return
        kept = [each for each in named if not _is_sharper(bound, each)]
        if not kept:
            self._add(into, quantity, "sharpened", _sharper(self.text, quantity, named[0].fact))
            return
        offered = [
            each for each in kept
            if not each.fact.choices or each.measured.is_derived or is_offered(self.reading, quantity.start, quantity.end, each.fact)
        ]  # fmt: skip
        if not offered:
            self._add(
                into, quantity, "variant", some_variants(self.text[quantity.start : quantity.end].strip(), kept[0].fact)
            )
            return
        for fact, measured, _rounded in offered[:3]:
            end = min(measured.quantity.end, len(fact.view.text))
            start = min(measured.quantity.start, end)
            into.links.append(Link(quantity.start, quantity.end, fact.index, start, end, "number"))

    def _add(self, into: Collected, quantity: Quantity, kind: str, message: Wording) -> None:
        into.unsupported.append(Unsupported(quantity.start, quantity.end, kind, message, Severity.BLOCK))

    def _supports(self, quantity: Quantity, bound: Bound) -> list[Support]:
        amounts = metric_amounts(quantity)
        found = [
            Support(fact, measured, rounded)
            for fact in self.base.facts
            for measured in fact.measured
            if not measured.is_scale
            for rounded in [_same(quantity, amounts, bound, measured)]
            if rounded is not None and (not measured.is_derived or self.names.counts_parts(quantity, fact))
        ]
        exact = [each for each in found if not each.is_rounded]
        if exact and all(each.measured.is_derived for each in exact):
            exact = self._without_unit(quantity) or exact
        return self._by_attributes(exact, quantity) or found or self._without_unit(quantity) or self._as_year(quantity)

    def _as_year(self, quantity: Quantity) -> list[Support]:
        """24年春茶 is of 2024."""
        written = self.text[quantity.start : quantity.end]
        if not re.fullmatch(r"\d\d年", written):
            return []
        return [
            Support(fact, each, False)
            for fact in self.base.facts
            for each in fact.measured
            if 2000 + int(written[:2]) in each.quantity.values
        ]

    def _by_attributes(self, supports: list[Support], quantity: Quantity) -> list[Support]:
        """A number of the title is named by the attribute that has it as well, unless the text quotes the title."""
        attributes = [each for each in supports if each.fact.view.role == "attribute" and not each.measured.is_derived]
        if (
            not attributes
            or {unit and unit.dimension for unit in quantity.units} & {None, COUNT, "pair"}
            or any(self.names.is_quoted(quantity, each.fact) for each in supports)
        ):
            return supports
        return attributes

    def _without_unit(self, quantity: Quantity) -> list[Support]:
        """“7 hours on a charge, 28 with the case”, “wash at 40”, “ages 3 to 7”: what is measured gives the unit."""
        unit = quantity.units[0]
        if not quantity.values or not (unit is None or unit.dimension == "length-imperial" and None in quantity.units):
            return []
        named = self.names.measured_by_name(quantity)
        if named:
            return [Support(fact, measured, False) for fact, measured in named]
        if shares := self._as_shares(quantity):
            return shares
        if sizes := self._as_choices(quantity):
            return sizes
        measured = self.measured
        if measured is None or quantity.has_noun or not is_same_sentence(self.text, measured.end, quantity.start):
            return []
        unit = measured.units[0]
        wanted = {(unit.dimension, value * unit.factor) for value in quantity.values}
        return [
            Support(fact, each, False)
            for fact in self.base.facts
            for each in fact.measured
            if wanted & set(each.quantity.amounts())
        ]

    def _as_choices(self, quantity: Quantity) -> list[Support]:
        """“the 110 carries on from there”, 54到58选黑: bare numbers are sizes where the text names several of them."""
        before = self.text[max(0, quantity.start - 5) : quantity.start].lower()
        said = self.reading.said_values
        found = []
        for fact in self.base.facts:
            rows = [each for each in fact.measured if not each.is_derived and each.quantity.units[0] is not None]
            several = len({each.quantity.values[:1] for each in rows if set(each.quantity.values) & said}) > 1
            if several or (fact.choices and before.endswith(("the ", "to ", "or ", "and "))):
                found += [
                    Support(fact, each, False) for each in rows if set(each.quantity.values) & set(quantity.values)
                ]
        return found

    def _is_told_in_words(self, quantity: Quantity) -> bool:
        """A number inside a word that a fact states: “three-season”."""
        return any(
            each.start <= quantity.start
            and quantity.end <= each.end
            and each.concept.kind in ("feature", "age", "compatibility")
            and self.base.stating(each.concept, False)
            for each in self.reading.claims
        )

    def _as_shares(self, quantity: Quantity) -> list[Support]:
        """“linen and cotton, 55 to 45”: bare numbers are shares where their materials stand in the sentence."""
        first, last = self.reading.sentence(*self.reading.places(quantity.start, quantity.end))
        if not any(
            first <= each.first < last and each.concept.kind in ("material", "ingredient")
            for each in self.reading.mentions
        ):
            return []
        return [
            Support(fact, each, False)
            for fact in self.base.facts
            for each in fact.measured
            if each.share_of and set(each.quantity.values) & set(quantity.values)
        ]

    def _is_code(self, quantity: Quantity, named_only: bool = False) -> bool:
        """Model names and the like: “WH-1000XM5”, “IPX 7” where a fact says IPX7, a list such as 36,37."""
        numbers = self.base.numbers
        if self._stands_in_a_fact(quantity):
            return True
        if named_only:
            return False
        if quantity.code and quantity.code in numbers.codes:
            return True
        if not quantity.values and any(
            all(part in numbers.amounts for part in parts) for parts in quantity.part_amounts()
        ):
            return True
        before = re.search(
            r"([A-Za-zÀ-ÖØ-öø-ɏ]{1,30})[\s\-]{1,2}\Z", self.text[max(0, quantity.start - 32) : quantity.start]
        )
        written = self.text[quantity.start : quantity.end]
        if before is not None and code_of(fold_numbers(before[1] + written)) in numbers.codes:
            return True
        return self._is_named_by_its_unit(quantity)

    def _stands_in_a_fact(self, quantity: Quantity) -> bool:
        """Whether the whole token around the number, “4-2-6” or “EN 1335”, stands in a fact as it is."""
        start, end = quantity.start, quantity.end
        while start and quantity.start - start < 24 and _TOKEN.match(self.text[start - 1]):
            start -= 1
        while end < len(self.text) and end - quantity.end < 24 and _TOKEN.match(self.text[end]):
            end += 1
        token = self.text[start:end].strip(".-/+").casefold()
        letters = re.search(r"(?<![A-Za-z])[A-Z]{2,6}[ -]\Z", self.text[max(0, start - 8) : start])
        if letters and self._is_quoted(letters[0].casefold() + token):
            return True
        if token.isdigit():
            return (
                len(token) > 2
                and re.search(rf"(?<!\d){token}(?!\d)", self.base.titles + self._all_values()) is not None
            )
        is_telling = len(token) > quantity.end - quantity.start or not quantity.values
        return is_telling and self._is_quoted(token)

    def _all_values(self) -> str:
        return " ".join(fact.view.text for fact in self.base.facts if not fact.measured or "S925" in fact.view.text)

    def _is_quoted(self, token: str) -> bool:
        found = re.compile(rf"(?<![\w.]){re.escape(token)}(?![\w])")
        return any(found.search(f"{fact.view.name} {fact.view.text}".casefold()) for fact in self.base.facts)

    def _is_in_the_title(self, quantity: Quantity) -> bool:
        """The number of a name: “Ridge Runner 3”."""
        match = re.search(r"([A-Za-z][\w-]*)[ -]\Z", self.text[max(0, quantity.start - 24) : quantity.start])
        digits = re.match(r"\d+", self.text[quantity.start :])
        return bool(match and digits) and any(
            f"{match[1]} {digits[0]}".casefold() in fact.view.text.casefold()
            for fact in self.base.facts
            if fact.view.role in ("title", "brand")
        )

    def _is_named_by_its_unit(self, quantity: Quantity) -> bool:
        """“2.5TOG” where a fact called TOG says 2.5."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?)([a-z]{2,12})", quantity.code)
        return match is not None and any(
            match[2] in fact.view.name.casefold()
            and re.search(rf"(?<![\d.]){re.escape(match[1])}(?![\d.])", fact.view.text)
            for fact in self.base.facts
        )

    def _link_code(self, quantity: Quantity, into: Collected) -> None:
        written = code_of(fold_numbers(self.text[quantity.start : quantity.end]))
        for fact in self.base.facts:
            if written and written in code_of(fold_numbers(fact.view.text)):
                length = len(fact.view.text)
                into.links.append(Link(quantity.start, quantity.end, fact.index, 0, length, "number"))
                return

    def _why_missing(self, quantity: Quantity) -> Wording:
        number = self.text[quantity.start : quantity.end].strip()
        other = next((self.base.numbers.texts[v] for v in quantity.values if v in self.base.numbers.texts), None)
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


def _same(quantity: Quantity, amounts, bound: Bound, measured: Measured) -> bool | None:
    """None: another amount. False: the same; True: the same but rounded or converted."""
    nearly = None
    for dimension, amount, written in amounts:
        for other_dimension, other, other_written in measured.amounts:
            if dimension != other_dimension:
                continue
            if amount == other:
                return False
            if not (quantity.values and measured.quantity.values):
                continue
            if written != other_written:
                step = amount / quantity.values[0] * half_digit(quantity) if quantity.values[0] else Fraction(0)
                if is_close(amount, other, half_digit=abs(step)) or _is_near(bound, amount, other, dimension):
                    nearly = True
            elif dimension != "percent" and _is_near(bound, amount, other, dimension):
                nearly = True
    return nearly


def _is_near(bound: Bound, amount: Fraction, other: Fraction, dimension: str) -> bool:
    """“about 8 kg” from 7.8 kg; “over 300 g” and “under 400 g” from 350 g are true as well."""
    if not other:
        return False
    share = amount / other
    if bound is Bound.ABOUT:
        return Fraction(95, 100) <= share <= Fraction(105, 100)
    # Of what is weighed and measured “more than half a metre” is true of 62 cm; an age or a count it would widen.
    is_size = dimension.startswith(("length", "mass", "volume"))
    if bound is Bound.ABOVE:
        return Fraction(1, 2) <= share < 1 if is_size else Fraction(85, 100) <= share < 1
    if bound is Bound.BELOW:
        return 1 < share <= (Fraction(3, 2) if is_size else Fraction(115, 100))
    return False


_SHARPER = {
    Bound.UPPER: {Bound.LOWER, Bound.ABOVE},
    Bound.ABOUT: {Bound.LOWER, Bound.ABOVE, Bound.BELOW, Bound.UPPER},
    Bound.EXACT: {Bound.ABOVE, Bound.BELOW},
    Bound.LOWER: {Bound.UPPER, Bound.BELOW},
    Bound.ABOVE: {Bound.UPPER, Bound.BELOW},
    Bound.BELOW: {Bound.LOWER, Bound.ABOVE},
}


def _is_sharper(bound: Bound, support: Support) -> bool:
    """Whether the text's bound says more than the fact's: “at least 8 h” from “up to 8 h”, “over 8 h” from 8 h.

    The ends of a range bear what leads into it: “over 6 mm” from 6 to 6.5 mm.
    """
    if support.is_rounded:
        return False
    here = {row[:2] for row in support.measured.amounts}
    for other in support.fact.measured:
        for dimension, amount, _written in other.amounts:
            for mine, value in here:
                inward = (Bound.ABOVE, Bound.LOWER) if amount > value else (Bound.BELOW, Bound.UPPER)
                if dimension == mine and amount != value and bound in inward and not other.is_derived:
                    return False
    return bound in _SHARPER[support.measured.bound]


def _wrong_name(text: str, quantity: Quantity, fact: ReadFact) -> Wording:
    return Wording(
        _("“%(number)s” is what the fact “%(fact)s” says, and the text says it of something else."),
        number=text[quantity.start : quantity.end].strip(), fact=fact.said,
    )  # fmt: skip


def _sharper(text: str, quantity: Quantity, fact: ReadFact) -> Wording:
    return Wording(
        _("The text says more about “%(number)s” than the fact “%(fact)s” does."),
        number=text[quantity.start : quantity.end].strip(), fact=fact.said,
    )  # fmt: skip
