"""A text as a row of words: Latin words by their dictionary form, Chinese by character, with the way back."""

import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from apps.drafts.rules.folding import fold

# A sign that parts clauses: no phrase reaches across it.
STOP = "\0"
_WORD = re.compile(
    r"[a-zà-öø-ÿĀ-ɏ]+(?:'(?:s|t|re|ve|ll|d)\b)?|\d+(?:[.,:/]\d+)*|[\u3400-\u9fff\u3040-\u30ff\U00020000-\U0003ffff]"
    r"|[.!?;:,()\n。！？；：，、（）•·|—–\[\]【】「」『』《》…]|[^\W\d_]+|[%&+™®]"
)
_CHINESE_GAP = re.compile(r"[\u3400-\u9fff] [\u3400-\u9fff]")
_STOPS = frozenset(".!?;:,()\n。！？；：，、（）•·|—–[]【】「」『』《》…")
# “Headaches” loses one letter, “reaches” two.
_ACHES = re.compile(r"(?:\b|head|tooth|stomach|back|heart|belly|ear|tummy)aches\Z")
_SENTENCE_STOPS = frozenset(".!?;\n。！？；•")


class Word(NamedTuple):
    """`lemma` is what phrases are compared by; [start, end) are code points of the text."""

    lemma: str
    start: int
    end: int


class Words:
    """The words of a text. `stops[i]` is the sign itself where words[i].lemma is STOP."""

    def __init__(self, text: str):
        # A line's end parts clauses; fold() would make a space of it.
        folded, offsets = fold(text.replace("\n", "•"))
        self.text = text
        self.words: list[Word] = []
        self.written: list[str] = []
        for match in _WORD.finditer(folded):
            written = match[0]
            start, end = offsets[match.start()], offsets[match.end()]
            if self.words and _CHINESE_GAP.fullmatch(folded, match.start() - 2, match.start() + 1):
                # Chinese sets no spaces between words: one parts the items of a title.
                self.words.append(Word(STOP, start, start))
                self.written.append(" ")
            if written in _STOPS:
                if written in ".," and _is_inside_number(folded, match.start()):
                    continue
                self.words.append(Word(STOP, start, end))
            else:
                self.words.append(Word(lemma(written), start, max(end, start + 1)))
            self.written.append(written)
        self._starts = [word.start for word in self.words]

    def __len__(self) -> int:
        return len(self.words)

    def is_sentence_end(self, place: int) -> bool:
        return self.written[place] in _SENTENCE_STOPS

    def place_at(self, offset: int) -> int:
        """Index of the first word that starts at or behind `offset`; len(self) where there is none."""
        return bisect_left(self._starts, offset)


@lru_cache(maxsize=16384)
def words_of(text: str) -> Words:
    """The words of a short text that is read again and again: a fact's name, a value. Not to be changed."""
    return Words(text)


def _is_inside_number(folded: str, place: int) -> bool:
    return folded[place - 1 : place].isdigit() and folded[place + 1 : place + 2].isdigit()


@lru_cache(maxsize=65536)
def lemma(word: str) -> str:
    """The singular of an English noun, the bare form of `'s`; anything else as it is.

    Verbs keep their endings: a term lists them or ends in `*`.
    """
    word = re.sub(r"'(?:s|t|re|ve|ll|d)\Z", lambda match: "" if match[0] == "'s" else match[0], word)
    if len(word) < 4 or not word.isascii() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "zzes", "sses")) and not _ACHES.search(word):
        return word[:-2]
    return word[:-1]
