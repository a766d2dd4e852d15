"""What I decided: the panel beside the desk and the page with all of it."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.drafts.models import Decision
from apps.drafts.registry import provider_of
from apps.drafts.services.decisions import reason_name
from apps.drafts.states import TRANSITIONS
from apps.drafts.views.access import desk_endpoint, desk_page
from apps.drafts.views.messages import script_messages

PANEL_ROWS = 30
PAGE_ROWS = 50
DECIDING = ("approve", "ask_second", "confirm_second", "reject")
VERB_LABELS = {
    "approve": gettext_lazy("approved"),
    "ask_second": gettext_lazy("approved, second reading asked for"),
    "confirm_second": gettext_lazy("approved after a second reading"),
    "reject": gettext_lazy("rejected"),
    "park": gettext_lazy("parked"),
    "unpark": gettext_lazy("put back on the desk"),
    "regenerate": gettext_lazy("asked to write again"),
    "take_back": gettext_lazy("taken back"),
    "take_back_second": gettext_lazy("second reading taken back"),
    "restore": gettext_lazy("restored"),
}


@desk_endpoint("GET")
def panel(request):
    rows = Decision.objects.of(request.user).select_related("draft")[:PANEL_ROWS]
    return render(request, "desk/decision_rows.html", {"rows": _describe(list(rows))})


@desk_page
@require_GET
def page(request):
    """Every decision of mine, newest first; those not yet exported can be taken back."""
    pages = Paginator(Decision.objects.of(request.user).select_related("draft"), PAGE_ROWS)
    current = pages.get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("My decisions"),
        "rows": _describe(list(current.object_list)),
        "page": current,
        "config": {
            "userId": request.user.pk,
            "urls": {"decide": reverse("desk:decide"), "login": reverse("admin:login")},
            "messages": script_messages(),
        },
    }
    return render(request, "desk/decisions.html", context)


def _describe(decisions: list[Decision]) -> list[dict]:
    """Rows for the page: one query for each kind of subject."""
    titles = {}
    for kind in {decision.kind for decision in decisions}:
        ids = list({decision.subject_id for decision in decisions if decision.kind == kind})
        titles |= {(kind, key): subject.title for key, subject in provider_of(kind).describe(ids).items()}
    seen, rows = set(), []
    for decision in decisions:
        rows.append(
            {
                "decision": decision,
                "title": titles.get((decision.kind, decision.subject_id), ""),
                "verb": VERB_LABELS.get(decision.verb, decision.verb),
                "reason": reason_name(decision.reason),
                "url": reverse("desk:sheet", args=[decision.kind, decision.subject_id]),
                "can_take_back": decision.draft_id not in seen and _can_take_back(decision),
            }
        )
        seen.add(decision.draft_id)
    return rows


def _can_take_back(decision: Decision) -> bool:
    """Whether this decision still stands and may be undone: exported text is the shop's.

    After another's decision (a second reading), that one is what could be taken back, and not by the first reader.
    """
    draft = decision.draft
    if decision.verb not in DECIDING or draft is None or draft.reviewed_by_id != decision.by_id:
        return False
    return draft.status in TRANSITIONS["take_back"].sources
