"""What one language of a product's copy says and another says differently.

Only what both state is compared: amounts of the same measure, materials, certificates and origins, and properties that
one affirms and the other denies. Where confirmed facts bear out both, the texts merely chose differently.
"""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from apps.core import languages
from apps.core.wording import Wording
from apps.drafts.checking import FindingView
from apps.drafts.evidence.check import base_of
from apps.drafts.evidence.conversion import is_close, metric_amounts
from apps.drafts.evidence.facts import FactBase
from apps.drafts.evidence.lexicon import Concept, Mention
from apps.drafts.evidence.reading import Reading
from apps.drafts.models import Severity
from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.units import COUNT
from apps.products.services.audit.texts import LiveBatch, LiveCopy

RULE = "contradiction"
# One text can only be one of these at a time, unless the other is a kind of it: oak is wood.
EXCLUSIVE = ("material", "certification", "origin")
# A cue further away than this many words measures something else.
REACH = 6
MOST = 10

MESSAGE = _(
    "This text says “%(words)s”, the text in %(language)s says “%(other)s”. One of them is wrong: look at the facts."
)

Span = tuple[int, int]
Place = tuple[int, str, str, str]


class Clash(NamedTuple):
    """Code points of one text and of the other that can't both be true."""

    one: Span
    other: Span


def contradictions(batch: LiveBatch) -> dict[Place, list[FindingView]]:
    """Findings by the place of a text (`LiveCopy.place`), told on both sides."""
    groups: dict[tuple[int, str], list[LiveCopy]] = {}
    for copy in batch.copies:
        groups.setdefault((copy.listing.product_id, copy.field), []).append(copy)
    found: dict[Place, list[FindingView]] = {}
    for (product_id, _field), copies in groups.items():
        if len({languages.primary(copy.language) for copy in copies}) < 2:
            continue
        base = base_of(batch.facts[product_id])
        readings = {copy.place: Reading(copy.text, languages.primary(copy.language), base) for copy in copies}
        for one, other in _pairs(copies):
            for clash in clashes(readings[one.place], readings[other.place])[:MOST]:
                found.setdefault(one.place, []).append(_finding(one, clash.one, other, clash.other))
                found.setdefault(other.place, []).append(_finding(other, clash.other, one, clash.one))
    return found


def clashes(one: Reading, other: Reading) -> list[Clash]:
    return list(chain(_amounts(one, other), _denials(one, other), _denials_back(one, other), _exclusive(one, other)))


def _pairs(copies: list[LiveCopy]) -> Iterator[tuple[LiveCopy, LiveCopy]]:
    """Each text beside one of every other language, of its own listing where that has one."""
    seen = set()
    for copy in copies:
        for language in dict.fromkeys(languages.primary(each.language) for each in copies):
            if language == languages.primary(copy.language):
                continue
            others = [each for each in copies if languages.primary(each.language) == language]
            other = min(others, key=lambda each: each.listing.pk != copy.listing.pk)
            pair = frozenset([copy.place, other.place])
            if pair not in seen:
                seen.add(pair)
                yield copy, other


def _finding(copy: LiveCopy, span: Span, other: LiveCopy, other_span: Span) -> FindingView:
    words = Wording(
        MESSAGE, words=copy.text[slice(*span)][:60], other=other.text[slice(*other_span)][:60],
        language=Wording(languages.english_name(other.language)),
    )  # fmt: skip
    return FindingView(RULE, int(Severity.WARN), *span, str(words)[:500], words.to_json())


class _Amount(NamedTuple):
    quantity: Quantity
    readings: frozenset
    cues: frozenset[Concept]

    @property
    def span(self) -> Span:
        return (self.quantity.start, self.quantity.end)


def _amounts(one: Reading, other: Reading) -> Iterator[Clash]:
    ours, theirs = _by_dimension(one), _by_dimension(other)
    for dimension in ours.keys() & theirs.keys():
        for mine, yours in _comparable(ours[dimension], theirs[dimension], one.base):
            if not _are_same(mine, yours) and not (_is_stated(mine, one.base) and _is_stated(yours, one.base)):
                yield Clash(mine.span, yours.span)


