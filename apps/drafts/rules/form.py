"""Rules about the form of a text: empty, cut off, too long, marked up, repeating itself."""

import re
import unicodedata
from itertools import groupby
from operator import eq

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.models import Field, Severity
from apps.drafts.packs import packs
from apps.drafts.rules.base import Rule, Span

# Scripts that write no spaces between words: one character says as much as two or three Latin letters.
DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


class EmptyText(Rule):
    id = "empty"
    name = gettext_lazy("Empty text")
    explanation = gettext_lazy("A text must hold at least one word.")
    may_except = False

    def find(self, text, context):
        if not any(char.isalnum() for char in text):
            yield Span(0, len(text), Wording(_("The text is empty.")))


class CutOffText(Rule):
    """Prose has to end its last sentence; titles, bullets and picture texts only must not hang in the air."""

    id = "cut_off"
    name = gettext_lazy("Cut-off text")
    explanation = gettext_lazy("The last sentence must be whole.")

    PROSE = {"long_description": Severity.BLOCK, "mobile_description": Severity.BLOCK, "seo_meta": Severity.WARN}
    BULLET = re.compile(r"\s*(?:[-*•·–▪◦‣]|\d{1,2}[.)、])\s*\S")
    ENDS = frozenset(".!?…。！？．｡؟۔।॥;；~～")
    CLOSERS = "\"'”’»)]）】」』》〉›*"
    HANGING = frozenset(",，、:：-–—(（[【{“‘«「『《/&+=")
    # No preposition such as “on”, which may well end a bullet: “easy to put on”.
    HANGING_WORD = re.compile(
        r"(?:^|[^\w])(?:and|or|but|with|without|the|a|an|from|that|which|its|your|our"
        r"|und|oder|mit|der|die|das|für|et|ou|avec|le|la|les|de|du|des|y|con|el|los)$"
    )
    # These scripts end a sentence with a space.
    NO_FULL_STOP = ("th", "lo", "km", "my")

    def find(self, text, context):
        body = text.rstrip()
        if not body:
            return
        if context.finish_reason == "length":
            yield self._span(body, _("The model ran out of room before it finished."))
        elif body[-1] in self.HANGING or self.HANGING_WORD.search(body[-20:]):
            yield self._span(body, _("The text stops in the middle of a sentence."))
        elif context.field in self.PROSE and not self._is_ended(body, context.language):
            yield self._span(body, _("The last sentence does not end."), self.PROSE[context.field])

    def _is_ended(self, body: str, language: str) -> bool:
        if language.lower().split("-")[0] in self.NO_FULL_STOP or self._ends_sentence(body):
            return True
        before, _newline, last_line = body.rpartition("\n")
        # A list without marks: the line above it ends no sentence either.
        return self.BULLET.match(last_line) is not None or bool(
            before.strip() and not self._ends_sentence(before.rstrip())
        )

    def _ends_sentence(self, body: str) -> bool:
        tail = body[-12:].rstrip(self.CLOSERS)
        # An emoji or a mark such as ™ after the last word ends nothing that a comma would not.
        return bool(tail) and (tail[-1] in self.ENDS or unicodedata.category(tail[-1]) in ("So", "Sk", "Cf", "Mn"))

    def _span(self, body: str, message: str, severity=Severity.BLOCK) -> Span:
        start = max(body.rfind(" ") + 1, len(body) - 20, 0)
        return Span(start, len(body), Wording(message), severity)


