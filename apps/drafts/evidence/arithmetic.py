"""Numbers that a text works out of the facts: a sum, a difference between variants, twice a dose; never without saying so."""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from apps.drafts.evidence.conversion import is_close, metric_amounts
from apps.drafts.evidence.cues import pieces, words
from apps.drafts.evidence.facts import ReadFact, stem
from apps.drafts.evidence.reading import Reading
from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.compounds import read_all
from apps.drafts.rules.units import COUNT

_TOTAL, _CHINESE_TOTAL = words("adds up"), pieces("adds up, Chinese")
_DIFFERENCE, _CHINESE_DIFFERENCE = words("compares amounts"), pieces("compares amounts, Chinese")
_GOODS = frozenset(map(stem, words("counts anything")))
_CHINESE_GOODS = pieces("counts anything, Chinese")
_COMPARATIVE = re.compile(r"[a-z]{2,}(?:er|ier)\b")
_LESS = re.compile(
    r"\b(?:other|another|water|paper|over|under|after|per|liter|meter|filter|timer|summer|winter|dinner|power|her)\b"
)
_ANYTHING = re.compile(r"[件样]|\b(?:piece|item|thing|part)s?\b", re.IGNORECASE)
# Facts list few numbers that anyone adds up, and texts few that they multiply.
MOST_NUMBERS, MOST_TIMES = 8, 12


