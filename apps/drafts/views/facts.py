"""Facts from the desk: a claim without one is proposed as one, and confirmed by who may."""

from django.http import JsonResponse
from django.utils.translation import gettext as _

from apps.drafts.services import Refused, proposing
from apps.drafts.views.access import BadRequest, desk_endpoint, read_json

NAME_LIMIT, VALUE_LIMIT, NOTE_LIMIT = 200, 2_000, 300


@desk_endpoint("POST")
def propose(request):
    """`{draftId, name, value, source, isConfirmed}` -> `{factId}`; 409 where it is refused."""
    body = read_json(request)
    fact = {
        "name": _text(body, "name", NAME_LIMIT),
        "value": _text(body, "value", VALUE_LIMIT),
        "source_note": _text(body, "source", NOTE_LIMIT),
        "is_confirmed": body.get("isConfirmed") is True,
    }
    draft_id = _id(body, "draftId")
    return _answer(lambda: proposing.propose_fact(user=request.user, draft_id=draft_id, **fact))


@desk_endpoint("POST")
def confirm(request):
    """`{draftId, factId}` -> `{factId}`; 409 where it is refused."""
    body = read_json(request)
    draft_id, fact_id = _id(body, "draftId"), _id(body, "factId")

    def work() -> int:
        proposing.confirm_fact(user=request.user, draft_id=draft_id, fact_id=fact_id)
        return fact_id

    return _answer(work)


def _text(body, name: str, most: int) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise BadRequest(_("`%(name)s` is missing.") % {"name": name})
    return value[:most]


def _id(body, name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRequest(_("`%(name)s` is missing.") % {"name": name})
    return value


def _answer(work) -> JsonResponse:
    try:
        return JsonResponse({"factId": work()})
    except Refused as refused:
        return JsonResponse({"code": refused.code, "message": str(refused)}, status=409)
