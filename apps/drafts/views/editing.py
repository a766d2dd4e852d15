"""The operator's text: saved as it is typed, checked as it is saved."""

from django.http import JsonResponse
from django.utils.translation import gettext as _

from apps.drafts.models import Draft
from apps.drafts.services import Refused, editing
from apps.drafts.views import evidence, payload
from apps.drafts.views.access import BadRequest, desk_endpoint, read_json


@desk_endpoint("POST")
def save(request):
    """`{draftId, revision, text}` -> the new revision, its check key, findings and links to facts; 409 where it is refused."""
    body = read_json(request)
    text = body.get("text")
    if not isinstance(text, str):
        raise BadRequest(_("`text` is missing."))
    return _answer(lambda: editing.save_text(user=request.user, text=text, **_place(body)))


@desk_endpoint("POST")
def choose(request):
    """`{draftId, revision, candidateId}` -> as `save`."""
    body = read_json(request)
    candidate_id = body.get("candidateId")
    if not isinstance(candidate_id, int):
        raise BadRequest(_("`candidateId` is missing."))
    return _answer(lambda: editing.choose_candidate(user=request.user, candidate_id=candidate_id, **_place(body)))


def _place(body) -> dict:
    draft_id, revision = body.get("draftId"), body.get("revision")
    if not isinstance(draft_id, int) or not isinstance(revision, int):
        raise BadRequest(_("`draftId` or `revision` is missing."))
    return {"draft_id": draft_id, "revision": revision}


def _answer(work) -> JsonResponse:
    try:
        draft = work()
    except Refused as refused:
        return JsonResponse({"code": refused.code, "message": str(refused)}, status=409)
    return JsonResponse(_state(draft))


def _state(draft: Draft) -> dict:
    return {
        "text": draft.text,
        "revision": draft.revision,
        "checkKey": draft.check_key,
        "severity": int(draft.severity or 0),
        "isEdited": draft.is_edited,
        "chosenId": draft.chosen_id,
        "findings": [payload.finding(row, draft.language) for row in draft.check_result.findings],
        "links": evidence.links(draft.check_result),
        **payload.reading(draft),
    }
