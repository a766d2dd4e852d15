"""Who may come to the desk, and how a page and an endpoint say no."""

import json
from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

PERMISSION = "drafts.review_draft"


class BadRequest(Exception):
    """The body is not what this endpoint takes; `str()` says what is missing."""


def desk_page(view):
    """A page: the login form for strangers, 403 for people without the right to review."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    # The desk's script reads the token from the cookie when it sends: a login in another tab changes it.
    return admin.site.admin_view(ensure_csrf_cookie(checked))


def desk_endpoint(method: str):
    """What the desk's script calls: 401 and 403 as JSON, never a redirect to a login form."""

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if request.method != method:
                return _refusal(405, "method", _("This address takes %(method)s only.") % {"method": method})
            if not request.user.is_authenticated:
                return _refusal(401, "login", _("You are signed out. Sign in again: nothing that you decided is lost."))
            if not (request.user.is_staff and request.user.has_perm(PERMISSION)):
                return _refusal(
                    403, "not_allowed", _("You may not review drafts. Ask a manager for the reviewer role.")
                )
            try:
                return view(request, *args, **kwargs)
            except BadRequest as error:
                return _refusal(400, "invalid", str(error))

        return checked

    return decorate


def read_json(request) -> dict:
    """The body as an object; raises BadRequest for anything else."""
    try:
        body = json.loads(request.body)
    except ValueError:
        raise BadRequest(_("The request is not JSON.")) from None
    if not isinstance(body, dict):
        raise BadRequest(_("The request is not a JSON object."))
    return body


def _refusal(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
