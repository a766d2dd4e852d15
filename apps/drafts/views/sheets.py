"""The desk's page and the sheets that it fetches ahead of the reviewer."""

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.core import languages as language_names
from apps.drafts.models import Draft, Field, Severity
from apps.drafts.registry import provider_of
from apps.drafts.services import sheets
from apps.drafts.services.decisions import REASONS
from apps.drafts.states import TO_READ, Status
from apps.drafts.views import evidence, filters, payload, preferences
from apps.drafts.views.access import BadRequest, desk_endpoint, desk_page, read_json
from apps.drafts.views.messages import script_messages
from apps.drafts.views.pace import median_seconds_per_sheet

# So many sheets are fetched (and claimed) ahead: what a reviewer can go on with when the connection drops.
AHEAD = 4
NOTHING_OPEN = gettext_lazy("Nothing on that sheet waits for a decision any more.")


@desk_page
@require_GET
def desk(request):
    """The desk with the first sheet that waits."""
    sheet = sheets.next_sheet(user=request.user, desk_filter=filters.from_request(request))
    return _page(request, sheet)


@desk_page
@require_GET
def sheet_page(request, kind: str, subject_id: int):
    """The desk with this sheet: the address that a reviewer can share."""
    sheet = _load(request, kind, subject_id)
    return _page(request, sheet, notice="" if sheet else NOTHING_OPEN)


@desk_endpoint("GET")
def next_fragment(request):
    """The sheet behind the cursor `after`, from the start again at the end; 204 where none is left."""
    sheet = sheets.next_sheet(
        user=request.user, desk_filter=filters.from_request(request), after=request.GET.get("after", "")
    )
    if sheet is None:
        return HttpResponse(status=204)
    return _fragment(request, sheet)


@desk_endpoint("GET")
def sheet_fragment(request, kind: str, subject_id: int):
    sheet = _load(request, kind, subject_id)
    if sheet is None:
        return JsonResponse({"code": "gone", "message": str(NOTHING_OPEN)}, status=409)
    return _fragment(request, sheet)


@desk_endpoint("GET")
def empty_fragment(request):
    """What to do when no sheet is left: told apart by whether something is being written, parked or filtered away."""
    return render(request, "desk/empty.html", _empty_context(request))


@desk_endpoint("GET")
def count(request):
    """How many sheets are left and how long they take at this reviewer's pace."""
    left = sheets.count_sheets(user=request.user, desk_filter=filters.from_request(request))
    pace = median_seconds_per_sheet(user=request.user)
    return JsonResponse({"left": left, "secondsPerSheet": pace})


@desk_endpoint("GET")
def filter_options(request):
    return render(request, "desk/filters.html", {"options": filters.options(), "chosen": filters.chosen(request)})


@desk_endpoint("POST")
def release(request):
    """Give sheets back that were fetched ahead and not looked at. Sent when the page goes away."""
    wanted = read_json(request).get("sheets")
    if not isinstance(wanted, list):
        raise BadRequest(_("`sheets` is missing."))
    for item in wanted[:50]:
        if isinstance(item, dict) and isinstance(item.get("subjectId"), int):
            sheets.release(user=request.user, kind=str(item.get("kind", "")), subject_id=item["subjectId"])
    return JsonResponse({})


def _load(request, kind: str, subject_id: int):
    """The sheet, claimed where it is free; without drafts where the model still writes; None where nothing is open."""
    try:
        provider = provider_of(kind)
    except KeyError:
        raise Http404 from None
    languages = sheets.reviewer_languages(request.user)
    sheet = sheets.load_sheet(
        user=request.user, kind=kind, subject_id=subject_id, languages=languages, wants_claim=True
    )
    if sheet is None and _waiting(kind, subject_id):
        subject = provider.describe([subject_id]).get(subject_id)
        sheet = subject and sheets.Sheet(kind=kind, subject=subject, drafts=[])
    return sheet


def _page(request, sheet, notice: str = ""):
    wanted, preference = filters.chosen(request), preferences.of(request.user)
    context = {
        **admin.site.each_context(request),
        "title": _("Review desk"),
        "config": _config(request, wanted, preference),
        "preference": preference,
        "languages": language_names.NAMES,
        "reasons": REASONS,
        "chosen": _chosen_labels(wanted),
        "notice": notice,
    }
    context |= _sheet_context(request, sheet) if sheet else _empty_context(request)
    return render(request, "desk/page.html", context)


def _config(request, wanted, preference) -> dict:
    """What the script must know and the page does not show."""
    return {
        "userId": request.user.pk,
        "query": filters.query_of(wanted),
        "urls": {
            "desk": reverse("desk:desk"),
            "next": reverse("desk:next"),
            "empty": reverse("desk:empty"),
            "count": reverse("desk:count"),
            "filters": reverse("desk:filters"),
            "release": reverse("desk:release"),
            "decide": reverse("desk:decide"),
            "save": reverse("desk:save"),
            "choose": reverse("desk:choose"),
            "propose": reverse("desk:propose"),
            "confirm": reverse("desk:confirm"),
            "accept": reverse("desk:accept"),
            "panel": reverse("desk:panel"),
            "preferences": reverse("desk:preferences"),
            "login": reverse("admin:login"),
        },
        "ahead": AHEAD,
        "claimSeconds": settings.SHOPAI_CLAIM_SECONDS,
        "preference": {name: preference[name] for name in ("hasKeys", "keys", "languages")},
        "messages": script_messages(),
    }


def _fragment(request, sheet):
    return render(request, "desk/sheet.html", _sheet_context(request, sheet))


def _sheet_context(request, sheet) -> dict:
    data = payload.sheet(sheet, request.user)
    return {
        "sheet": sheet,
        "facts": evidence.fact_rows(sheet.subject),
        "title_key": evidence.title_key(sheet.subject),
        "may_confirm": data["rights"]["confirm"],
        "sheet_data": data,
        "waiting": _waiting(sheet.kind, sheet.subject.id),
        "address": reverse("desk:sheet", args=[sheet.kind, sheet.subject.id]),
        "fragment_address": reverse("desk:sheet_fragment", args=[sheet.kind, sheet.subject.id]),
    }


def _waiting(kind: str, subject_id: int) -> list[str]:
    """The fields of this subject that the model is still writing."""
    rows = Draft.objects.filter(kind=kind, subject_id=subject_id, status=Status.REQUESTED)
    names = dict(Field.choices)
    return [f"{names[field]} ({language})" for field, language in rows.values_list("field", "language")]


def _empty_context(request) -> dict:
    drafts = Draft.objects.order_by()
    return {
        "is_filtered": bool(filters.chosen(request)),
        "is_writing": drafts.filter(status=Status.REQUESTED).exists(),
        "has_parked": drafts.filter(status__in=TO_READ, parked_at__isnull=False).exists(),
        "clear_url": reverse("desk:desk"),
    }


def _chosen_labels(wanted) -> list[str]:
    """The filters as a person reads them."""
    readers = {
        "language": language_names.name,
        "job": lambda value: _("job %(id)s") % {"id": value},
        "field": lambda value: Field(value).label,
        "status": lambda value: Status(value).label,
        "severity": lambda value: Severity(int(value)).label,
    }
    return [str(readers.get(name, str)(value)) for name, value in wanted.items()]
