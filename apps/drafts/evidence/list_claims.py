"""One thing too many in a list: “wood, metal and masonry” from a fact that says wood and metal."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.evidence.claims import Collected, Unsupported
from apps.drafts.evidence.cues import words
from apps.drafts.evidence.facts import ReadFact, stem
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.words import STOP
from apps.drafts.models import Severity

_JOINT = re.compile(
    r"\s{0,3}(?:,\s*(?:and|or|plus)\s|,|\s(?:and|or|plus|as well as)\s|、|和|与|及|以及|或|搭配|还有)\s{0,3}"
)
_SENTENCE = re.compile(r"[^.!?;:\n。！？；：（）()]+")
# What a list of names is made of: anything longer is a clause of its own.
MOST_WORDS, MOST_CHARACTERS = 4, 6
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class ListReader:
    """Finds lists of which most members stand in one fact and one stands in none."""

    def __init__(self, reading: Reading):
        self.reading = reading
        self.base = reading.base
        self._idle = words("links") | words("idle in lists")

    def read(self, into: Collected) -> None:
        for items in self._lists():
            found = [self._facts_of(*item[:2]) for item in items]
            for fact in {fact.index: fact for facts in found for fact in facts}.values():
                members = sum(fact in facts for facts in found)
                if members < 2 or members < len(items) - 1 or not self._is_in_one_script(fact):
                    continue
                for item, facts in zip(items, found, strict=True):
                    if not facts and item[2] and self._is_name(*item[:2]) and not self.reading.is_denied(*item[:2]):
                        self._add(item[:2], fact, into)

    def _is_in_one_script(self, fact: ReadFact) -> bool:
        """A list in another language is matched by the dictionary alone, which does not know every word."""
        return bool(_CHINESE.search(fact.view.text)) == bool(_CHINESE.search(self.reading.text))

    def _lists(self) -> Iterator[list[tuple[int, int, bool]]]:
        """Runs of three or more short pieces with joints between."""
        text = self.reading.text
        for sentence in _SENTENCE.finditer(text):
            run: list[tuple[int, int, bool]] = []
            start = sentence.start()
            for joint in [*_JOINT.finditer(text, sentence.start(), sentence.end()), None]:
                end = joint.start() if joint else sentence.end()
                piece = self._trimmed(start, end, is_first=not run, is_last=joint is None)
                if piece:
                    run.append(piece)
                if not piece or joint is None:
                    if len(run) > 2:
                        yield run
                    run = []
                start = joint.end() if joint else end

    def _trimmed(self, start: int, end: int, *, is_first: bool, is_last: bool) -> tuple[int, int, bool] | None:
        """The piece if it is short enough for a name, or the end of the first, the beginning of the last one; and whether
        it is whole."""
        text = self.reading.text[start:end]
        most = MOST_CHARACTERS if _CHINESE.search(text) else MOST_WORDS
        place = self.reading.words.place_at(start)
        rows = []
        while place < len(self.reading.words) and self.reading.words.words[place].start < end:
            rows.append(self.reading.words.words[place])
            place += 1
        if not rows or any(row.lemma == STOP for row in rows):
            return None
        is_whole = len(rows) <= most
        if not is_whole:
            if is_first:
                rows = rows[-(1 if most == MOST_WORDS else 2) :]
            elif is_last:
                rows = rows[: 1 if most == MOST_WORDS else 2]
            else:
                return None
        return rows[0].start, rows[-1].end, is_whole

    def _facts_of(self, start: int, end: int) -> list[ReadFact]:
        """The facts that hold this piece, by its words or by a concept that it names."""
        first, last = self.reading.places(start, end)
        stems = {stem(lemma) for lemma in self.reading.lemmas(first, last)} - self._idle
        named = {each.concept for each in self.reading.mentions if first <= each.first and each.last <= last}
        found = []
        for fact in self.base.facts:
            if fact.is_denied:
                continue
            said = {each.concept for each in fact.stated if not each.is_negated}
            if (
                any(self.base.lexicon.is_kind_of(one, other) for one in said for other in named)
                or stems
                and self._holds(fact, stems, self.reading.text[start:end])
            ):
                found.append(fact)
        return found

    def _holds(self, fact: ReadFact, stems: set[str], written: str) -> bool:
        if _CHINESE.search(written):
            pairs = [written[place : place + 2] for place in range(len(written) - 1)] or [written]
            return any(pair in fact.view.text for pair in pairs)
        return bool(stems & fact.stems)

    def _is_name(self, start: int, end: int) -> bool:
        """Whether the piece could be a member: no verb or pronoun gives it away as a clause."""
        first, last = self.reading.places(start, end)
        lemmas = self.reading.lemmas(first, last)
        return not any(lemma in self._idle or lemma.isdigit() for lemma in lemmas) and not any(
            quantity.start < end and start < quantity.end for quantity in self.reading.quantities
        )

    def _add(self, item: tuple[int, int], fact: ReadFact, into: Collected) -> None:
        message = Wording(
            _("The fact “%(fact)s” names no “%(words)s”."),
            words=self.reading.text[item[0] : item[1]][:100], fact=fact.said,
        )  # fmt: skip
        into.unsupported.append(Unsupported(*item, "compatibility", message, Severity.BLOCK))