class FieldLength(Rule):
    id = "length"
    name = gettext_lazy("Length")
    explanation = gettext_lazy("Every field has a longest and a usual shortest length.")

    is_switchable = True

    def __init__(self):
        self.pack_key = packs()["house"].key
        limits = packs()["house"].settings
        self._limits = {field: limits[f"length {field}"] for field in Field.values if f"length {field}" in limits}
        self._fewest_lines, self._most_lines = limits["bullet lines"]
        self._longest_line = limits["bullet characters"][1]

    def find(self, text, context):
        if context.field == "bullets":
            yield from self._find_in_bullets(text)
            return
        shortest, longest = self._limits.get(context.field, (0, 0))
        if longest and len(text) > longest:
            yield Span(longest, len(text), _too_long(len(text), longest))
        if shortest and DENSE.search(text):
            shortest //= 3
        if 0 < len(text.strip()) < shortest:
            message = _("Only %(count)d characters; at least %(limit)d are usual here.")
            yield Span(0, len(text), Wording(message, count=len(text.strip()), limit=shortest), Severity.WARN)

    def _find_in_bullets(self, text):
        start = count = 0
        for line in text.split("\n"):
            count += bool(line.strip())
            if line.strip() and count == self._most_lines + 1:
                yield Span(start, len(text), Wording(_("More than %(limit)d lines."), limit=self._most_lines))
            if len(line) > self._longest_line:
                yield Span(start + self._longest_line, start + len(line), _too_long(len(line), self._longest_line))
            start += len(line) + 1
        if 0 < count < self._fewest_lines:
            yield Span(0, len(text), Wording(_("Only one line; a list has at least two.")), Severity.WARN)


def _too_long(count: int, limit: int) -> Wording:
    return Wording(
        _("Too long by %(over)d: %(count)d of %(limit)d characters."), over=count - limit, count=count, limit=limit
    )


class Markup(Rule):
    """Copy is plain text. Whatever looks like markup or a gap that nobody filled must not reach a shopper."""

    id = "markup"
    name = gettext_lazy("Markup and placeholders")
    explanation = gettext_lazy("Copy is plain text: no HTML, no Markdown, no template gaps, no tokens of the model.")

    # Every repetition is bounded or excludes its own opening, so that the time stays linear.
    PATTERNS = [
        (
            re.compile(r"<\|[^|<>\n]{0,60}\|>|\[/?INST\]|\[(?:UNK|PAD|CLS|SEP|MASK|EOS|BOS)\]"),
            _("a token of the model"),
        ),
        (re.compile(r"</?[A-Za-z!?][^<>]{0,300}>|<!--"), _("HTML")),
        (re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});"), _("an HTML entity")),
        (
            re.compile(
                r"\{\{[^{}]{0,200}\}\}|\{%[^{}]{0,200}%\}|\$?\{[^\W\d][^{}\n]{0,60}\}|%\(\w{1,40}\)[sd]|\{\{|\}\}"
            ),
            _("a gap of a template"),
        ),
        (
            re.compile(
                r"(?<!\*)\*\*[^\s*][^*\n]{0,300}\*\*(?!\*)|__[^\s_][^_\n]{0,300}__|(?m:^\s{0,3}#{1,6}\s)|```|`[^`\n]{1,200}`"
                r"|\[[^\[\]\n]{1,200}\]\([^()\s]{1,500}\)|(?<![\w*])\*[^\s*](?:[^*\n]{0,80}[^\s*])?\*(?![\w*])"
            ),
            _("Markdown"),
        ),
        (re.compile(r"[\ufffd\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]"), _("a broken character")),
    ]
    BRACKETS = re.compile(r"\[([^\[\]\n\d]{2,60})\](?!\()")
    GAP_WORD = re.compile(
        r"_|\b(?:brand|product|name|title|category|price|colou?r|size|material|insert|value|your|company|store|shop"
        r"|feature|fact|facts|unit|model|number|link|url|x{2,}|placeholder|tbd|todo|customer|description|image)\b"
        r"|品牌|产品|商品|名称|价格|颜色|尺寸|材质|填写|插入|型号",
        re.IGNORECASE,
    )

    def find(self, text, context):
        seen = set()
        for pattern, what in self.PATTERNS:
            for match in pattern.finditer(text):
                seen.add(match.start())
                message = _("“%(piece)s” looks like %(what)s.")
                words = Wording(message, piece=match[0].strip()[:60], what=Wording(what))
                yield Span(match.start(), match.end(), words)
        for match in self.BRACKETS.finditer(text):
            if match.start() in seen:
                continue
            is_gap = self.GAP_WORD.search(match[1])
            message = Wording(_("“%(piece)s” looks like a gap that was not filled."), piece=match[0])
            yield Span(match.start(), match.end(), message, Severity.BLOCK if is_gap else Severity.WARN)


