"""Words that say more than a fact does: “never kinks” from “kink-resistant”, “rainproof” from “splash-proof”."""

import re
from functools import lru_cache

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.evidence.claims import Collected, Unsupported
from apps.drafts.evidence.facts import FactBase, ReadFact, stem
from apps.drafts.evidence.reading import Reading
from apps.drafts.models import Severity

# What a fact grants by degrees: `kink-resistant`, `easy-iron`, 抗皱.
_DEGREE = re.compile(
    r"\b([a-z]{3,})[- ](?:resistant|repellent|retardant|reducing)\b|\b(?:easy|low|resists?)[- ]([a-z]{3,})\b", re.I
)
_CHINESE_DEGREE = re.compile(r"[抗耐防]([\u3400-\u9fff]{1,2})")
_ABSOLUTE = (
    r"\b(?:never|won't|will not|cannot|can't|doesn't|does not|no longer|without ever|guaranteed not to)(?:\s\w+){{0,2}}?\s(?:to\s)?{0}\w*"
    r"|\b{0}\w*[- ](?:proof|free)\b|\b(?:zero|no)\s{0}\w*"
)
_CHINESE_ABSOLUTE = r"(?:永不|绝不|从不|不会|零|告别|杜绝|完全不|再也不|不怕任何){0}"


# What never befalls the goods, whatever facts there are: only one that speaks of it can say so.
_NEVER = re.compile(
    r"\b(?:never|won't(?: ever)?|will never|isn't going to|refuses to)\s(fade|shrink|leak|slip|scratch|rust|crack|peel|tangle|"
    r"wrinkle|crease|warp|fray|chip|stain|squeak|wobble|sag|pill|snap|budge|tear|drip|clog|overheat)s?\b",
    re.IGNORECASE,
)
_CHINESE_NEVER = re.compile(
    r"(?:一点(?:也|都|儿)?不|绝不会?|永不|从不|丝毫不|毫不|再也不)"
    r"(缩水?|褪色?|掉色|变形|漏水?|打?滑|起球|起皱|粘|晃|生锈|锈|湿|断|裂|刮花)"
)


class SharperReader:
    """Finds absolutes where a fact only grants a degree, or where none speaks of the matter."""

    def __init__(self, reading: Reading):
        self.reading = reading

    def read(self, into: Collected) -> None:
        for pattern, fact in _degrees(self.reading.base):
            self._search(pattern, fact, into)
        self._search_for_never(into)

    def _search_for_never(self, into: Collected) -> None:
        said = "\n".join(f"{fact.view.name} {fact.view.text}" for fact in self.reading.base.facts)
        for match in _NEVER.finditer(self.reading.text):
            if stem(match[1].casefold()) not in self.reading.base.stems:
                self._add_never(match, into)
        for match in _CHINESE_NEVER.finditer(self.reading.text):
            if match[1][:1] not in said:
                self._add_never(match, into)

    def _add_never(self, match: re.Match, into: Collected) -> None:
        message = Wording(_("No confirmed fact says “%(words)s”."), words=match[0][:100])
        into.unsupported.append(Unsupported(match.start(), match.end(), "sharpened", message, Severity.BLOCK))

    def _search(self, pattern: re.Pattern, fact: ReadFact, into: Collected) -> None:
        for match in pattern.finditer(self.reading.text):
            if match[0].casefold() in f"{fact.view.name} {fact.view.text}".casefold():
                continue
            message = Wording(
                _("The text says “%(words)s”; the fact “%(fact)s” says less."),
                words=match[0][:100], fact=fact.said,
            )  # fmt: skip
            into.unsupported.append(Unsupported(match.start(), match.end(), "sharpened", message, Severity.BLOCK))


@lru_cache(maxsize=128)
def _degrees(base: FactBase) -> list[tuple[re.Pattern, ReadFact]]:
    """What would be absolute where a fact grants a degree; worked out once for a product."""
    found = []
    for fact in base.facts:
        written = f"{fact.view.name} {fact.view.text}"
        for match in _DEGREE.finditer(written):
            word = stem((match[1] or match[2]).casefold())
            if word not in ("water", "care", "cost", "temperatur"):
                found.append((re.compile(_ABSOLUTE.format(re.escape(word)), re.IGNORECASE), fact))
        for match in _CHINESE_DEGREE.finditer(written):
            found.append((re.compile(_CHINESE_ABSOLUTE.format(re.escape(match[1]))), fact))
    return found
