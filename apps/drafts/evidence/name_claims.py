"""Proper names that no fact holds: brands, people, works, places, techniques."""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.evidence.claims import Collected, Unsupported
from apps.drafts.evidence.cues import words
from apps.drafts.evidence.facts import stem
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.words import lemma
from apps.drafts.models import Severity
from apps.drafts.rules.units import unit_of

_TOKEN = re.compile(r"[^\W\d_](?:[\w'’]|[-&](?=\w))*")
_CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-Þ]")
# What a sentence, a line or a quotation begins behind.
_OPENING = re.compile(r"(?:^|[.!?:;•·|\n\"“”‘()\[\]–—*…]|\s[-/])\s*(?:[\"“‘(\[]\s*)*\Z|\d[.)]\s*\Z")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ][A-Za-zÀ-ÖØ-öø-ɏ'’.&-]+")
_WORK = re.compile(r"《([^《》\n]{1,40})》")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
# From this share of capitals on, a line is set as a title, and a capital says nothing.
_TITLE_SHARE = 0.6
_JOINS = frozenset(["of", "de", "the", "von", "van", "&", "and", "del", "la", "le"])


class NameReader:
    """Finds names by their capitals, in Chinese by Latin letters, by 《》 and by what their bearer did."""

    def __init__(self, reading: Reading):
        self.reading = reading
        self.text = reading.text
        self.known = reading.base
        said = [f"{fact.name} {fact.text}" for fact in self.known.all if fact.status == "confirmed"]
        self._facts = "\n".join(said)
        self._folded_facts = self._facts.casefold()
        self._covered = [(each.start, each.end) for each in reading.named]

    def read(self, into: Collected) -> None:
        chinese = len(_CHINESE.findall(self.text))
        finder = self._in_chinese if 8 * chinese > len(self.text) else self._in_latin
        for start, end in finder():
            words_ = Wording(_("No confirmed fact names “%(words)s”."), words=self.text[start:end][:100])
            into.unsupported.append(Unsupported(start, end, "name", words_, Severity.BLOCK))

    def _in_latin(self) -> Iterator[tuple[int, int]]:
        offset = 0
        for line in self.text.split("\n"):
            tokens = [(match.start() + offset, match.end() + offset, match[0]) for match in _TOKEN.finditer(line)]
            is_title = self._is_title(tokens)
            yield from self._joined([token for token in tokens if self._is_name(token, is_title)])
            offset += len(line) + 1

    def _is_title(self, tokens) -> bool:
        long = [written for _start, _end, written in tokens if len(written) > 3]
        return len(long) > 1 and sum(map(_is_capitalised, long)) >= _TITLE_SHARE * len(long)

    def _is_name(self, token: tuple[int, int, str], is_title: bool) -> bool:
        start, end, written = token
        # A code, such as X200, is judged as a number is.
        if not _is_capitalised(written) or any(map(str.isdigit, written)) or self._is_known(start, end, written):
            return False
        if is_title:
            return not is_dictionary_word(written)
        if self._opens(start):
            return len(written) > 3 and not is_dictionary_word(written)
        return True

    def _opens(self, start: int) -> bool:
        """Whether a sentence, a quotation or, behind whatever sign, a line begins here."""
        line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        return not any(map(str.isalnum, line)) or _OPENING.search(line[-6:]) is not None

    def _is_known(self, start: int, end: int, written: str) -> bool:
        folded = written.casefold().replace("’", "'")
        if folded in words("links") or folded in words("idle in lists") or folded in words("speaks of the product"):
            return True
        pieces = [folded, *re.split(r"[-&]", folded)]
        pieces = [re.sub(r"'(?:s|t|ll|ve|re|d|m)?\Z", "", piece) for piece in pieces if piece]
        if all(piece in _idle() or lemma(piece) in _idle() for piece in pieces[1:] or pieces) or pieces[0] in _idle():
            return True
        if any(start < other_end and other_start < end for other_start, other_end in self._covered):
            return True
        if re.search(rf"(?<!\w){re.escape(pieces[0])}(?!\w)", self._folded_facts) is not None:
            return True
        stems = self.known.stems
        return stem(lemma(pieces[0])) in stems or all(
            stem(lemma(piece)) in stems or piece in _idle() for piece in pieces[1:] or pieces
        )

    def _joined(self, tokens) -> Iterator[tuple[int, int]]:
        """Neighbouring names, with an “of” or an ampersand between, are one."""
        start = end = None
        for token_start, token_end, _written in tokens:
            gap = self.text[end:token_start].split() if end is not None else None
            if gap is not None and len(gap) < 2 and set(gap) <= _JOINS and "\n" not in self.text[end:token_start]:
                end = token_end
                continue
            if start is not None:
                yield start, end
            start, end = token_start, token_end
        if start is not None:
            yield start, end

    def _in_chinese(self) -> Iterator[tuple[int, int]]:
        for match in _LATIN.finditer(self.text):
            written = match[0].rstrip(".'’-&")
            if len(written) > 1 and not self._is_known(match.start(), match.start() + len(written), written):
                yield match.start(), match.start() + len(written)
        for match in _WORK.finditer(self.text):
            if match[1] not in self._facts:
                yield match.start(), match.end()
        for match in _role().finditer(self.text):
            if match[1] not in self._facts:
                yield match.start(1), match.end(1)


def _is_capitalised(written: str) -> bool:
    return _CAPITALISED.match(written) is not None


@lru_cache(maxsize=1)
def _role() -> re.Pattern:
    """两三个字的名字, then what its bearer did: 几米绘图."""
    roles = "|".join(words("roles, Chinese"))
    return re.compile(rf"(?:^|[，。！？、；：\s由请与和])([\u3400-\u9fff]{{2,3}})(?:{roles})")


@lru_cache(maxsize=1)
def _idle() -> frozenset[str]:
    return words("capitals that name nothing")


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    """Webster's second: every word that it writes small."""
    from english_words import get_english_words_set

    return frozenset(word for word in get_english_words_set(["web2"]) if word.islower())


@lru_cache(maxsize=16384)
def is_dictionary_word(written: str) -> bool:
    """Whether an English word, or each part of a hyphenated one, is no name."""
    pieces = [
        re.sub(r"'(?:s|t|ll|ve|re|d|m)?\Z", "", piece)
        for piece in re.split(r"[-&]", written.casefold().replace("’", "'"))
        if piece
    ]
    return all(_is_word(piece) for piece in pieces)


def _is_word(piece: str) -> bool:
    known = _dictionary()
    piece = lemma(piece)
    if len(piece) < 3 or piece in known or unit_of(piece):
        return True
    if any(piece + ending in known or piece.rstrip("e") + ending in known for ending in ("ing", "er", "ed")):
        return True
    if piece.replace("is", "iz") in known or piece.replace("our", "or") in known or piece.replace("re", "er") in known:
        return True
    return any(
        piece.endswith(ending)
        and (
            piece[: -len(ending)] in known or piece[: -len(ending)] + "e" in known or piece[: -len(ending) - 1] in known
        )
        for ending in ("ed", "ing", "er", "est", "ly", "able", "less", "ness", "y")
    ) or any(piece[:cut] in known and piece[cut:] in known for cut in range(3, len(piece) - 2))
