"""The desk's filters as they stand in the address."""

from urllib.parse import urlencode

from apps.core import languages
from apps.drafts.models import Draft, Field, Severity
from apps.drafts.services import sheets
from apps.drafts.services.sheets import DeskFilter
from apps.drafts.states import TO_READ, Status
from apps.work.models import Job

RECENT_JOBS = 20
NAMES = ("category", "field", "severity", "language", "job", "kind", "status")


def from_request(request) -> DeskFilter:
    """What the address asks for; a value that makes no sense counts as not given."""
    wanted = chosen(request)
    language = wanted.get("language")
    return DeskFilter(
        languages=(language,) if language else sheets.reviewer_languages(request.user),
        category=wanted.get("category", ""),
        field=wanted.get("field", ""),
        severity=int(wanted["severity"]) if "severity" in wanted else None,
        job_id=int(wanted["job"]) if "job" in wanted else None,
        kind=wanted.get("kind", ""),
        status=wanted.get("status", ""),
    )


def chosen(request) -> dict[str, str]:
    """The filters that are set, by their names in the address."""
    found = {name: request.GET.get(name, "").strip()[:200] for name in NAMES}
    if found["field"] not in Field.values:
        found["field"] = ""
    if found["status"] not in TO_READ:
        found["status"] = ""
    if found["severity"] not in {str(value) for value in Severity.values}:
        found["severity"] = ""
    if not (found["job"].isascii() and found["job"].isdigit()):
        found["job"] = ""
    if found["language"]:
        try:
            found["language"] = languages.normalize(found["language"])
        except ValueError:
            found["language"] = ""
    return {name: value for name, value in found.items() if value}


def query_of(wanted: dict[str, str]) -> str:
    return urlencode(wanted)


def options() -> dict:
    """What can be chosen, from what waits. Two queries, run only when someone opens the filters."""
    places = list(Draft.objects.to_review().order_by().values_list("category", "language").distinct())
    tags = sorted({language for _category, language in places})
    return {
        "categories": sorted({category for category, _language in places if category}),
        "languages": [(tag, languages.name(tag)) for tag in tags],
        "fields": Field.choices,
        "severities": Severity.choices,
        "statuses": [(value, Status(value).label) for value in TO_READ],
        "jobs": [(job.pk, str(job)) for job in Job.objects.order_by("-id")[:RECENT_JOBS]],
    }
