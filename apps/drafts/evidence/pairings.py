"""What variants have together: “black in size 36” where black begins at 41, “the oak one has a drawer” where it has none."""

from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.evidence.choices import YES_OR_NO, choice_facts, places_of
from apps.drafts.evidence.claims import Collected, Unsupported
from apps.drafts.evidence.conversion import metric_amounts
from apps.drafts.evidence.facts import ReadFact
from apps.drafts.evidence.reading import Reading
from apps.drafts.models import Severity
from apps.drafts.rules.compounds import read_all

_NO = YES_OR_NO - {"yes", "true", "included", "是", "有", "可", "含", "支持", "✓"}

# Where a value stands, and the variants that have it.
Place = tuple[int, int, frozenset[int]]


class PairingReader:
    """Finds clauses that name one variant and say of it what another one has."""

    def __init__(self, reading: Reading):
        self.reading = reading

    def read(self, into: Collected) -> None:
        facts = [fact for fact in choice_facts(self.reading.base) if fact.view.by_variant]
        if len(facts) < 2:
            return
        named = [(fact, list(self._names(fact))) for fact in facts if not _is_told_by_yes(fact)]
        said = [(fact, [*places, *self._numbers(fact)]) for fact, places in named]
        said += [(fact, list(self._owned(fact))) for fact in facts if _is_told_by_yes(fact)]
        for one, names in named:
            for clause, name in _alone(self._by_clause(names)):
                for other, values in said:
                    if other is one:
                        continue
                    for value in self._by_clause(values).get(clause, ()):
                        if not name[2] & value[2] and not (name[0] < value[1] and value[0] < name[1]):
                            self._add(name, value, other, into)

    def _names(self, fact: ReadFact) -> Iterator[Place]:
        for choice in fact.choices:
            if len(choice) > 1 and not any(map(str.isdigit, choice)):
                having = _having(fact, choice)
                for start, end in places_of(self.reading, choice):
                    yield start, end, having

    def _numbers(self, fact: ReadFact) -> Iterator[Place]:
        amounts = [_amounts_of(value, fact.view.unit) for value in fact.view.by_variant]
        for quantity in self.reading.quantities:
            mine = {row[:2] for row in metric_amounts(quantity)}
            having = frozenset(place for place, each in enumerate(amounts) if mine & each)
            if having and len(having) < len(amounts):
                yield quantity.start, quantity.end, having

    def _owned(self, fact: ReadFact) -> Iterator[Place]:
        """Where the text says the name of a thing that some variants have, and does not deny it."""
        having = frozenset(
            place for place, each in enumerate(fact.view.by_variant) if each.strip().casefold() not in _NO
        )
        for start, end in self.reading.find_value(fact.view.name):
            if not self.reading.is_denied(start, end):
                yield start, end, having

    def _by_clause(self, places: list[Place]) -> dict[int, list[Place]]:
        clauses: dict[int, list[Place]] = {}
        for place in places:
            first, last = self.reading.places(*place[:2])
            start, end = self.reading.clause(first, first + 1)
            if last <= end:
                clauses.setdefault(start, []).append(place)
        return clauses

    def _add(self, name: Place, value: Place, fact: ReadFact, into: Collected) -> None:
        text = self.reading.text
        message = Wording(
            _("The variant “%(variant)s” does not have “%(value)s” (%(fact)s)."),
            variant=text[name[0] : name[1]][:100], value=text[value[0] : value[1]][:100], fact=fact.said,
        )  # fmt: skip
        into.unsupported.append(Unsupported(value[0], value[1], "variant", message, Severity.BLOCK))


def _alone(clauses: dict[int, list[Place]]) -> Iterator[tuple[int, Place]]:
    """The clauses that name one variant only."""
    for clause, places in clauses.items():
        if len({place[2] for place in places}) == 1:
            yield clause, places[-1]


def _is_told_by_yes(fact: ReadFact) -> bool:
    return all(choice.casefold().strip() in YES_OR_NO for choice in fact.choices)


def _having(fact: ReadFact, choice: str) -> frozenset[int]:
    return frozenset(place for place, each in enumerate(fact.view.by_variant) if each == choice)


@lru_cache(maxsize=4096)
def _amounts_of(value: str, unit: str) -> frozenset:
    return frozenset(
        row[:2] for quantity in read_all(f"{value} {unit}".strip(), "") for row in metric_amounts(quantity)
    )
