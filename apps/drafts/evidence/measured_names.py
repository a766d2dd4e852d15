"""Whether a number is said of what its fact measures: weight of weight, charging time of charging time."""

import os
import re

from apps.drafts.evidence.choices import named_choices
from apps.drafts.evidence.conversion import metric_amounts
from apps.drafts.evidence.cues import pieces, words
from apps.drafts.evidence.facts import Measured, ReadFact, share_of, stem
from apps.drafts.evidence.lexicon import Concept, Mention
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.subjects import SubjectJudge
from apps.drafts.evidence.words import STOP, Words, lemma, words_of
from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.units import COUNT

# A cue further away than this belongs to another thought.
_REACH, _REACH_BEHIND = 6, 3
_GENERIC = frozenset(map(stem, words("counts anything")))
_CHINESE_GENERIC = pieces("counts anything, Chinese")
_VARIETIES = frozenset(map(stem, words("varieties")))
_CHINESE_VARIETIES = words("varieties, Chinese")
_PLAIN_MEASURES = words("plain measures")
_CONTAINERS = frozenset(map(stem, words("containers")))
_CHINESE_GENERAL = words("measured in general, Chinese")
_LINKS, _AND = words("links"), words("joins")
_OF_PART = re.compile(
    r"(?P<noun>(?:[a-z]+ ){0,1}[a-z]+)(?:,? (?:which|that))? (?:weighs?|weighing|measures?|measuring|stands?|is)"
    r"(?: (?:just|only|about|around|a|an|up to|at|over|under|roughly|mere|in at))* ?\Z",
    re.IGNORECASE,
)
_TWO_CHINESE = re.compile(r"[\u3400-\u9fff]{2}")
_PACK = re.compile(r"\d\s*[\u4e00-\u9fff]?\s*[x×*]\s*\d")
_REVIEWED = re.compile(r"review|rating|评价|评分|好评", re.IGNORECASE)
_PART_CUE = re.compile(r"([\u3400-\u9fff]{2})(?:[长宽高厚深重]|直径|长度|宽度|高度|厚度)(?:约|为|达|有|仅|只)?\Z")
_WHOLE = words("the whole, Chinese")
_CHINESE_WORD = re.compile(r"[\u3400-\u9fff]+")
_PACK_OF = re.compile(r"\b(?:set|pack|box|bundle|case|lot|kit) of(?: about)? ?\Z", re.IGNORECASE)
_PACKED = ("-pack", " pack", "件套", "支装", "件装", "只装", "套装", "瓶装", "袋装", "盒装", "片装")
_JOINED = re.compile(r" ?(?:-|–|to|or|and|~|至|到) ?", re.IGNORECASE)


