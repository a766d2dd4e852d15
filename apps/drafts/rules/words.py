"""Words that a manager has banned."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Max, Sum
from django.db.models.functions import Extract
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from apps.core import languages
from apps.core.wording import Wording
from apps.drafts.models import BannedWord
from apps.drafts.rules.base import Rule, Span
from apps.drafts.rules.folding import fold

# Characters of words that spaces set apart. Han, kana, Hangul, Thai and their neighbours stand inside longer words.
SPACED = re.compile(
    r"[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


class Lexicon:
    """Finds every occurrence of many words, overlapping ones included, in time linear in the text.

    A table by first character holds the lengths that occur; each place costs one look-up per length.
    """

    def __init__(self, rows: list[tuple[str, int, str]]):
        self._rows: dict[str, tuple[int, str, str]] = {}
        lengths: dict[str, set[int]] = defaultdict(set)
        for word, severity, note in rows:
            key = fold(word)[0].strip()
            if key and (key not in self._rows or self._rows[key][0] < severity):
                self._rows[key] = (severity, word, note)
                lengths[key[0]].add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}
        self._starts = re.compile("[" + re.escape("".join(lengths)) + "]") if lengths else None

    def search(self, text: str) -> Iterator[tuple[int, int, int, str, str]]:
        """Start, end (code points of `text`), severity, the word as listed, its note."""
        if self._starts is None:
            return
        folded, offsets = fold(text)
        for match in self._starts.finditer(folded):
            start = match.start()
            if start and _is_spaced(folded[start]) and _is_spaced(folded[start - 1]):
                continue
            for length in self._lengths[folded[start]]:
                end = start + length
                row = self._rows.get(folded[start:end]) if end <= len(folded) else None
                if row and not (end < len(folded) and _is_spaced(folded[end - 1]) and _is_spaced(folded[end])):
                    yield offsets[start], max(offsets[end], offsets[end - 1] + 1), *row


def _is_spaced(char: str) -> bool:
    return char.isalnum() and (char.isascii() or SPACED.match(char) is not None)


class BannedWords(Rule):
    id = "banned_word"
    name = gettext_lazy("Banned word")
    explanation = gettext_lazy("Words that a manager has put on the list, each with its own severity.")

    def __init__(self):
        self._rows: list[tuple[str, str, int, str]] = []
        self._state: tuple | None = None
        self._lexicons: dict[str, Lexicon] = {}

    def loaded(self) -> "BannedWords":
        """Itself while the list is unchanged; else a new one, so that a run under way keeps the list it began with."""
        state = _state_of_list()
        if state == self._current._state:
            return self._current
        rule = BannedWords()
        rule._state = state
        rule._rows = list(BannedWord.objects.order_by("id").values_list("word", "language", "severity", "note"))
        rule.pack_key = hashlib.sha256(repr([row[:3] for row in rule._rows]).encode()).hexdigest()
        BannedWords._current = rule
        return rule

    def find(self, text, context):
        lexicon = self._lexicons.get(context.language)
        if lexicon is None:
            rows = [row for row in self._rows if _applies(row[1], context.language)]
            lexicon = self._lexicons[context.language] = Lexicon([(row[0], row[2], row[3]) for row in rows])
        for start, end, severity, word, note in lexicon.search(text):
            words = Wording(_("“%(word)s” may not be used."), word=word)
            if note:
                words = Wording(_("“%(word)s” may not be used. %(note)s"), word=word, note=note)
            yield Span(start, end, words, severity)


BannedWords._current = BannedWords()


def _state_of_list() -> tuple:
    # The sum sees an edit that was committed late, behind a newer one; the maximum alone would not.
    return tuple(
        BannedWord.objects.aggregate(
            n=Count("id"), last=Max("updated_at"), total=Sum(Extract("updated_at", "epoch")), ids=Sum("id")
        ).values()
    )


def _applies(row_language: str, language: str) -> bool:
    """A row without language counts everywhere, one for `en` in `en-GB` too."""
    if not row_language:
        return True
    try:
        row_language, language = languages.normalize(row_language), languages.normalize(language)
    except ValueError:
        return row_language == language
    return language == row_language or language.startswith(row_language + "-")
