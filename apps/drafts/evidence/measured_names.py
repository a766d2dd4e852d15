"""Whether a number is said of what its fact measures: weight of weight, charging time of charging time."""

from apps.drafts.evidence.facts import ReadFact, stem
from apps.drafts.evidence.lexicon import Concept, Mention
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.words import STOP
from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.units import COUNT

# A cue further away than this belongs to another thought.
_REACH = 6
_GENERIC = frozenset(
    [
        "quantity",
        "piece",
        "pcs",
        "count",
        "number",
        "pack",
        "set",
        "content",
        "amount",
        "qty",
        "unit",
        "item",
        "total",
        "package",
        "includ",
        "suppli",
    ]
)
_CHINESE_GENERIC = ("数量", "件数", "规格", "包装", "套装", "内含", "清单", "个数", "数目", "配置", "包含", "净含量")


class NameJudge:
    def __init__(self, reading: Reading):
        self.reading = reading
        self.lexicon = reading.base.lexicon

    def contradicts(self, quantity: Quantity, fact: ReadFact) -> bool:
        """Whether the words around the number say that it measures something else than the fact does."""
        if fact.view.role != "attribute":
            return False
        dimensions = {f"@{dimension}" for dimension, _amount in quantity.amounts()}
        if f"@{COUNT}" in dimensions and len(dimensions) == 1:
            return self._counts_other_things(quantity, fact)
        known = {each for each in fact.measures if self._measures(each, dimensions)}
        cues = self._nearest(quantity, dimensions)
        if not cues:
            return False
        if not known:
            return False
        return not any(self._agree(cue.concept, each) for cue in cues for each in known)

    def _nearest(self, quantity: Quantity, dimensions: set[str]) -> list[Mention]:
        """The nearest cue before the number and the nearest behind it, inside its clause; the nearer ones of them."""
        first, last = self.reading.places(quantity.start, quantity.end)
        start, end = self.reading.clause(first, last)
        rows: list[tuple[int, Mention]] = []
        for cue in self.reading.cues:
            if cue.concept.kind != "aspect" or not self._measures(cue.concept, dimensions):
                continue
            if start <= cue.first and cue.last <= end:
                gap = first - cue.last if cue.last <= first else cue.first - last
                if -1 <= gap <= _REACH:
                    rows.append((gap, cue))
        rows.sort(key=lambda row: row[0])
        return [cue for gap, cue in rows if gap <= rows[0][0] + 1]

    def _measures(self, concept: Concept, dimensions: set[str]) -> bool:
        return any(Concept("aspect", each) in self.lexicon.broader.get(concept, ()) for each in dimensions)

    def _agree(self, cue: Concept, measure: Concept) -> bool:
        return self.lexicon.is_kind_of(cue, measure) or self.lexicon.is_kind_of(measure, cue)

    def _counts_other_things(self, quantity: Quantity, fact: ReadFact) -> bool:
        """“two pockets” from “Zips: 2”: some other fact speaks of pockets, or the counting fact of another thing."""
        nouns = self._nouns(quantity)
        if not nouns or nouns & fact.stems:
            return False
        return any(noun in self.reading.base.stems for noun in nouns) and not _is_generic(fact)

    def _nouns(self, quantity: Quantity) -> set[str]:
        """What is counted: the word behind the number, or the one behind that ("two roomy pockets")."""
        _first, last = self.reading.places(quantity.start, quantity.end)
        rows = self.reading.words.words[last : last + 2]
        nouns = set()
        for row in rows:
            if row.lemma == STOP or not row.lemma.isascii():
                break
            nouns.add(stem(row.lemma))
        return nouns


def _is_generic(fact: ReadFact) -> bool:
    if any(word in fact.view.name for word in _CHINESE_GENERIC):
        return True
    return any(stem(word.lemma) in _GENERIC for word in fact.name_words.words)
