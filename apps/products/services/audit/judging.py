"""What the rules, and the other language, say of a batch of live texts."""

import re
from dataclasses import dataclass

from apps.drafts.checking import FindingView, check_texts
from apps.drafts.models import Severity
from apps.products.services.audit.contradictions import RULE as CONTRADICTION
from apps.products.services.audit.contradictions import contradictions
from apps.products.services.audit.texts import LiveBatch, LiveCopy

# What a shop may be fined for, or harm someone with, comes before what merely can't be proven.
GRAVE_RULES = frozenset(["safety", "certificate", "effect"])
LAW = "law-"
SENTENCE_LIMIT = 400
_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？\n]")


@dataclass(frozen=True)
class Judged:
    """Findings of one live text, worst first; `key` as in apps.drafts.checking.CheckResult."""

    copy: LiveCopy
    findings: tuple[FindingView, ...]
    key: str

    @property
    def severity(self) -> int:
        return max((finding.severity for finding in self.findings), default=int(Severity.CLEAN))

    @property
    def is_grave(self) -> bool:
        worst = self.severity
        return any(is_grave(finding.rule) for finding in self.findings if finding.severity == worst)

    @property
    def own_findings(self) -> tuple[FindingView, ...]:
        """Those of the text by itself, as the desk would show them."""
        return tuple(finding for finding in self.findings if finding.rule != CONTRADICTION)


def is_grave(rule: str) -> bool:
    return rule in GRAVE_RULES or rule.startswith(LAW)


def judge(batch: LiveBatch, shop_id: int | None = None) -> list[Judged]:
    """Check the batch's texts (of one shop only where `shop_id` is given, though beside all its other texts).

    The same text in the same context is checked once.
    """
    mine = [copy for copy in batch.copies if shop_id in (None, copy.listing.shop_id)]
    contexts = [batch.context(copy) for copy in mine]
    items = list(dict.fromkeys((copy.text, context) for copy, context in zip(mine, contexts, strict=True)))
    results = dict(zip(items, check_texts(items), strict=True))
    against = contradictions(batch)
    judged = []
    for copy, context in zip(mine, contexts, strict=True):
        result = results[copy.text, context]
        findings = sorted([*result.findings, *against.get(copy.place, ())], key=lambda found: -found.severity)
        judged.append(Judged(copy, tuple(findings), result.key))
    return judged


def sentence_of(text: str, start: int, end: int) -> tuple[str, int]:
    """The sentence around code points [start, end), at most SENTENCE_LIMIT long, and where it begins in the text."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    first = max((place for place in ends if place <= start), default=0)
    last = min((place for place in ends if place >= end), default=len(text))
    first += len(text[first:last]) - len(text[first:last].lstrip())
    if last - first > SENTENCE_LIMIT:
        first = max(first, min(start, len(text)) - SENTENCE_LIMIT // 4)
    return text[first : min(last, first + SENTENCE_LIMIT)].rstrip(), first
