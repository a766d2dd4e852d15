"""A text as the claim readers see it: its words, mentions, numbers, clauses and sentences, read once."""

from functools import cached_property

from apps.drafts.evidence.facts import FactBase
from apps.drafts.evidence.lexicon import Mention
from apps.drafts.evidence.negation import is_negated
from apps.drafts.evidence.words import STOP, Words
from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.quantities import read_quantities

# Kinds of concepts that name something without claiming it.
_CUES = frozenset(["aspect", "part", "color"])


class Reading:
    def __init__(self, text: str, language: str, base: FactBase):
        self.text = text
        self.language = language
        self.base = base
        self.words = Words(text)

    @cached_property
    def mentions(self) -> list[Mention]:
        return self.base.lexicon.find(self.words)

    @cached_property
    def claims(self) -> list[Mention]:
        return [each for each in self.mentions if each.concept.kind not in _CUES]

    @cached_property
    def cues(self) -> list[Mention]:
        """What numbers near them measure, and of which part."""
        return [each for each in self.mentions if each.concept.kind in ("aspect", "part")]

    @cached_property
    def quantities(self) -> list[Quantity]:
        return read_quantities(self.text, self.language)

    def clause(self, first: int, last: int) -> tuple[int, int]:
        """The words around [first, last) up to the nearest sign on either side."""
        rows = self.words.words
        start, end = first, last
        while start > 0 and rows[start - 1].lemma != STOP:
            start -= 1
        while end < len(rows) and rows[end].lemma != STOP:
            end += 1
        return start, end

    def sentence(self, first: int, last: int) -> tuple[int, int]:
        """The words around [first, last) up to the ends of the sentence."""
        start, end = first, last
        while start > 0 and not self._ends(start - 1):
            start -= 1
        while end < len(self.words) and not self._ends(end):
            end += 1
        return start, end

    def lemmas(self, first: int, last: int) -> list[str]:
        return [word.lemma for word in self.words.words[max(0, first) : last]]

    def negates(self, mention: Mention) -> bool:
        return is_negated(self.words, mention.first, mention.last)

    def places(self, start: int, end: int) -> tuple[int, int]:
        """The words that code points [start, end) cover."""
        first = self.words.place_at(start)
        last = max(first + 1, self.words.place_at(end))
        return first, min(last, len(self.words))

    def _ends(self, place: int) -> bool:
        return self.words.words[place].lemma == STOP and self.words.is_sentence_end(place)
