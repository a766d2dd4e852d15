"""Texts from a JSONL file, checked by the very code that checks drafts."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from apps.core import languages, markets
from apps.drafts.checking import CheckResult, check_texts
from apps.drafts.evidence.variants import merge
from apps.drafts.models import Severity
from apps.drafts.registry import CheckContext, FactView

BATCH = 500
SEVERITY_NAMES = {Severity.INFO: "info", Severity.WARN: "warn", Severity.BLOCK: "block"}


class BadLine(Exception):
    """A line is not what `check_lines` takes; `str()` names the line and what is wrong with it."""


@dataclass
class Tally:
    """How many texts were checked, how many have a blocking or, at worst, a warning finding, and findings by rule."""

    n: int = 0
    blocked: int = 0
    warned: int = 0
    per_rule: Counter = field(default_factory=Counter)

    def add(self, result: CheckResult) -> None:
        self.n += 1
        self.blocked += result.severity == Severity.BLOCK
        self.warned += result.severity == Severity.WARN
        self.per_rule.update(finding.rule for finding in result.findings)


def check_lines(lines: Iterable[str], tally: Tally) -> Iterator[dict]:
    """Each line's object plus `findings`, in order; counts into `tally`. Empty lines are skipped.

    A line: {text, field, language, title, brand, category, facts: {name: value}, variants: [{name: value}], markets}; only
    `text` is needed. Facts count as confirmed, and so do title, brand and category; what only some variants have
    supports no text about the product. Raises BadLine, possibly after some lines were given out.
    """
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    while batch := [_read(number, line) for number, line in islice(numbered, BATCH)]:
        results = check_texts([(row["text"], context) for row, context in batch])
        for (row, _context), result in zip(batch, results, strict=True):
            tally.add(result)
            yield row | {"findings": [_as_dict(finding) for finding in result.findings]}


def _read(number: int, line: str) -> tuple[dict, CheckContext]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadLine(_("Line %(n)d is not JSON: %(why)s") % {"n": number, "why": error}) from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise BadLine(_("Line %(n)d needs an object with a “text”.") % {"n": number})
    try:
        tag = languages.normalize(str(row.get("language") or "en"))
    except ValueError as error:
        raise BadLine(_("Line %(n)d: %(why)s") % {"n": number, "why": error}) from None
    facts = row.get("facts") or {}
    if not isinstance(facts, dict):
        raise BadLine(_("Line %(n)d: “facts” must be an object of names and values.") % {"n": number})
    return row, CheckContext(
        field=str(row.get("field") or "long_description"),
        language=tag,
        facts=tuple(_facts(row, facts, tag)) + tuple(_variant_facts(number, row, facts, tag)),
        category=str(row.get("category") or ""),
        markets=tuple(markets.normalize(str(market)) for market in row.get("markets") or ()),
        finish_reason=str(row.get("finish_reason") or "stop"),
    )


def _facts(row: dict, facts: dict, tag: str) -> Iterator[FactView]:
    for role in ("title", "brand", "category"):
        if row.get(role):
            yield FactView(name=role, value=str(row[role]), language=tag, role=role)
    for name, value in facts.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield FactView(name=name, value=shown, language=tag)


def _variant_facts(number: int, row: dict, facts: dict, tag: str) -> Iterator[FactView]:
    variants = row.get("variants") or []
    if not isinstance(variants, list) or not all(isinstance(each, dict) for each in variants):
        raise BadLine(_("Line %(n)d: “variants” must be a list of objects.") % {"n": number})
    groups: dict[str, list[FactView]] = {}
    for variant in variants:
        for name, value in variant.items():
            groups.setdefault(name, []).append(FactView(name=name, value=str(value), language=tag))
    for name, group in groups.items():
        if name not in facts and (merged := merge(group, len(variants))):
            yield merged


def _as_dict(finding) -> dict:
    return {
        "rule": finding.rule,
        "severity": SEVERITY_NAMES[Severity(finding.severity)],
        "start": finding.start,
        "end": finding.end,
        "message": finding.message,
    }
