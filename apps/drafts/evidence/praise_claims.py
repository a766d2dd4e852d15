"""Praise in free words: “strongest coffee on the market”, “they don't come any tinier”, 没有比它更轻的, 比普通杯子轻了一半."""

import re

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.evidence.claims import Collected, Unsupported
from apps.drafts.evidence.reading import Reading
from apps.drafts.models import Severity

_OF_ALL = (
    r"(?:on the market|in the (?:world|country|business|trade|industry|universe)|on (?:earth|the planet|the shelves|sale)|"
    r"(?:that )?(?:you can|you'll|money can|you will)(?: ever)? (?:buy|get|find|own|need)|(?:we|anyone)(?:'ve| have|'s| has)? ever"
    r" (?:made|sold|built|seen|tried)|of (?:its|their) kind|in (?:its|their) class|by a (?:mile|country mile|long way)|bar none|"
    r"hands down|anywhere|out there|to be had|around)"
)
_PATTERNS = [
    re.compile(rf"\b(?:[a-z]{{2,}}est|(?:most|least|best) [a-z]+)\b(?: [a-z]+){{0,3}} {_OF_ALL}\b", re.IGNORECASE),
    re.compile(
        r"\b(?:don't|doesn't|do not|does not|didn't|won't|can't) (?:come|get|make|find|do|build|buy)(?: \w+){0,3}?"
        r" (?:any )?(?:\w{2,}er|more \w+|better)\b(?! (?:than|to))", re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:nothing|nobody|no one|no other|none|nowhere)\b(?: [\w']+){0,6}? (?:\w{3,}er|more \w+|better|comes? close)\b",
        re.IGNORECASE,
    ),
    re.compile(r"没有(?:比|谁|哪[款个家])[^，。！？\n]{0,10}(?:更|比得[上过])|[无没]人能[及比敌]|谁[也都]比不[上过了]|打遍[^，。]{0,6}无敌手"),
    re.compile(r"(?:全网|全国|全球|世界|市面上|同价位|同类|业内|行业里?|圈内)[^，。！？\n]{0,8}(?:最|第一|头一|首屈一指|数一数二|天花板|无出其右)"),
]  # fmt: skip
_COMPARED = re.compile(
    r"比(?:同|普通|一般|传统|市面|其他|其它|别家|老款|上一代|竞品|寻常|平常)[^，。！？\n]{0,10}"
    r"(?:更|轻|快|省|多|大|小|薄|长|久|高|低|静|亮|强|结实|耐用|暖|凉)了?"
)
# “Other”, “water”: an ending that compares nothing.
_NO_DEGREE = re.compile(
    r"\b(?:other|another|water|paper|ever|never|over|under|after|per|her|together|whatever|summer|winter|dinner|number|"
    r"rather|order|corner|cover|leather|silver|computer|shoulder|finger|forest|chest|guest|interest|rest|honest|harvest|"
    r"west|test|nest|digest|request|longer|further|later|sooner)\b",
    re.IGNORECASE,
)


class PraiseReader:
    """Finds praise above all others that the dictionary's fixed phrases do not hold."""

    def __init__(self, reading: Reading):
        self.reading = reading

    def read(self, into: Collected) -> None:
        for pattern in _PATTERNS:
            for match in pattern.finditer(self.reading.text):
                if _NO_DEGREE.search(match[0]) and not re.search(r"market|world|buy|class", match[0]):
                    continue
                if any(match[0].casefold() in fact.view.text.casefold() for fact in self.reading.base.facts):
                    continue
                self._add(match, "superlative", _("No confirmed fact proves “%(words)s”."), into)
        for match in _COMPARED.finditer(self.reading.text):
            self._add(match, "comparison", _("No confirmed fact gives the comparison “%(words)s”."), into)

    def _add(self, match: re.Match, kind: str, message: str, into: Collected) -> None:
        words = Wording(message, words=match[0][:100])
        into.unsupported.append(Unsupported(match.start(), match.end(), kind, words, Severity.BLOCK))
