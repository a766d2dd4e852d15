"""A person sends live texts with findings to the desk."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_noop as _

from apps.core.services import record_event
from apps.core.wording import Wording
from apps.drafts.services.errors import not_allowed
from apps.products.models import LiveText
from apps.products.services.audit import storing
from apps.products.services.audit.changes import rule_wording
from apps.products.services.audit.contradictions import RULE as CONTRADICTION
from apps.products.services.audit.judging import judge
from apps.products.services.audit.outdating import Sent, Touched, send
from apps.products.services.audit.runs import PERMISSION
from apps.products.services.audit.texts import load_live

BATCH = 100
# A person who sends more at once has not looked at them.
MOST = 1_000


def send_texts(*, user, text_ids: Iterable[int]) -> tuple[Sent, int]:
    """Returns what came to the desk, and how many texts are clean by now or no longer there."""
    if not user.has_perm(PERMISSION):
        raise not_allowed()
    ids = list(dict.fromkeys(text_ids))[:MOST]
    total, gone = Sent(), 0
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            sent, missing = _send(user, ids[start : start + BATCH])
        total = Sent(total.sent + sent.sent, total.waiting + sent.waiting)
        gone += missing
    record_event(user=user, verb="send_to_desk", kind="audit", texts=len(ids), sent=total.sent)
    return total, gone


def _send(user, ids: list[int]) -> tuple[Sent, int]:
    rows = LiveText.objects.filter(pk__in=ids).values_list("listing", "field", "language", "source", "product")
    rows = list(rows)
    wanted = {row[:4] for row in rows}
    batch = load_live(sorted({row[4] for row in rows}))
    touched = [
        Touched(
            each,
            Wording(_("The audit found: %(rule)s."), rule=_name(each.findings[0].rule)),
            tuple((found.start, found.end) for found in each.findings),
        )
        for each in judge(batch)
        if each.copy.place in wanted and each.findings
    ]
    storing.hold()
    return send(batch=batch, touched=touched, user=user), len(ids) - len(touched)


def _name(rule: str) -> Wording:
    return Wording(_("Languages contradict each other")) if rule == CONTRADICTION else rule_wording(rule)
