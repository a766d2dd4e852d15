"""A finding accepted from the desk, with a reason, by who has the right."""

from datetime import datetime, time

from django.http import JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from apps.drafts.services import Refused, exceptions
from apps.drafts.views.access import BadRequest, desk_endpoint, read_json


@desk_endpoint("POST")
def accept(request):
    """`{draftId, revision, rule, start, end, reason[, until]}` -> `{exceptionId}`; 409 where it is refused.

    `start` and `end` are code points of the text of this revision, `until` is the last day (ISO 8601) on which it counts.
    """
    body = read_json(request)
    place = {name: _number(body, key) for key, name in PLACES.items()}
    texts = {name: _text(body, name) for name in ("rule", "reason")}
    expires_at = _end_of_day(body.get("until"))
    try:
        row = exceptions.accept_finding(user=request.user, expires_at=expires_at, **place, **texts)
    except Refused as refused:
        return JsonResponse({"code": refused.code, "message": str(refused)}, status=409)
    return JsonResponse({"exceptionId": row.pk})


PLACES = {"draftId": "draft_id", "revision": "revision", "start": "start", "end": "end"}


def _number(body, name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRequest(_("`%(name)s` is missing.") % {"name": name})
    return value


def _text(body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise BadRequest(_("`%(name)s` is missing.") % {"name": name})
    return value


def _end_of_day(value) -> datetime | None:
    """The last moment of a day in the reader's time zone; None where no day is given."""
    if not value:
        return None
    try:
        day = parse_date(value)
    except (TypeError, ValueError):
        day = None
    if day is None:
        raise BadRequest(_("`%(name)s` is not a date.") % {"name": "until"})
    return timezone.make_aware(datetime.combine(day, time.max))
