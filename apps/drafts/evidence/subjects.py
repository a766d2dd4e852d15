"""What thing a number is said of: the cable of “a 1.8 m cable”, 机身 of 机身长50厘米; and what thing its fact says it of."""

import re

from apps.drafts.evidence.cues import pieces, words
from apps.drafts.evidence.facts import Measured, ReadFact, stem
from apps.drafts.evidence.lexicon import Concept
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.words import STOP, Words, words_of
from apps.drafts.rules.amounts import Quantity

# Words that may stand between a thing and its measure: “armrests adjustable from 42 cm”.
_BETWEEN = words("leads to a measure")
_CHINESE_BETWEEN = re.compile(
    r"(?:" + "|".join(map(re.escape, sorted(pieces("leads to a measure, Chinese"), key=len, reverse=True))) + r")+\Z"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_VERBS = words("says a measure")
_CHINESE_WHOLE, _CHINESE_GENERAL = pieces("the whole, Chinese"), words("measured in general, Chinese")
# Words that a thing's name and its measure may have between them.
MOST_BETWEEN, MOST_CHARACTERS = 6, 8


class SubjectJudge:
    """Compares the thing that a text measures with the thing that the supporting fact measures."""

    def __init__(self, reading: Reading):
        self.reading = reading
        self.base = reading.base
        self.cue_lexicon = reading.base.cue_lexicon

    def is_of_another(self, quantity: Quantity, support: ReadFact, measured: Measured | None = None) -> bool:
        """Whether the text says the number of a part or thing that another fact is about and `support` is not."""
        if self._is_english_subject(quantity, support) or self._is_measure_of_another(quantity, support):
            return True
        return self._is_chinese_subject(quantity, support)

    def _is_english_subject(self, quantity: Quantity, support: ReadFact) -> bool:
        first, _last = self.reading.places(quantity.start, quantity.end)
        start, end = self.reading.clause(first, first + 1)
        rows = self.reading.words.words
        has_verb = False
        for place in range(first - 1, max(start, first - MOST_BETWEEN) - 1, -1):
            lemma = rows[place].lemma
            if lemma == STOP or not lemma.isalpha() or not lemma.isascii():
                return False
            if lemma in _VERBS or (lemma in ("a", "an") and rows[max(0, place - 2)].lemma == "the"):
                has_verb = True  # the last without one: “the cable a featherweight 198 g”
            elif lemma not in _BETWEEN:
                is_subject = has_verb and self._is_anothers(place, support)
                return is_subject and not self._names(start, end, support, place)
        return False

    def _is_measure_of_another(self, quantity: Quantity, support: ReadFact) -> bool:
        """“6 mm lugs”, “24 cm of memory foam”, where another fact measures the lugs and the foam in millimetres, too."""
        dimensions = {unit.dimension for unit in quantity.units if unit}
        nouns = self._measured_things(quantity) - support.stems - self.base.title_stems - _GENERAL if dimensions else ()
        return any(
            noun in fact.stems
            and any(unit and unit.dimension in dimensions for each in fact.measured for unit in each.quantity.units)
            for noun in nouns
            for fact in self.base.stems.get(noun, ())
            if fact is not support and fact.view.role == "attribute"
        )

    def _measured_things(self, quantity: Quantity) -> set[str]:
        """The word or two behind a measure, up to the next sign or “and”."""
        rows = self.reading.words.words
        _first, last = self.reading.places(quantity.start, quantity.end)
        last += last < len(rows) and rows[last].lemma == "of"
        things = set()
        for row in rows[last : last + 2]:
            if not row.lemma.isalpha() or row.lemma in _JOINS:
                break
            things.add(stem(row.lemma))
        return things

    def _is_anothers(self, first: int, support: ReadFact) -> bool:
        """Whether the word names a part, or stands in the name of another fact, and has no place in this one."""
        lemma = self.reading.words.words[first].lemma
        word = stem(lemma)
        if len(lemma) < 3 or word in support.stems or word in self.base.title_stems:
            return False
        parts = {each.concept for each in self.reading.cues if each.first <= first < each.last and is_part(each)}
        if not _is_in_one_script(support.view.text, lemma):
            return bool(parts) and not parts & self.parts_of(support)
        if parts:
            return not parts & self.parts_of(support)
        return any(
            word in fact.name_stems
            for fact in self.base.facts
            if fact is not support and fact.view.role == "attribute" and word not in _GENERAL
        )

    def parts_of(self, fact: ReadFact) -> frozenset[Concept]:
        """The parts that a fact or the title names; worked out once for a product."""
        known = self.base.parts
        if fact.index not in known:
            said = f"{fact.view.name} {fact.view.text} {self.base.titles}"
            broader = self.cue_lexicon.broader
            known[fact.index] = frozenset(
                wider for each in self.cue_lexicon.find(Words(said)) if is_part(each) for wider in broader[each.concept]
            )
        return known[fact.index]

    def _names(self, start: int, end: int, support: ReadFact, without: int) -> bool:
        """Whether the clause has a word of the support's own name: “the arm's cable reaches 1.8 m”."""
        rows = self.reading.words.words
        telling = support.name_stems - _GENERAL - self.base.title_stems
        return any(stem(rows[place].lemma) in telling for place in range(start, end) if place != without)

    def _is_chinese_subject(self, quantity: Quantity, support: ReadFact) -> bool:
        before = self.reading.text[max(0, quantity.start - MOST_CHARACTERS) : quantity.start]
        before = re.split(r"[^\u3400-\u9fff]", before)[-1]
        said = _CHINESE_BETWEEN.sub("", before)[-4:]
        is_year = any(1900 < value < 2100 for value in quantity.values)
        if len(said) < 2 or is_year:
            return False
        own = support.view.name + support.view.text + self.base.titles
        pairs = [said[place : place + 2] for place in range(len(said) - 1)]
        if (
            any(pair in own for pair in pairs)
            or said.endswith(_CHINESE_WHOLE)
            or set(said[-2:]) & set(support.view.name)
        ):
            return False
        parts = {each.concept for each in self.cue_lexicon.find(words_of(said[-3:])) if is_part(each)}
        if parts:
            return not parts & self.parts_of(support)
        # A variant may be named by its colour: 橙色一米五.
        return (
            pairs[-1] not in _CHINESE_GENERAL
            and any(
                pairs[-1] in fact.view.name + fact.view.text
                for fact in self.base.facts
                if fact is not support and fact.view.role == "attribute" and not fact.choices
            )
            and not any(pairs[-1] in fact.view.text for fact in self.base.facts if fact.choices)
        )


_JOINS = words("joins")
_GENERAL = frozenset(map(stem, words("counts anything") | words("measured in general")))


def _is_in_one_script(one: str, other: str) -> bool:
    return bool(_CHINESE.search(one)) == bool(_CHINESE.search(other))


def is_part(mention) -> bool:
    return mention.concept.kind == "part"
