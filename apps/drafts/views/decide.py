"""Decisions as the desk's queue sends them: in order, each with its own key, so that sending twice decides once."""

from uuid import UUID

from django.http import JsonResponse
from django.utils.translation import gettext as _

from apps.drafts.services import Refused, decisions
from apps.drafts.views.access import BadRequest, desk_endpoint, read_json

MAX_ENTRIES = 100
MAX_CANDIDATES = 5


@desk_endpoint("POST")
def decide(request):
    """`{"decisions": [{verb, draftId, key, revision, ...}]}`; one result for each, in the same order.

    Each entry stands in a transaction of its own: a refused one stops none of the others.
    """
    entries = read_json(request).get("decisions")
    if not isinstance(entries, list) or not 0 < len(entries) <= MAX_ENTRIES:
        raise BadRequest(_("`decisions` must be a list of 1 to %(most)s entries.") % {"most": MAX_ENTRIES})
    return JsonResponse({"results": [_decide_one(request.user, entry) for entry in entries]})


def _decide_one(user, entry) -> dict:
    key = str(entry.get("key", "")) if isinstance(entry, dict) else ""
    try:
        verb, arguments = _read_entry(entry)
    except (KeyError, TypeError, ValueError):
        return {"key": key, "ok": False, "code": "invalid", "message": _("This decision was sent incomplete.")}
    try:
        decision = verb(user=user, **arguments)
    except Refused as refused:
        return {"key": key, "ok": False, "code": refused.code, "message": str(refused)}
    return {"key": key, "ok": True, "status": decision.to_status}


def _read_entry(entry) -> tuple:
    """The service and its arguments; raises KeyError, TypeError or ValueError for what is no decision."""
    verb, extra = VERBS[entry["verb"]]
    arguments = {"draft_id": int(entry["draftId"]), "key": UUID(entry["key"])}
    return verb, arguments | {name: read(entry) for name, read in extra.items()}


def _text(name, most):
    return lambda entry: str(entry.get(name, ""))[:most]


def _revision(entry) -> int:
    return int(entry["revision"])


def _candidates_wanted(entry) -> int | None:
    wanted = entry.get("candidates")
    return None if wanted is None else min(max(int(wanted), 1), MAX_CANDIDATES)


VERBS = {
    "approve": (decisions.approve, {"revision": _revision, "check_key": _text("checkKey", 64)}),
    "reject": (decisions.reject, {"revision": _revision, "reason": _text("reason", 40), "note": _text("note", 500)}),
    "park": (decisions.park, {"revision": _revision, "note": _text("note", 500)}),
    "unpark": (decisions.unpark, {}),
    "regenerate": (
        decisions.regenerate,
        {"revision": _revision, "guidance": _text("guidance", 500), "n": _candidates_wanted},
    ),
    "take_back": (decisions.take_back, {}),
    "restore": (decisions.restore, {}),
}
