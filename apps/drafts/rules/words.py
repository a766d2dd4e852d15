"""The word list that managers keep: what may not be said, must be said, or is to be said otherwise."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.models import BannedWord
from apps.drafts.registry import CheckContext
from apps.drafts.rules.base import Rule, Span
from apps.drafts.rules.kept import concerns, state_of
from apps.drafts.rules.matching import Lexicon

MOST_SCOPES = 500


class Row(NamedTuple):
    kind: str
    word: str
    instead: str
    language: str
    market: str
    category: str
    field: str
    severity: int
    note: str


class WordList:
    """The list as it was at one moment, with a lexicon of the rows that count for each kind of context."""

    current: "WordList | None" = None

    def __init__(self, rows: list[Row], state: tuple = ()):
        self.rows = rows
        self.state = state
        self._chosen: dict[tuple, dict[str, list[Row] | Lexicon[Row]]] = {}

    @classmethod
    def loaded(cls) -> "WordList":
        """The list of now, read only where it has changed; one query asks."""
        state = state_of(BannedWord)
        if cls.current is None or state != cls.current.state:
            rows = BannedWord.objects.order_by("id").values_list(*Row._fields)
            cls.current = cls([Row(*row) for row in rows], state)
        return cls.current

    def key_of(self, kinds: tuple[str, ...]) -> str:
        """Changes with every row of these kinds, their notes aside."""
        return hashlib.sha256(repr([row[:-1] for row in self.rows if row.kind in kinds]).encode()).hexdigest()

    def search(self, kind: str, text: str, context: CheckContext) -> Iterator[tuple[int, int, Row]]:
        """Where rows of this kind stand in the text; of the same words twice, the heavier row is given."""
        seen: dict[tuple[int, int], Row] = {}
        for start, _end, end, row in self._of(context)[kind].search(text):
            if (start, end) not in seen or seen[start, end].severity < row.severity:
                seen[start, end] = row
        return ((start, end, row) for (start, end), row in seen.items())

    def synonyms(self, context: CheckContext) -> tuple[tuple[str, str], ...]:
        """Pairs of equal meaning in this text's scope; the language of the text does not matter, since facts have theirs."""
        return tuple(
            (row.word, row.instead)
            for row in self.rows
            if row.kind == BannedWord.Kind.SYNONYM
            and row.instead
            and concerns(context, market=row.market, category=row.category)
        )

    def required(self, context: CheckContext) -> list[Row]:
        return self._of(context)[BannedWord.Kind.REQUIRED]

    def _of(self, context: CheckContext) -> dict:
        key = (context.language, context.markets, context.category, context.field)
        if key not in self._chosen:
            if len(self._chosen) >= MOST_SCOPES:
                self._chosen.clear()
            mine = [row for row in self.rows if _concerns(row, context)]
            self._chosen[key] = {
                kind: [row for row in mine if row.kind == kind]
                if kind == BannedWord.Kind.REQUIRED
                else Lexicon((row.word, row) for row in mine if row.kind == kind)
                for kind in BannedWord.Kind.values
            }
        return self._chosen[key]


def _concerns(row: Row, context: CheckContext) -> bool:
    if row.field and row.field != context.field:
        return False
    return concerns(context, language=row.language, market=row.market, category=row.category)


class WordRule(Rule):
    """What the rules over the list share. The list is asked for once a run: by the first, whose answer all use."""

    kinds: tuple[str, ...] = ()
    words = WordList([])

    def loaded(self) -> "WordRule":
        """Itself while the list is unchanged; else a new one, so that a run under way keeps the list it began with."""
        return self._with(WordList.loaded())

    def _with(self, words: WordList) -> "WordRule":
        if words is self.words:
            return self
        rule = type(self)()
        rule.words, rule.pack_key = words, words.key_of(self.kinds)
        return rule


class BannedWords(WordRule):
    id = "banned_word"
    name = gettext_lazy("Banned word")
    explanation = gettext_lazy("Words that a manager has put on the list, each with its own severity.")
    kinds = (BannedWord.Kind.BANNED,)

    def find(self, text, context):
        for start, end, row in self.words.search(BannedWord.Kind.BANNED, text, context):
            words = Wording(_("“%(word)s” may not be used."), word=row.word)
            if row.note:
                words = Wording(_("“%(word)s” may not be used. %(note)s"), word=row.word, note=row.note)
            yield Span(start, end, words, row.severity)


class Glossary(WordRule):
    id = "glossary"
    name = gettext_lazy("Glossary")
    explanation = gettext_lazy("Terms that have a better one, and brand names that are spelled otherwise.")
    kinds = (BannedWord.Kind.TERM, BannedWord.Kind.SPELLING)

    def loaded(self) -> "Glossary":
        return self._with(WordList.current or WordList.loaded())

    def find(self, text, context):
        for start, end, row in self.words.search(BannedWord.Kind.TERM, text, context):
            if not _stands_in(row.instead, text, start, end):
                words = Wording(_("Write “%(term)s” instead of “%(word)s”."), term=row.instead, word=text[start:end])
                yield Span(start, end, words, row.severity)
        for start, end, row in self.words.search(BannedWord.Kind.SPELLING, text, context):
            if text[start:end] != row.word:
                words = Wording(
                    _("The name is spelled “%(word)s”, not “%(piece)s”."), word=row.word, piece=text[start:end]
                )
                yield Span(start, end, words, row.severity)


def _stands_in(term: str, text: str, start: int, end: int) -> bool:
    """Whether the word is part of the very term to use: “case” in “charging case”."""
    margin = len(term)
    around = text[max(0, start - margin) : end + margin].casefold()
    place = around.find(term.casefold()) + max(0, start - margin) if term.casefold() in around else -1
    return 0 <= place <= start and end <= place + margin


class RequiredPhrases(WordRule):
    id = "required_phrase"
    name = gettext_lazy("Required phrase")
    explanation = gettext_lazy("What must be said in texts of a category, market, language or field.")
    kinds = (BannedWord.Kind.REQUIRED,)

    def loaded(self) -> "RequiredPhrases":
        return self._with(WordList.current or WordList.loaded())

    def find(self, text, context):
        for row in self.words.required(context):
            if next(iter(Lexicon([(row.word, row)]).search(text)), None) is None:
                words = Wording(_("“%(word)s” must be said here. Add it to the text."), word=row.word)
                yield Span(0, len(text), words, row.severity)
