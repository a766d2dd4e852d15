"""How one reviewer works: languages, keys, or no keys at all (WCAG 2.1.4)."""

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import languages
from apps.drafts.models import DeskPreference
from apps.drafts.views.access import BadRequest, desk_endpoint, read_json

# Single keys that no browser uses; digits choose candidates and cannot be mapped.
KEYS = {
    "approve_sheet": ("a", gettext_lazy("Approve every clean field of the sheet")),
    "approve_field": ("f", gettext_lazy("Approve the chosen field")),
    "edit": ("e", gettext_lazy("Edit the chosen field")),
    "reject": ("r", gettext_lazy("Reject, with a reason")),
    "park": ("p", gettext_lazy("Park, with a note")),
    "regenerate": ("g", gettext_lazy("Write again, with guidance")),
    "next": ("n", gettext_lazy("Next sheet, decide nothing")),
    "field_down": ("j", gettext_lazy("Next field")),
    "field_up": ("k", gettext_lazy("Field before")),
    "diff": ("d", gettext_lazy("Compare with the text in the shop")),
    "undo": ("u", gettext_lazy("Take my last decision back")),
    "last": ("l", gettext_lazy("My last decisions")),
}


def of(user) -> dict:
    """The preferences of a reviewer as the page and its script read them."""
    row = DeskPreference.objects.filter(user=user).first() or DeskPreference(user=user)
    own = row.keys if isinstance(row.keys, dict) else {}
    return {
        "languages": row.languages,
        "hasKeys": row.has_keys,
        "keys": {action: own.get(action, key) for action, (key, _label) in KEYS.items()},
        "rows": [(action, own.get(action, key), label) for action, (key, label) in KEYS.items()],
    }


@desk_endpoint("POST")
def preferences(request):
    """`{languages: [...], hasKeys: bool, keys: {action: key}}`; everything is replaced."""
    body = read_json(request)
    DeskPreference.objects.update_or_create(
        user=request.user,
        defaults={
            "languages": _read_languages(body.get("languages", [])),
            "has_keys": body.get("hasKeys") is not False,
            "keys": _read_keys(body.get("keys", {})),
        },
    )
    saved = of(request.user)
    return JsonResponse({"hasKeys": saved["hasKeys"], "keys": saved["keys"], "languages": saved["languages"]})


def _read_languages(tags) -> list[str]:
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise BadRequest(_("The languages must be a list."))
    try:
        return sorted({languages.normalize(tag) for tag in tags})
    except ValueError as error:
        raise BadRequest(str(error)) from None


def _read_keys(keys) -> dict[str, str]:
    """Only what differs from the defaults; raises BadRequest for a key that cannot be used or is used twice."""
    if not isinstance(keys, dict) or not set(keys) <= set(KEYS):
        raise BadRequest(_("There is no such action to give a key to."))
    whole = {action: default for action, (default, _label) in KEYS.items()}
    for action, key in keys.items():
        if not (isinstance(key, str) and len(key) == 1 and key.isascii() and key.isalpha()):
            raise BadRequest(_("A key must be one letter from a to z."))
        whole[action] = key.lower()
    if len(set(whole.values())) < len(whole):
        raise BadRequest(_("Two actions have the same key."))
    return {action: key for action, key in whole.items() if key != KEYS[action][0]}
