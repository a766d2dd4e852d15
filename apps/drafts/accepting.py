"""Findings that a person answers for: which exceptions reach a text, and what becomes of its findings."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.models import RuleException, Severity
from apps.drafts.registry import CheckContext
from apps.drafts.rules.kept import concerns
from apps.drafts.rules.matching import comparable

if TYPE_CHECKING:
    from apps.drafts.checking import FindingView

MAX_MESSAGE = 500


def phrase_of(text: str, start: int, end: int) -> str:
    """What an exception is bound to: the marked words, whatever their case and width."""
    return comparable(text[start:end])[0].strip()


def applicable(contexts: Sequence[CheckContext]) -> list[RuleException]:
    """The exceptions in force that may reach a text of these contexts; one query, however many there are."""
    wanted = Q(subject_id=None)
    by_kind: dict[str, set[int]] = {}
    for context in contexts:
        if context.subject_id:
            by_kind.setdefault(context.kind, set()).add(context.subject_id)
    for kind, ids in by_kind.items():
        wanted |= Q(kind=kind, subject_id__in=ids)
    in_force = RuleException.objects.filter(withdrawn_at=None).exclude(expires_at__lte=timezone.now())
    return list(in_force.filter(wanted).select_related("by").order_by("pk"))


def with_exceptions(
    findings: Iterable["FindingView"], exceptions: Sequence[RuleException], text: str, context: CheckContext
) -> tuple[list["FindingView"], str]:
    """The findings, accepted ones turned into notes, and a string that names the exceptions that did so."""
    findings = list(findings)
    mine = [row for row in exceptions if reaches(row, context)] if findings else []
    if not mine:
        return findings, ""
    used: set[int] = set()
    for place, finding in enumerate(findings):
        row = next((row for row in mine if _accepts(row, finding, text)), None)
        if row is not None:
            findings[place] = _as_note(finding, row)
            used.add(row.pk)
    return findings, hashlib.sha256(",".join(map(str, sorted(used))).encode()).hexdigest() if used else ""


def reaches(row: RuleException, context: CheckContext) -> bool:
    if row.facts_key and row.facts_key != context.facts_key:
        return False
    if row.subject_id is not None and (row.kind, row.subject_id) != (context.kind, context.subject_id):
        return False
    return concerns(context, language=row.language, market=row.market, category=row.category)


def would_accept(row: RuleException, finding: "FindingView", text: str, context: CheckContext) -> bool:
    """Whether the exception, were it in force, would make a note of the finding."""
    return reaches(row, context) and _accepts(row, finding, text)


def _accepts(row: RuleException, finding: "FindingView", text: str) -> bool:
    # Asked again here, so that a rule that becomes unexceptable takes its exceptions with it.
    if row.rule != finding.rule or not finding.may_except or finding.severity <= Severity.INFO:
        return False
    return not row.phrase or row.phrase == phrase_of(text, finding.start, finding.end)


def _as_note(finding: "FindingView", row: RuleException) -> "FindingView":
    who = row.by.get_full_name() or row.by.get_username() if row.by else "–"
    said = Wording.from_json(finding.wording) if finding.wording else finding.message
    words = Wording(_("Accepted by %(name)s: %(reason)s (%(finding)s)"), name=who, reason=row.reason, finding=said)
    return replace(finding, severity=int(Severity.INFO), message=str(words)[:MAX_MESSAGE], wording=words.to_json())
