"""A text as the claim readers see it: its words, mentions, numbers, clauses and sentences, read once."""

from functools import cached_property

from apps.drafts.evidence.conversion import metric_amounts
from apps.drafts.evidence.cues import words
from apps.drafts.evidence.facts import FactBase, stem
from apps.drafts.evidence.lexicon import INNOCENT, Mention
from apps.drafts.evidence.negation import is_negated
from apps.drafts.evidence.words import STOP, Words, words_of
from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.compounds import read_all

# Kinds of concepts that name something without claiming it.
_CUES = frozenset(["color"])


class Reading:
    def __init__(self, text: str, language: str, base: FactBase, field: str = "long_description"):
        self.text = text
        self.language = language
        self.base = base
        self.words = Words(text)
        self.field = field
        # More numbers than anyone reads: nothing further is checked.
        self.is_flooded = False
        self.sentences_about: dict[int, bool] = {}
        self.choice_places: dict[str, list[tuple[int, int]]] = {}

    @cached_property
    def named(self) -> list[Mention]:
        """What the dictionary knows in the text, innocent words included."""
        return self.base.lexicon.find_all(self.words)

    @cached_property
    def mentions(self) -> list[Mention]:
        return [each for each in self.named if each.concept.id != INNOCENT]

    @cached_property
    def claims(self) -> list[Mention]:
        return [
            each
            for each in self.mentions
            if each.concept.kind not in _CUES and (not each.concept.id.endswith("-named") or self._is_fitted(each))
        ]

    def _is_fitted(self, mention: Mention) -> bool:
        """A bare word becomes a claim by its verb, “holds tablets”, or where a fact denies it: “and laptop”."""
        if mention.concept.kind != "compatibility":
            return False
        before = set(self.lemmas(mention.first - 2, mention.first))
        if before & words("fits") and STOP not in before:
            return True
        wider = self.base.lexicon.broader.get(mention.concept, ())
        return not self.base.by_concept.get(mention.concept) and any(
            stated.is_negated and stated.concept in wider for fact in self.base.facts for stated in fact.stated
        )

    @cached_property
    def cues(self) -> list[Mention]:
        """What numbers near them measure, and of which part."""
        return self.base.cue_lexicon.find(self.words)

    @cached_property
    def quantities(self) -> list[Quantity]:
        return read_all(self.text, self.language)

    def clause(self, first: int, last: int) -> tuple[int, int]:
        """The words around [first, last) up to the nearest sign on either side."""
        starts, ends = self._clauses
        return starts[min(first, len(starts) - 1)] if starts else 0, ends[last - 1] if last else 0

    def sentence(self, first: int, last: int) -> tuple[int, int]:
        """The words around [first, last) up to the ends of the sentence."""
        starts, ends = self._sentences
        return starts[min(first, len(starts) - 1)] if starts else 0, ends[last - 1] if last else 0

    @cached_property
    def _clauses(self) -> tuple[list[int], list[int]]:
        return self._bounds(lambda place: self.words.words[place].lemma == STOP)

    @cached_property
    def _sentences(self) -> tuple[list[int], list[int]]:
        return self._bounds(self._ends)

    def _bounds(self, is_end) -> tuple[list[int], list[int]]:
        """For every word where its stretch begins, and where it ends; a sign counts to the stretch before it."""
        count = len(self.words)
        starts, ends = [0] * count, [count] * count
        for place in range(1, count):
            starts[place] = place if is_end(place - 1) else starts[place - 1]
        for place in range(count - 1, -1, -1):
            is_last = place + 1 == count or is_end(place) or is_end(place + 1)
            ends[place] = place + 1 if is_last else ends[place + 1]
        return starts, ends

    @cached_property
    def said_values(self) -> frozenset:
        """Every value that a number of the text may have."""
        return frozenset(value for each in self.quantities for value in each.values)

    def lemmas(self, first: int, last: int) -> list[str]:
        return [word.lemma for word in self.words.words[max(0, first) : last]]

    def negates(self, mention: Mention) -> bool:
        return is_negated(self.words, mention.first, mention.last)

    def places(self, start: int, end: int) -> tuple[int, int]:
        """The words that code points [start, end) cover."""
        first = self.words.place_at(start)
        last = max(first + 1, self.words.place_at(end))
        return first, min(last, len(self.words))

    def find_value(self, value: str) -> list[tuple[int, int]]:
        """Where the text names a fact's value (or name): by its words, by an equal number, by the concept it names."""
        wanted = words_of(value)
        stems = [stem(word.lemma) for word in wanted.words if word.lemma != STOP]
        if not stems:
            return []
        rows = self.words.words
        found = [
            (rows[place].start, rows[place + len(stems) - 1].end)
            for place in range(len(rows) - len(stems) + 1)
            if all(stem(rows[place + step].lemma) == each for step, each in enumerate(stems))
        ]
        found = found or self._find_loosely(stems)
        if found:
            return found
        if any(char.isdigit() for char in value):
            return self._find_numbers(value)
        concepts = {each.concept for each in self.base.lexicon.find(wanted) if each.last - each.first == len(wanted)}
        return [(each.start, each.end) for each in self.mentions if each.concept in concepts]

    def _find_loosely(self, stems: list[str]) -> list[tuple[int, int]]:
        """Where the telling words of a longer value stand close together: “long sleeves with a roll-up tab”."""
        telling = {each for each in stems if len(each) > 2 and each.isascii() and each not in words("links")}
        if len(telling) < 2:
            return []
        rows = [stem(word.lemma) for word in self.words.words]
        places = [place for place, each in enumerate(rows) if each in telling]
        for start in places:
            near = [place for place in places if 0 <= place - start <= len(stems) + 3]
            if {rows[place] for place in near} == telling:
                return [(self.words.words[start].start, self.words.words[near[-1]].end)]
        return []

    def _find_numbers(self, value: str) -> list[tuple[int, int]]:
        wanted = [row[:2] for quantity in read_all(value, "") for row in metric_amounts(quantity)]
        return [
            (quantity.start, quantity.end)
            for quantity in self.quantities
            if any(row[:2] in wanted for row in metric_amounts(quantity))
        ]

    def is_denied(self, start: int, end: int) -> bool:
        return is_negated(self.words, *self.places(start, end))

    def _ends(self, place: int) -> bool:
        return self.words.words[place].lemma == STOP and self.words.is_sentence_end(place)