class NameJudge:
    def __init__(self, reading: Reading):
        self.reading = reading
        self.base = reading.base
        self.lexicon = reading.base.lexicon
        self.cue_lexicon = reading.base.cue_lexicon
        self.subjects = SubjectJudge(reading)

    def contradicts(
        self, quantity: Quantity, support: ReadFact, share_of_fact: frozenset[Concept] = frozenset()
    ) -> bool:
        """Whether the words around the number say that it measures something else than the fact does."""
        if support.view.role != "attribute":
            return self._counts_named_in_front(quantity, support)
        dimensions = {f"@{dimension}" for dimension, _amount in quantity.amounts()}
        if self.is_quoted(quantity, support):
            return False
        if dimensions == {f"@{COUNT}"}:
            if not quantity.values or quantity.values[0].denominator != 1:
                return False
            return self._counts_other_things(quantity, support)
        if dimensions == {"@percent"} and self._is_share_of_another(quantity, support, share_of_fact):
            return True
        known = {each for each in support.measures if self._measures(each, dimensions)}
        cues = self._nearest(quantity, dimensions)
        if cues and known and not any(self._agree(cue.concept, each) for cue in cues for each in known):
            return True
        return (
            self._has_a_nearer_name(quantity, support)
            or self._is_said_of_a_part(quantity, support)
            or self._is_said_of_a_named_part(quantity, support)
            or self.subjects.is_of_another(quantity, support)
        )

    def _is_said_of_a_named_part(self, quantity: Quantity, support: ReadFact) -> bool:
        """箱体全高104厘米, where 104 cm is what 拉杆全高 says and 箱体 is another fact's name."""
        first, last = self.reading.places(quantity.start, quantity.end)
        start, _end = self.reading.clause(first, last)
        rows = self.reading.words.words
        before = "".join(row.lemma for row in rows[max(start, first - 6) : first])
        if self._names_a_part(before, support):
            return True
        if len(before) < 4 or before.endswith(support.view.name) or not _CHINESE_WORD.fullmatch(before):
            return False
        return any(
            fact is not support
            and fact.view.role == "attribute"
            and len(fact.view.name) > 1
            and fact.view.name in before
            and fact.view.name not in support.view.name
            and fact.view.name not in self.base.titles
            for fact in self.base.facts
        )

    def is_quoted(self, quantity: Quantity, support: ReadFact) -> bool:
        """Whether the number stands in the fact together with the words next to it."""
        first, last = self.reading.places(quantity.start, quantity.end)
        rows = self.reading.words.words
        said = f"{support.view.name} {support.view.text}".casefold().replace(" ", "")
        behind = [(first, last + 1), (first, last + 2)]
        is_latin = first > 0 and rows[first - 1].lemma.isascii() and len(rows[first - 1].lemma) > 2
        for start, end in [*behind, (first - 1, last)] if is_latin else behind:
            if start < 0 or end > len(rows) or any(row.lemma == STOP for row in rows[start:end]):
                continue
            written = self.reading.text[rows[start].start : rows[end - 1].end].casefold().replace(" ", "")
            if len(written) > quantity.end - quantity.start + 1 and written in said:
                return True
        return False

    def _names_a_part(self, before: str, support: ReadFact) -> bool:
        """车架重12.5公斤, 刀片长20厘米: the two characters before the measure name a part that the fact does not."""
        match = _PART_CUE.search(before)
        if match is None or match[1] in _WHOLE or match[1] in support.view.name or match[1] in self.base.titles:
            return False
        parts = {each.concept for each in self.cue_lexicon.find(words_of(match[1])) if each.concept.kind == "part"}
        if parts & self.subjects.parts_of(support):
            return False
        return bool(parts) or any(
            match[1] in fact.view.name or match[1] in fact.view.text
            for fact in self.base.facts
            if fact is not support and fact.view.role == "attribute"
        )

    def _is_share_of_another(self, quantity: Quantity, support: ReadFact, of_fact: frozenset[Concept]) -> bool:
        """“40% cotton” from “60% cotton, 40% linen”."""
        said = share_of(quantity, self.reading.mentions, self.reading.text)
        stated = of_fact or frozenset(
            each.concept for each in support.stated if each.end == len(support.view.text) and not each.start
        )
        if not said or not stated:
            return False
        return not any(self.lexicon.is_kind_of(one, other) for one in stated for other in said)

    def counts_parts(self, quantity: Quantity, fact: ReadFact) -> bool:
        """Whether a bare number may count what a fact lists: “three colours” of a fact called colours, “all three”."""
        if quantity.units[0] is not None and quantity.units[0].dimension not in (COUNT, "pair"):
            return False
        nouns = self._nouns(quantity, 3)
        behind = self.reading.text[quantity.end : quantity.end + 4]
        if _PACK_OF.search(self.reading.text[max(0, quantity.start - 16) : quantity.start]) or behind.startswith(
            _PACKED
        ):
            return False  # “set of 2” counts whole products
        if fact.choices and named_choices(self.reading, fact) > 1:
            return True
        if nouns & _VARIETIES or self.reading.text[quantity.end - 1] in _CHINESE_VARIETIES:
            return True
        return (
            not nouns
            and not behind[:1].isalnum()
            or bool(nouns & fact.name_stems)
            or any(char in fact.view.name for char in behind if "\u3400" <= char <= "\u9fff")
            or self._names_concept_of(quantity, fact)
        )

    def _names_concept_of(self, quantity: Quantity, fact: ReadFact) -> bool:
        """A list of colours is counted as 颜色 in another language, too."""
        first, last = self.reading.places(quantity.start, quantity.end)
        behind = {each.concept for each in self.reading.mentions if last <= each.first <= last + 2}
        return bool(behind & {each.concept for each in self.lexicon.find(fact.name_words)})

    def measured_by_name(self, quantity: Quantity) -> list[tuple[ReadFact, Measured]]:
        """Facts that hold this number with a unit, where the words around the bare number name what they measure."""
        first, last = self.reading.places(quantity.start, quantity.end)
        start, end = self.reading.clause(first, last)
        cues = [each for each in self.reading.cues if start <= each.first and each.last <= end]
        stems = {stem(lemma) for lemma in self.reading.lemmas(max(start, first - 4), min(end, last + 3))}
        return [
            (fact, measured)
            for fact in self.base.facts
            for measured in fact.measured
            if set(measured.quantity.values) & set(quantity.values)
            and not measured.is_derived
            and not measured.is_scale
            if measured.quantity.units[0] is not None
            and (
                stems & fact.name_stems or any(self._agree(cue.concept, each) for cue in cues for each in fact.measures)
            )
        ]

    def _has_a_nearer_name(self, quantity: Quantity, support: ReadFact) -> bool:
        """Whether another fact that measures the same dimension is named right beside the number: 刃长 20.5 厘米, where
        20.5 cm is the whole length."""
        dimensions = {row[0] for row in metric_amounts(quantity)}
        mine = self._distance(quantity, support)
        first, last = self.reading.places(quantity.start, quantity.end)
        rows = self.reading.words.words
        start, end = self.reading.clause(first, last)
        around = "".join(row.lemma for row in rows[max(start, first - 6) : min(end, last + 5)] if row.lemma != STOP)
        for fact in self.base.facts:
            if fact is support or fact.view.role != "attribute" or fact.view.name == support.view.name:
                continue
            if not any(row[0] in dimensions for each in fact.measured for row in each.amounts):
                continue
            if self._tells_apart(around, fact.view.name, support.view.name):
                return True
            other = self._distance(quantity, fact, passing=support.measures)
            if other is not None and other <= 2 and (mine is None or mine > other + 1):
                return True
        return False

    def _tells_apart(self, around: str, other: str, mine: str) -> bool:
        """Whether two Chinese names share an end and the words around hold what is the other's alone: 无线 / 有线输出."""
        shared = os.path.commonprefix([other[::-1], mine[::-1]])[::-1]
        if not shared or not _CHINESE_WORD.fullmatch(other) or not _CHINESE_WORD.fullmatch(mine):
            return False
        others, mines = other.removesuffix(shared), mine.removesuffix(shared)
        if len(others) == 1:
            others, mines = others + shared[0], mines + shared[0]
        return len(others) > 1 and others in around and mines not in around

    def _distance(self, quantity: Quantity, fact: ReadFact, passing: frozenset[Concept] = frozenset()) -> int | None:
        """Words between the number and the nearest word of the fact's name in its clause; None where there is none.

        In Chinese, two characters of the name have to stand together. Cues of what `passing` measures are passed over.
        """
        first, last = self.reading.places(quantity.start, quantity.end)
        start, end = self.reading.clause(first, last)
        rows = self.reading.words.words
        best = None
        agreeing = {
            place
            for cue in self.reading.cues
            if any(self._agree(cue.concept, each) for each in passing)
            for place in range(cue.first, cue.last)
        }
        for place in range(start, end):
            if place in agreeing:
                continue
            if first <= place < last or not self._is_of_name(rows, place, (first, last, end), fact):
                continue
            gap = first - place - 1 if place < first else place - last
            if not self._is_nearer_to_another(place, first, last, start, end):
                best = gap if best is None else min(best, gap)
        return best

    def _is_of_name(self, rows, place: int, span: tuple[int, int, int], fact: ReadFact) -> bool:
        first, last, end = span
        written = rows[place].lemma
        if written.isascii():
            beside = first - place in (1, 2) or place == last
            telling = fact.name_stems - _GENERIC - (frozenset() if beside else self.base.title_stems)
            return len(written) > 2 and written not in _LINKS and stem(written) in telling
        pair = written + (rows[place + 1].lemma if place + 1 < end else "")
        back = rows[place - 1].lemma + written if place else ""
        return any(
            len(each) == 2 and each in fact.view.name and each not in self.base.titles and each not in _CHINESE_GENERAL
            for each in (pair, back)
        )

    def _is_nearer_to_another(self, place: int, first: int, last: int, start: int, end: int) -> bool:
        mine = first - place if place < first else place - last + 1
        for other in self.reading.quantities:
            at, behind = self.reading.places(other.start, other.end)
            if at == first or not start <= at < end:
                continue
            gap = at - place if place < at else place - behind + 1
            if 0 <= gap <= mine:
                return True
        return False

    def _is_said_of_a_part(self, quantity: Quantity, support: ReadFact) -> bool:
        """“the rain cover weighs 980 g” where 980 g is the weight of the whole."""
        match = _OF_PART.search(self.reading.text[max(0, quantity.start - 60) : quantity.start])
        if match is None:
            return False
        nouns = {stem(word.lemma) for word in Words(match["noun"]).words if word.lemma != STOP}
        nouns -= self.base.title_stems | support.stems
        parts = {each.concept for each in self.cue_lexicon.find(words_of(match["noun"])) if each.concept.kind == "part"}
        if parts & self.subjects.parts_of(support):
            return False  # the lead and the `Cable` are one
        return any(
            nouns & fact.name_stems for fact in self.base.facts if fact is not support and fact.view.role == "attribute"
        )

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
                between = self.reading.lemmas(last, cue.first) or self.reading.lemmas(cue.last, first)
                if _AND & set(between):
                    continue  # “hot for twelve hours and cold for a day”
                if gap and cue.end - cue.start == 1 and not self.reading.text[cue.start].isascii():
                    continue  # 深灰5毫米 speaks of no depth
                if -1 <= gap <= (_REACH if cue.last <= first else _REACH_BEHIND):
                    rows.append((gap, cue))
        rows.sort(key=lambda row: row[0])
        return [cue for gap, cue in rows if gap <= rows[0][0] + 1]

    def _measures(self, concept: Concept, dimensions: set[str]) -> bool:
        return any(Concept("aspect", each) in self.cue_lexicon.broader.get(concept, ()) for each in dimensions)

    def _agree(self, cue: Concept, measure: Concept) -> bool:
        return self.cue_lexicon.is_kind_of(cue, measure) or self.cue_lexicon.is_kind_of(measure, cue)

    def _counts_other_things(self, quantity: Quantity, support: ReadFact) -> bool:
        """“two pockets” from “Zips: 2”: some other fact speaks of pockets, or the counting fact of another thing."""
        nouns = self._nouns(quantity, 2)
        if self._nouns(quantity, 4) & support.stems or self._names_concept_of(quantity, support):
            return False
        is_packed = nouns & _CONTAINERS and _PACK.search(support.view.text)
        if not is_packed and any(
            noun in fact.name_stems and fact is not support and fact.view.role == "attribute"
            for noun in nouns
            for fact in self.base.stems.get(noun, ())
        ):
            return True
        if _is_generic(support):
            return False
        if any(noun in self.base.stems for noun in nouns):
            return True
        if self._counts_named_in_front(quantity, support):
            return True
        behind = self.reading.text[quantity.end : quantity.end + 2]
        if self.reading.text[quantity.end - 1] not in _PLAIN_MEASURES or not _TWO_CHINESE.fullmatch(behind):
            return False
        return behind not in support.view.name + support.view.text and any(
            behind in fact.view.name or behind in fact.view.text for fact in self.base.facts if fact is not support
        )

    def _counts_named_in_front(self, quantity: Quantity, support: ReadFact) -> bool:
        """枕套四只, where a fact counts 枕套 and another number is four."""
        before = self.reading.text[max(0, quantity.start - 2) : quantity.start]
        said = {stated.concept for stated in support.stated}
        if any(each.end == quantity.start and each.concept in said for each in self.reading.mentions):
            return False
        if not _TWO_CHINESE.fullmatch(before) or before in support.view.name + support.view.text:
            return False
        return any(
            before in fact.view.name + fact.view.text and any(not each.is_derived for each in fact.measured)
            for fact in self.base.facts
            if fact.view.role == "attribute"
        )

    def _nouns(self, quantity: Quantity, reach: int) -> set[str]:
        """What is counted: the word behind the number, or one of the next ("two roomy pockets")."""
        for other in self.reading.quantities:
            if other.start > quantity.end and _JOINED.fullmatch(self.reading.text[quantity.end : other.start]):
                quantity = other  # “two to four players”: the noun stands behind the second number
                break
        _first, last = self.reading.places(quantity.start, quantity.end)
        nouns = set()
        is_chinese = not self.reading.text[quantity.end - 1].isascii()
        if own := re.search(r"-([a-z]+)\Z", self.reading.text[quantity.start : quantity.end].casefold()):
            return {stem(lemma(own[1]))}  # “1,000-piece jigsaw”
        if is_chinese or not quantity.has_noun and None in quantity.units:
            return nouns
        for row in self.reading.words.words[last : last + reach]:
            if row.lemma == STOP or not row.lemma.isascii():
                break
            if row.lemma not in _LINKS:
                nouns.add(stem(row.lemma))
        return nouns


def _is_generic(fact: ReadFact) -> bool:
    if any(word in fact.view.name for word in _CHINESE_GENERIC) or fact.view.name.endswith("数"):
        return True
    if _PACK.search(fact.view.text) or _REVIEWED.search(f"{fact.view.name} {fact.view.text}"):
        return True
    return any(stem(word.lemma) in _GENERIC for word in fact.name_words.words)
