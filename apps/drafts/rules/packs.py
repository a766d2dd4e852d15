"""The packs that ship with the product, one rule each; all of them are found in one pass over the text."""

import logging
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, islice
from typing import NamedTuple

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from apps.core import languages, markets
from apps.core.wording import Wording
from apps.drafts.packs import Pack, Phrase, packs
from apps.drafts.packs.reasons import REASONS
from apps.drafts.registry import CheckContext
from apps.drafts.rules.base import Rule, Span
from apps.drafts.rules.matching import Lexicon, comparable

_HAN = re.compile(r"[\u3400-\u9fff]")
# Characters on either side that decide how a Chinese phrase is parted into words.
_NEIGHBOURS = 8
# A text with more can't be approved; the rest need not be read.
MOST_HITS = 10_000


class _Hit(NamedTuple):
    """[start, end) is the phrase, `marked` the end of what is underlined."""

    start: int
    end: int
    marked: int
    phrase: Phrase


class _Reach:
    """How far innocent places go, asked by where they begin."""

    def __init__(self, places: list[tuple[int, int]]):
        places = sorted(places)
        self._starts = [start for start, _end in places]
        self._ends = list(accumulate((end for _start, end in places), max))

    def holds(self, start: int, end: int) -> bool:
        """Whether one place holds [start, end) and more: “risk-free” is as long as the innocent “…-free”, and guilty."""
        return end <= self._from(bisect_left(self._starts, start)) or end < self._from(
            bisect_right(self._starts, start)
        )

    def _from(self, count: int) -> int:
        return self._ends[count - 1] if count else -1


class PackRule(Rule):
    """Subclasses name the pack; its header says where it counts until a manager says otherwise."""

    is_switchable = True

    def __init__(self):
        self.pack: Pack = packs()[self.id]
        self.pack_key = self.pack.key
        self.may_except = self.pack.kind != "law"
        patterns = self.pack.innocent_patterns
        self._innocent = re.compile("|".join(f"(?:{each})" for each in patterns)) if patterns else None

    def is_on(self, *, language: str, market: str) -> bool:
        pack = self.pack
        if not pack.is_on or not _is_one_of(language, pack.languages):
            return False
        if not pack.markets:
            return True
        if not market:
            return _is_one_of(language, pack.languages_without_market)
        return markets.is_in(market, pack.markets)

    def find(self, text: str, context: CheckContext):
        hits = _hits(text).get(self.id)
        if not hits:
            return
        for hit in self._guilty(text, hits):
            if hit.phrase.proofs and _is_fact(hit.phrase.proofs, context):
                continue
            reason = REASONS[hit.phrase.reason]
            message = Wording(
                _("“%(piece)s”: %(why)s %(instead)s"),
                piece=text[hit.start : hit.marked][:60], why=Wording(reason.why), instead=Wording(reason.instead),
            )  # fmt: skip
            yield Span(hit.start, hit.marked, message, hit.phrase.severity, self.may_except and reason.may_except)

    def _guilty(self, text: str, hits: list[_Hit]) -> Iterator[_Hit]:
        """Without what stands in innocent text or in a longer phrase that weighs as much."""
        innocent = [(hit.start, hit.end) for hit in hits if not hit.phrase.severity]
        if self._innocent is not None and len(innocent) < len(hits):
            innocent += _places(self._innocent, text)
        reach = _Reach(innocent)
        last: _Hit | None = None
        for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, -hit.phrase.severity)):
            if not hit.phrase.severity or reach.holds(hit.start, hit.end) or (last and _holds(last, hit)):
                continue
            if _is_word(text, hit.start, hit.end):
                last = hit
                yield hit


class LawChina(PackRule):
    id = "law-cn"
    name = gettext_lazy("Advertising law, China")
    explanation = gettext_lazy("Words that the Advertising Law of China forbids or asks proof for.")


class LawEurope(PackRule):
    id = "law-eu"
    name = gettext_lazy("Advertising law, EU")
    explanation = gettext_lazy("Health, environmental and price claims that EU law forbids or asks proof for.")


class LawUnitedStates(PackRule):
    id = "law-us"
    name = gettext_lazy("Advertising law, USA")
    explanation = gettext_lazy("Health, environmental, origin and price claims that US law forbids or asks proof for.")


class Safety(PackRule):
    id = "safety"
    name = gettext_lazy("Unsafe words")
    explanation = gettext_lazy("Slurs, obscene, violent and self-harm words, medical promises.")


class Leftovers(PackRule):
    id = "house"
    name = gettext_lazy("Leftovers and filler")
    explanation = gettext_lazy("Filler text, words of the model about itself, gaps to fill, phrases that say nothing.")


def _holds(outer: _Hit, inner: _Hit) -> bool:
    return outer.end >= inner.end and outer.phrase.severity >= inner.phrase.severity


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon[tuple[str, Phrase]]:
    return Lexicon((phrase.text, (pack.id, phrase)) for pack in packs().values() for phrase in pack.phrases)


@lru_cache(maxsize=8)
def _hits(text: str) -> dict[str, list[_Hit]]:
    """What every pack finds in a text, innocent phrases included; kept for the pack rules that ask one after another."""
    found: dict[str, list[_Hit]] = {}
    for start, end, marked, (pack, phrase) in islice(_lexicon().search(text), MOST_HITS):
        found.setdefault(pack, []).append(_Hit(start, end, marked, phrase))
    return found


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether a Chinese phrase begins and ends where words do: 出口交货 is 出口 and 交货, with nothing indecent inside.

    Only asked of what was found, so that a good text costs nothing.
    """
    left, right = max(0, start - _NEIGHBOURS), min(len(text), end + _NEIGHBOURS)
    if end - start < 2 or not (_HAN.match(text[start]) and _HAN.match(text[end - 1])):
        return True
    bounds, place = {left}, left
    for word in _segmenter().cut(text[left:right], HMM=False):
        place += len(word)
        bounds.add(place)
    return start in bounds and end in bounds


@lru_cache(maxsize=1)
def _segmenter():
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.dt


def _places(pattern: re.Pattern, text: str) -> list[tuple[int, int]]:
    folded, offsets = comparable(text)
    return [(offsets[match.start()], offsets[match.end()]) for match in pattern.finditer(folded)]


def _is_fact(proofs: tuple[str, ...], context: CheckContext) -> bool:
    """Whether a confirmed fact says any of these words, in its value or as `name value`."""
    words = [comparable(proof)[0] for proof in proofs]
    said = (comparable(f"{fact.name} {fact.text}")[0] for fact in context.facts)
    return any(word in text for text in said for word in words)


def _is_one_of(language: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(languages.is_within(language, each) for each in wanted)