def _by_dimension(reading: Reading) -> dict[str, list[_Amount]]:
    found: dict[str, list[_Amount]] = {}
    for quantity in reading.quantities:
        if quantity.units[0] is None or not quantity.values:
            continue
        readings = frozenset((dimension, amount) for dimension, amount, _written in metric_amounts(quantity))
        dimensions = {dimension for dimension, _amount in readings} - {COUNT}
        amount = _Amount(quantity, readings, _cues(reading, quantity))
        for dimension in dimensions:
            found.setdefault(dimension, []).append(amount)
    return found


def _cues(reading: Reading, quantity: Quantity) -> frozenset[Concept]:
    """What the words near the number say that it measures."""
    first, last = reading.places(quantity.start, quantity.end)
    start, end = reading.clause(first, last)
    near = [
        cue.concept for cue in reading.cues
        if cue.concept.kind == "aspect" and start <= cue.first and cue.last <= end
        and max(first - cue.last, cue.first - last) <= REACH
    ]  # fmt: skip
    return frozenset(near)


def _comparable(ours: list[_Amount], theirs: list[_Amount], base: FactBase) -> Iterator[tuple[_Amount, _Amount]]:
    """Amounts that measure the same: the only ones of their kind, or the only ones of a named measure."""
    if len(ours) == 1 and len(theirs) == 1:
        if not ours[0].cues or not theirs[0].cues or _agree(ours[0].cues, theirs[0].cues, base):
            yield ours[0], theirs[0]
        return
    for mine in ours:
        same = [each for each in theirs if _agree(mine.cues, each.cues, base)]
        back = [each for each in ours if same and _agree(each.cues, same[0].cues, base)]
        if len(same) == 1 and len(back) == 1:
            yield mine, same[0]


def _agree(one: frozenset[Concept], other: frozenset[Concept], base: FactBase) -> bool:
    return any(_are_related(base, mine, yours) for mine in one for yours in other)


def _are_same(one: _Amount, other: _Amount) -> bool:
    if one.readings & other.readings:
        return True
    return any(
        dimension == other_dimension and is_close(amount, other_amount)
        for dimension, amount in one.readings
        for other_dimension, other_amount in other.readings
    )


def _is_stated(amount: _Amount, base: FactBase) -> bool:
    """Whether some confirmed fact gives this amount."""
    for fact in base.facts:
        for measured in fact.measured:
            if amount.readings & {
                (dimension, value) for dimension, value, _written in metric_amounts(measured.quantity)
            }:
                return True
    return False


def _denials(one: Reading, other: Reading) -> Iterator[Clash]:
    """What `one` affirms and `other` denies."""
    affirmed, _denied = _signs(one)
    _affirmed, denied = _signs(other)
    for concept in affirmed.keys() & denied.keys():
        if concept not in _denied and concept not in _affirmed:
            yield Clash(affirmed[concept], denied[concept])


def _denials_back(one: Reading, other: Reading) -> Iterator[Clash]:
    for clash in _denials(other, one):
        yield Clash(clash.other, clash.one)


def _signs(reading: Reading) -> tuple[dict[Concept, Span], dict[Concept, Span]]:
    """The first place of each concept that the text affirms, and of each that it denies."""
    signs: tuple[dict[Concept, Span], dict[Concept, Span]] = ({}, {})
    for mention in reading.claims:
        signs[reading.negates(mention)].setdefault(mention.concept, (mention.start, mention.end))
    return signs


def _exclusive(one: Reading, other: Reading) -> Iterator[Clash]:
    """Materials, certificates and origins of which the texts have none in common."""
    for kind in EXCLUSIVE:
        ours, theirs = _affirmed(one, kind), _affirmed(other, kind)
        if not ours or not theirs:
            continue
        if any(_are_related(one.base, mine.concept, yours.concept) for mine in ours for yours in theirs):
            continue
        if all(one.base.stating(each.concept, False) for each in (*ours, *theirs)):
            continue
        yield Clash((ours[0].start, ours[0].end), (theirs[0].start, theirs[0].end))


def _affirmed(reading: Reading, kind: str) -> list[Mention]:
    return [each for each in reading.claims if each.concept.kind == kind and not reading.negates(each)]


def _are_related(base: FactBase, one: Concept, other: Concept) -> bool:
    return base.lexicon.is_kind_of(one, other) or base.lexicon.is_kind_of(other, one)
