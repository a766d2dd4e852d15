"""Finding many phrases in one pass over a text, however they are dressed up."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

from apps.drafts.rules.folding import fold, folded

T = TypeVar("T")
# Scripts whose words stand without spaces: Han, kana, Hangul, Thai and their neighbours.
_DENSE = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_SPACED = re.compile(rf"[^\W_{_DENSE}]")
_HAN = re.compile(r"[\u3400-\u9fff]")

# Cyrillic and Greek letters that look like Latin ones in most fonts, after folding (so lower case), in pairs. Of some
# only the capital is the look-alike (В, Н, Р): folding made the small form of it.
_PAIRS = (
    "аa вb сc ԁd еe ѐe ёe һh нh іi їi јj кk ӏl мm оo рp ԛq ѕs тt ѵv ѡw ԝw хx уy үy ґr гr пn "
    "αa βb εe ζz ηn ιi κk νv οo ρp τt υu χx γy ωw"
)
_LOOK_ALIKES = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
_FOREIGN = re.compile("[\u0370-\u052f]")
_WORD = re.compile("[a-z0-9\u0370-\u052f]+")


@lru_cache(maxsize=16)
def comparable(text: str) -> tuple[str, list[int] | range]:
    """`fold`, and look-alikes of Latin letters read as these where they stand beside Latin letters or fill a word.

    Kept for the last texts, because every list is looked for in the same ones; nobody may change the offsets.
    """
    shown, offsets = fold(text)
    return _without_masks(shown), offsets


def comparable_words(text: str) -> str:
    """The words of `comparable`, with no way back to where they stood: for what reads very many texts once."""
    return _without_masks(folded(text))


def _without_masks(folded_text: str) -> str:
    if _FOREIGN.search(folded_text):
        return _WORD.sub(lambda match: _unmasked(match[0]), folded_text)
    return folded_text


def _unmasked(word: str) -> str:
    if not _FOREIGN.search(word):
        return word
    shown = word.translate(_LOOK_ALIKES)
    # A Russian word keeps letters that look like no Latin one.
    return shown if shown.isascii() and len(shown) > 1 else word


class Lexicon(Generic[T]):
    """Finds every occurrence of many phrases, overlapping ones included, in time linear in the text.

    Phrases stand between the ends of words where their script has such; `*` at a phrase's end takes any ending, `…` the
    next two Chinese characters. A table by the first two characters holds the lengths that occur; each place costs one
    look-up per length.
    """

    def __init__(self, rows: Iterable[tuple[str, T]]):
        self._entries: dict[str, list[tuple[str, T]]] = defaultdict(list)
        lengths: dict[str, set[int]] = defaultdict(set)
        for phrase, payload in rows:
            ending = phrase[-1:] if phrase[-1:] in ("*", "…") else ""
            key = comparable(phrase.removesuffix(ending) if ending else phrase)[0].strip()
            if key:
                self._entries[key].append((ending, payload))
                lengths[key[:2]].add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}
        firsts = {key[0] for key in self._lengths}
        spaced = "".join(sorted(char for char in firsts if is_spaced(char)))
        others = "".join(sorted(firsts - set(spaced)))
        patterns = [f"(?<!{_SPACED.pattern})[{re.escape(spaced)}]"] * bool(spaced)
        self._starts = re.compile("|".join(patterns + [f"[{re.escape(others)}]"] * bool(others))) if firsts else None

    def search(self, text: str) -> Iterator[tuple[int, int, int, T]]:
        """Start, end of the phrase, end of what is marked (code points of `text`), payload."""
        if self._starts is None:
            return
        folded, offsets = comparable(text)
        for match in self._starts.finditer(folded):
            start = match.start()
            for key in (folded[start : start + 2], folded[start]):
                for length in self._lengths.get(key, ()):
                    end = start + length
                    if end <= len(folded) and (found := self._entries.get(folded[start:end])):
                        yield from _shaped(folded, offsets, start, end, found)
                if len(key) == 1:
                    break

    def __len__(self) -> int:
        return len(self._entries)


def _shaped(folded, offsets, start: int, end: int, found):
    is_within = end < len(folded) and is_spaced(folded[end - 1]) and is_spaced(folded[end])
    for ending, payload in found:
        marked = end
        if ending == "*":
            while marked < len(folded) and is_spaced(folded[marked]):
                marked += 1
        elif is_within:
            continue
        elif ending == "…":
            while marked < min(end + 2, len(folded)) and _HAN.match(folded[marked]):
                marked += 1
        yield offsets[start], _end(offsets, end), _end(offsets, marked), payload


def _end(offsets, end: int) -> int:
    return max(offsets[end], offsets[end - 1] + 1)


def is_spaced(char: str) -> bool:
    """Whether the character belongs to words that spaces set apart."""
    return char.isalnum() and (char.isascii() or _SPACED.match(char) is not None)
