"""House rules about tone and legibility: exclamation marks, capitals, emoji, long sentences, letters of two scripts."""

import re
from functools import lru_cache

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.models import Severity
from apps.drafts.packs import packs
from apps.drafts.rules.base import Rule, Span
from apps.drafts.rules.form import DENSE
from apps.drafts.rules.matching import comparable


class HouseRule(Rule):
    """Managers switch it by market, language and category; its limits stand in packs/house.txt."""

    is_switchable = True
    severity = Severity.WARN

    def __init__(self):
        self.pack_key = packs()["house"].key
        self._most = {name: most for name, (_least, most) in packs()["house"].settings.items()}


class ExclamationMarks(HouseRule):
    id = "exclamation"
    name = gettext_lazy("Exclamation marks")
    explanation = gettext_lazy("Never two in a row, and few in a text.")

    MARKS = re.compile(r"[!！‼⁉❗❕][!！?？‼⁉❗❕]*")

    def find(self, text, context):
        for seen, match in enumerate(self.MARKS.finditer(text), 1):
            if len(match[0]) > 1:
                yield Span(*match.span(), Wording(_("Several exclamation marks in a row. One says as much.")))
            elif seen > self._most["exclamation marks"]:
                yield Span(*match.span(), Wording(_("One exclamation mark is enough for a text. Use a full stop.")))


class Capitals(HouseRule):
    """Words in capitals that shout. Names and codes that a fact holds may stand as they are."""

    id = "capitals"
    name = gettext_lazy("Capitals")
    explanation = gettext_lazy("Several words in capitals read as shouting.")

    RUN = re.compile(
        r"(?<!\w)[A-ZÀ-ÖØ-Þ]{2,40}(?:['’]?[A-ZÀ-ÖØ-Þ]{1,40})?(?:[ \-&,]{1,2}(?:[A-ZÀ-ÖØ-Þ]{1,40}|\d{1,9})(?!\w)){1,60}"
    )
    WORD = re.compile(r"[A-ZÀ-ÖØ-Þ]{4,}")

    def find(self, text, context):
        if text.islower():
            return
        known = _words_in_capitals(context.facts)
        for match in self.RUN.finditer(text):
            words = self.WORD.findall(match[0])
            if len([word for word in words if word not in known]) >= self._most["shouted words"]:
                yield Span(*match.span(), Wording(_("Words in capitals shout. Write them as in a sentence.")))


class Emoji(HouseRule):
    id = "emoji"
    name = gettext_lazy("Emoji")
    explanation = gettext_lazy("Pictures in place of words; screen readers read each of them aloud.")

    RUN = re.compile(
        "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u2604\u260e\u2614-\u2618\u261d\u2620-\u2623\u2639-\u263a"
        "\u2648-\u2653\u2660-\u2668\u267b\u2693\u26a1\u26bd\u26be\u2702-\u270d\u2728\u2733\u2734\u2744\u274c\u274e"
        "\u2753-\u2755\u2763\u2764\u2795-\u2797\u2b50\u2b55\u231a\u231b\u23e9-\u23f3]"
        "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f\u200d\u20e3\U000e0020-\U000e007f]*"
    )  # fmt: skip

    def find(self, text, context):
        if text.isascii():
            return
        for match in self.RUN.finditer(text):
            yield Span(*match.span(), Wording(_("“%(piece)s” is an emoji. Say it in words."), piece=match[0][:20]))


class Readability(HouseRule):
    id = "readability"
    name = gettext_lazy("Long sentence")
    explanation = gettext_lazy("A sentence that nobody reads to its end.")

    SENTENCE = re.compile(r"[^.!?。！？；;\n]+(?:\.(?=\w)[^.!?。！？；;\n]+)*")
    WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

    def find(self, text, context):
        for match in self.SENTENCE.finditer(text):
            dense = len(DENSE.findall(match[0]))
            if dense * 2 > len(match[0]):
                if dense > self._most["sentence characters"]:
                    message = _("A sentence of %(count)d characters. Part it; %(limit)d are enough.")
                    yield self._span(match, message, dense, self._most["sentence characters"])
                continue
            # No word is shorter than one letter and one blank.
            if len(match[0]) > 2 * self._most["sentence words"]:
                words = sum(1 for _word in self.WORD.finditer(match[0]))
                if words > self._most["sentence words"]:
                    message = _("A sentence of %(count)d words. Part it; %(limit)d are enough.")
                    yield self._span(match, message, words, self._most["sentence words"])

    def _span(self, match, message: str, count: int, limit: int) -> Span:
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        return Span(start, match.end(), Wording(message, count=count, limit=limit))


class MixedScripts(HouseRule):
    """A Latin word with Cyrillic or Greek letters in it hides from every list and every search."""

    id = "mixed_scripts"
    name = gettext_lazy("Letters of two scripts in a word")
    explanation = gettext_lazy("Cyrillic or Greek letters that pass for Latin ones inside a word.")
    severity = Severity.BLOCK

    FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
    WORD = re.compile("[A-Za-zÀ-ɏ\u0370-\u03ff\u0400-\u052f]{3,80}")
    LATIN = re.compile("[A-Za-zÀ-ɏ]")

    def find(self, text, context):
        if text.isascii() or not self.FOREIGN.search(text):
            return
        for match in self.WORD.finditer(text):
            if not (self.FOREIGN.search(match[0]) and self.LATIN.search(match[0])):
                continue
            # μm, kΩ and α-keratin are what they look like.
            if comparable(match[0])[0].isascii():
                words = Wording(
                    _("“%(piece)s” mixes letters of two scripts. Type the word again."), piece=match[0][:40]
                )
                yield Span(*match.span(), words)


@lru_cache(maxsize=512)
def _words_in_capitals(facts) -> frozenset[str]:
    return frozenset(word for fact in facts for word in Capitals.WORD.findall(f"{fact.name} {fact.text}"))