class Arithmetic:
    def __init__(self, reading: Reading):
        self.reading = reading
        self.base = reading.base
        self.text = reading.text

    def source_of(self, quantity: Quantity) -> ReadFact | None:
        """The fact that the number is worked out from, where the text says that it is; None where nothing explains it."""
        if not quantity.values:
            return None
        amounts = {row[:2] for row in metric_amounts(quantity)}
        sentence = self._sentence(quantity)
        if _says(sentence, _TOTAL, _CHINESE_TOTAL):
            counts_all = self._counts_all(quantity)
            for fact, dimension, amount, is_sum in self._totals():
                if is_sum and dimension == COUNT and not counts_all:
                    continue
                if _matches(amounts, dimension, amount):
                    return fact
        clause = self._clause(quantity)
        if _says(clause, _DIFFERENCE, _CHINESE_DIFFERENCE) or _COMPARATIVE.search(_LESS.sub("", clause)):
            for fact, dimension, amount in self._differences():
                if (dimension, amount) in amounts:
                    return fact
        return self._of_one_list(quantity) or self._in_proportion(quantity)

    def _of_one_list(self, quantity: Quantity) -> ReadFact | None:
        """“Three pockets” from two outside and one inside."""
        if not quantity.values or any(unit and unit.dimension not in (COUNT, "pair") for unit in quantity.units):
            return None
        for fact in self.base.facts:
            counts = [amount for dimension, amount in self._plain(fact) if dimension == COUNT and 1 <= amount <= 500]
            if not 2 <= len(counts) <= 6 or fact.choices or not self._is_counted(quantity, fact):
                continue
            sums = {sum(some) for size in (2, len(counts)) for some in combinations(counts, size)}
            if set(quantity.values) & sums and not set(quantity.values) & set(counts):
                return fact
        return None

    def _is_counted(self, quantity: Quantity, fact: ReadFact) -> bool:
        """Whether the text counts what the fact is called: “three pockets” from a fact `Pockets`."""
        _first, last = self.reading.places(quantity.start, quantity.end)
        nouns = {stem(lemma) for lemma in self.reading.lemmas(last, last + 2)}
        behind = self.reading.text[quantity.end : quantity.end + 4]
        return bool(nouns & (fact.name_stems - _GOODS)) or len(fact.view.name) > 1 and behind.startswith(fact.view.name)

    def _counts_all(self, quantity: Quantity) -> bool:
        """“A set of three pieces”, 三件套: what may be a cover and two cases; two covers are none."""
        written = self.text[quantity.start : quantity.end + 8]
        return _ANYTHING.search(written) is not None

    def _totals(self) -> Iterator[tuple[ReadFact, str, Fraction, bool]]:
        """What facts add up to, and whether different things are added."""
        counts = set()
        for fact in self.base.facts:
            by_dimension: dict[str, list[Fraction]] = {}
            for dimension, amount in self._plain(fact):
                by_dimension.setdefault(dimension, []).append(amount)
                if dimension == COUNT and 1 < amount <= 1000 and _counts_the_goods(fact):
                    counts.add(amount)
            packs = [
                row[:2] for each in fact.measured if each.quantity.end - each.quantity.start > 5 for row in each.amounts
                if row[0] != COUNT and not each.is_derived and each.quantity.start < each.quantity.end and "x" in _signs(fact, each)
            ]  # fmt: skip
            if packs:
                yield fact, packs[0][0], sum(amount for dimension, amount in packs if dimension == packs[0][0]), False
            for dimension, amounts in by_dimension.items():
                if 1 < len(amounts) <= MOST_NUMBERS:
                    yield fact, dimension, sum(amounts), True
        for fact in self.base.facts:
            for dimension, amount in self._plain(fact):
                for count in counts if dimension != COUNT or not _counts_the_goods(fact) else ():
                    yield fact, dimension, amount * count, False

    def _differences(self) -> Iterator[tuple[ReadFact, str, Fraction]]:
        for fact in self.base.facts:
            if fact.choices:
                rows = [list(_amounts_in(f"{choice} {fact.view.unit}")) for choice in fact.choices[:MOST_NUMBERS]]
                for one, other in combinations(rows, 2):
                    for (dimension, amount), (same, second) in zip(one, other, strict=False):
                        if dimension == same and amount != second:
                            yield fact, dimension, abs(amount - second)
            else:
                rows = list(self._plain(fact))
                if len(rows) == 2 and rows[0][0] == rows[1][0]:
                    yield fact, rows[0][0], abs(rows[0][1] - rows[1][1])

    def _in_proportion(self, quantity: Quantity) -> ReadFact | None:
        """“Sixteen items take 60 ml” from “30 ml for 8 items”: two numbers of the text are as many times two of a fact."""
        mine = [row[:2] for row in metric_amounts(quantity)]
        first, last = self.reading.sentence(*self.reading.places(quantity.start, quantity.end))
        beside = [
            row[:2]
            for other in self.reading.quantities
            if other is not quantity and first <= self.reading.places(other.start, other.end)[0] < last
            for row in metric_amounts(other)
        ]
        for fact in self.base.facts:
            rows = list(self._plain(fact))
            if not 2 <= len(rows) <= 3:
                continue
            for (dimension, amount), (other_dimension, other) in ((a, b) for a in rows for b in rows if a is not b):
                for said_dimension, said in mine:
                    times = said / amount if amount else 0
                    if said_dimension != dimension or times.denominator != 1 or not 1 < times <= MOST_TIMES:
                        continue
                    if (other_dimension, other * times) in beside and dimension != other_dimension:
                        return fact
        return None

    def _plain(self, fact: ReadFact) -> Iterator[tuple[str, Fraction]]:
        """The amounts that the fact itself writes, each once."""
        if fact.view.role == "attribute":
            for each in fact.measured:
                if not (each.is_derived or each.is_scale) and each.amounts and "x" not in _signs(fact, each):
                    yield each.amounts[0][:2]

    def _sentence(self, quantity: Quantity) -> str:
        return self._written(*self.reading.sentence(*self.reading.places(quantity.start, quantity.end)))

    def _clause(self, quantity: Quantity) -> str:
        return self._written(*self.reading.clause(*self.reading.places(quantity.start, quantity.end)))

    def _written(self, first: int, last: int) -> str:
        rows = self.reading.words.words
        return self.reading.text[rows[first].start : rows[last - 1].end].casefold() if first < last else ""


def _counts_the_goods(fact: ReadFact) -> bool:
    """`Contents: 2 × 60 g`, 数量: 3本: how many there are of the whole thing, and not how many vents it has."""
    return not fact.choices and (bool(fact.name_stems & _GOODS) or fact.view.name.endswith(_CHINESE_GOODS))


def _signs(fact: ReadFact, measured) -> str:
    """A sign of multiplication inside the number: its amount is a product already."""
    written = fact.view.text[measured.quantity.start : measured.quantity.end].casefold()
    return "x" if re.search(r"[x×*]", written) else ""


def _amounts_in(written: str) -> Iterator[tuple[str, Fraction]]:
    for quantity in read_all(written, ""):
        for row in metric_amounts(quantity)[:1]:
            yield row[:2]


def _matches(amounts, dimension: str, amount: Fraction) -> bool:
    return any(
        each == dimension and (said == amount if dimension == COUNT else is_close(said, amount))
        for each, said in amounts
    )


def _says(written: str, latin: frozenset[str], chinese: tuple[str, ...]) -> bool:
    if any(each in written for each in chinese):
        return True
    return any(re.search(rf"\b{each}\b", written) for each in latin)
