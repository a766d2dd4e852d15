"""Accepting what a rule found, with a reason that goes into the audit trail, and taking that back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import markets
from apps.core.services import record_event
from apps.drafts.accepting import phrase_of
from apps.drafts.checking import CheckResult, FindingView, check_text, configured_rules
from apps.drafts.models import Draft, RuleException, Severity
from apps.drafts.registry import CheckContext, provider_of
from apps.drafts.services.editing import recheck
from apps.drafts.services.errors import Refused, edited_elsewhere, gone, not_allowed
from apps.drafts.services.transitions import lock

PERMISSION = "drafts.accept_finding"
SHORTEST_REASON, LONGEST_REASON = 5, 500


def accept_finding(
    *, user, draft_id: int, revision: int, rule: str, start: int, end: int, reason: str,
    expires_at: datetime | None = None,
) -> RuleException:  # fmt: skip
    """Answer for one finding of a draft's current text: it becomes a note wherever this product's texts in this language
    say the same words, until `expires_at` or until its facts change.

    Raises Refused where the person may not, the text has moved on, or nobody may accept what this rule finds.
    """
    _require_permission(user)
    reason = _checked_reason(reason)
    _require_future(expires_at)
    with transaction.atomic():
        draft = lock(draft_id)
        if draft.revision != revision:
            raise edited_elsewhere()
        context, result = _checked(draft)
        finding = _finding(result, rule, start, end)
        row = RuleException.objects.create(
            rule=rule, phrase=phrase_of(draft.text, finding.start, finding.end), kind=draft.kind,
            subject_id=draft.subject_id, language=draft.language, facts_key=context.facts_key, reason=reason, by=user,
            expires_at=expires_at,
        )  # fmt: skip
        _record(user, "accept", row, draft=draft.pk, revision=revision)
        recheck(drafts=[draft])
    return row


def add_exception(*, user, row: RuleException) -> RuleException:
    """Store an exception for a category, a market, a language or everywhere, as a manager wrote it in the admin."""
    _require_permission(user)
    row.reason = _checked_reason(row.reason)
    _require_future(row.expires_at)
    require_exceptable(row.rule)
    row.phrase = phrase_of(row.phrase, 0, len(row.phrase))
    row.market = markets.normalize(row.market)
    row.by = user
    with transaction.atomic():
        row.save()
        _record(user, "accept", row)
    return row


def set_expiry(*, user, row: RuleException, expires_at: datetime | None) -> None:
    """Let an exception end at another time."""
    _require_permission(user)
    _require_future(expires_at)
    with transaction.atomic():
        rows = RuleException.objects.filter(pk=row.pk, withdrawn_at=None)
        if not rows.update(expires_at=expires_at):
            raise Refused("stale", _("This exception has been withdrawn already."))
        row.expires_at = expires_at
        _record(user, "change_expiry", row)


def withdraw(*, user, exception_id: int) -> None:
    """End an exception now; the row stays as a record. A second call changes nothing."""
    _require_permission(user)
    with transaction.atomic():
        rows = RuleException.objects.filter(pk=exception_id, withdrawn_at=None)
        if rows.update(withdrawn_at=timezone.now()):
            _record(user, "withdraw", RuleException.objects.get(pk=exception_id))


def exceptable_rules() -> list[tuple[str, str]]:
    """Id and name of every rule of which at least some findings may be accepted."""
    return [(rule.id, rule.name) for rule in configured_rules() if rule.may_except]


def require_exceptable(rule_id: str) -> None:
    """Raises Refused for numbers, certificates, health, law, and for a rule that is not there."""
    rule = next((rule for rule in configured_rules() if rule.id == rule_id), None)
    if rule is None:
        raise Refused("invalid", _("There is no rule “%(rule)s”.") % {"rule": rule_id})
    if not rule.may_except:
        raise _never(str(rule.name))


def _checked(draft: Draft) -> tuple[CheckContext, CheckResult]:
    context = provider_of(draft.kind).check_contexts([draft]).get(draft.pk)
    if context is None:
        raise gone()
    return context, check_text(draft.text, context)


def _finding(result: CheckResult, rule: str, start: int, end: int) -> FindingView:
    found = [each for each in result.findings if (each.rule, each.start, each.end) == (rule, start, end)]
    if not found:
        raise Refused(
            "facts_changed", _("The facts or the rules changed since this text was checked. Look at it again.")
        )
    finding = found[0]
    if finding.severity <= Severity.INFO:
        raise Refused("invalid", _("This needs no exception: it is only a note."))
    if not finding.may_except:
        raise _never(next((str(each.name) for each in configured_rules() if each.id == rule), rule))
    return finding


def _never(name: str) -> Refused:
    words = _(
        "Nobody may accept what “%(rule)s” finds: numbers, certificates, health and law stand on facts alone. "
        "Change the text or confirm the fact."
    )
    return Refused("not_allowed", words % {"rule": name})


def _checked_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise Refused("invalid", _("Say why, in a few words: it goes into the audit trail."))
    return reason[:LONGEST_REASON]


def _require_permission(user) -> None:
    if not user.has_perm(PERMISSION):
        raise not_allowed()


def _require_future(expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused("invalid", _("The end of an exception must lie in the future."))


def _record(user, verb: str, row: RuleException, **data) -> None:
    told = {name: getattr(row, name) for name in ("rule", "phrase", "reason", "category", "market", "language")}
    told["expires_at"] = row.expires_at.isoformat() if row.expires_at else None
    told |= {"subject_kind": row.kind, "subject_id_of": row.subject_id, "facts_key": row.facts_key}
    record_event(user=user, verb=verb, kind="rule_exception", subject_id=row.pk, **told | data)