class Repetition(Rule):
    """Loops of words, and sentences or lines that come again. Chinese is read character by character."""

    id = "repetition"
    name = gettext_lazy("Repetition")
    explanation = gettext_lazy("The same sentence or the same words again and again.")

    TOKEN = re.compile(DENSE.pattern + r"|[^\W_]+")
    # Signs count in loops: “wait to wear it! It is …” doubles nothing.
    TOKEN_OR_SIGN = re.compile(TOKEN.pattern + r"|[^\w\s]|_")
    SENTENCE = re.compile(r"[^.!?。！？；\n]+")
    SAME_CHARACTER = re.compile(r"(\S)\1{9,}")
    LONGEST_LOOP = 12
    # No text of this length can be approved; what lies behind need not be read.
    MOST_TOKENS = 20_000
    NGRAM, DENSE_NGRAM = 4, 8
    MILD_SHARE, DEGENERATE_SHARE = 0.15, 0.3

    def find(self, text, context):
        for match in self.SAME_CHARACTER.finditer(text):
            yield Span(match.start(), match.end(), Wording(_("The same character again and again.")))
        loop = self._worst_loop(self._tokens(self.TOKEN_OR_SIGN, text))
        if loop:
            yield loop
        yield from self._same_sentences(text)
        if loop is None or loop.severity != Severity.BLOCK:
            yield from self._share_of_ngrams(self._tokens(self.TOKEN, text))

    def _tokens(self, pattern, text) -> list[tuple[str, int, int]]:
        return [(match[0].casefold(), match.start(), match.end()) for match in pattern.finditer(text)]

    def _worst_loop(self, tokens) -> Span | None:
        """A run of tokens each equal to the one `period` before it is a loop of (run / period + 1) rounds."""
        worst = None
        words = [token[0] for token in tokens[: self.MOST_TOKENS]]
        for period in range(1, self.LONGEST_LOOP + 1):
            first = 0
            for is_same, group in groupby(map(eq, words, words[period:])):
                run = sum(1 for _each in group)
                severity = is_same and self._severity_of_loop(words[first : first + period], run / period + 1)
                if severity and (worst is None or severity > worst.severity):
                    start, end = tokens[first][1], tokens[first + run + period - 1][2]
                    worst = Span(start, end, Wording(_("The same words again and again.")), severity)
                    if severity == Severity.BLOCK:
                        return worst
                first += run
        return worst

    def _severity_of_loop(self, words: list[str], rounds: float) -> int | None:
        period = len(words)
        if any(DENSE.match(word) for word in words):
            # Doubling is grammar in Chinese: 慢慢, 研究研究.
            return Severity.BLOCK if rounds >= (5 if period <= 2 else 3) else None
        if not any(word.isalpha() and len(word) > 1 for word in words):
            return None
        if rounds >= (4 if period == 1 else 3):
            return Severity.BLOCK
        return Severity.WARN if rounds >= 2 and (period == 1 or period >= 4) else None

    def _same_sentences(self, text):
        seen: dict[str, int] = {}
        for match in self.SENTENCE.finditer(text):
            piece = " ".join(self.TOKEN.findall(match[0])).casefold()
            if piece.count(" ") < 2:
                continue
            seen[piece] = seen.get(piece, 0) + 1
            if seen[piece] > 1:
                severity = Severity.BLOCK if seen[piece] > 2 else Severity.WARN
                start = match.start() + len(match[0]) - len(match[0].lstrip())
                yield Span(start, match.end(), Wording(_("This sentence is there already.")), severity)

    def _share_of_ngrams(self, tokens):
        size = (
            self.DENSE_NGRAM
            if tokens and sum(bool(DENSE.match(t[0])) for t in tokens) * 2 > len(tokens)
            else self.NGRAM
        )
        total = len(tokens) - size + 1
        if total < 20:
            return
        words = [token[0] for token in tokens]
        share = 1 - len({tuple(words[place : place + size]) for place in range(total)}) / total
        if share > self.MILD_SHARE:
            severity = Severity.BLOCK if share > self.DEGENERATE_SHARE else Severity.WARN
            message = Wording(_("%(share)d %% of the phrases repeat earlier ones."), share=round(share * 100))
            yield Span(tokens[0][1], tokens[-1][2], message, severity)
