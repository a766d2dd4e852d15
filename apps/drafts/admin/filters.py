"""Filters of the lists of drafts and decisions. Their names in the address are those of the desk's filters."""

from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.admin import staff_choices
from apps.core.lists import ExactFilter, distinct_values
from apps.drafts.models import Draft, Field, Severity
from apps.drafts.states import Status
from apps.work.models import Job

RECENT_JOBS = 50


class StatusFilter(ExactFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices


class SeverityFilter(ExactFilter):
    title = _("worst finding")
    parameter_name = "severity"

    def lookups(self, request, model_admin):
        return Severity.choices

    def queryset(self, request, queryset):
        return super().queryset(request, queryset) if (self.value() or "0").isdecimal() else queryset.none()


class FieldFilter(ExactFilter):
    title = _("field")
    parameter_name = "field"

    def lookups(self, request, model_admin):
        return Field.choices


class LanguageFilter(ExactFilter):
    title = _("language")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return list(languages.NAMES.items())


class CategoryFilter(ExactFilter):
    """The categories of what waits: those that the desk's index knows without reading the table."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request, model_admin):
        waiting = "status IN ('in_review', 'second_review', 'outdated') AND parked_at IS NULL"
        found = [name for name in distinct_values(Draft, "category", condition=waiting) if name]
        if self.value() and self.value() not in found:
            found.append(self.value())
        return [(name, name) for name in found]


class JobFilter(ExactFilter):
    title = _("job")
    parameter_name = "job"
    column = "job_id"

    def lookups(self, request, model_admin):
        jobs = [(str(job.pk), str(job)) for job in Job.objects.order_by("-id")[:RECENT_JOBS]]
        if self.value() and self.value() not in dict(jobs):
            jobs.append((self.value(), f"#{self.value()}"))
        return jobs

    def queryset(self, request, queryset):
        return super().queryset(request, queryset) if (self.value() or "0").isdecimal() else queryset.none()


class EditedFilter(ExactFilter):
    title = _("edited by a person")
    parameter_name = "is_edited"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        return queryset.filter(is_edited=self.value() == "yes") if self.value() else queryset


class ParkedFilter(ExactFilter):
    title = _("parked")
    parameter_name = "parked"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        return queryset.filter(parked_at__isnull=self.value() == "no") if self.value() else queryset


class PersonFilter(ExactFilter):
    title = _("person")
    parameter_name = "by"
    column = "by_id"

    def lookups(self, request, model_admin):
        return staff_choices()

    def queryset(self, request, queryset):
        return super().queryset(request, queryset) if (self.value() or "0").isdecimal() else queryset.none()


class VerbFilter(ExactFilter):
    title = _("decision")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return [(verb, verb_name(verb)) for verb in VERBS]


VERBS = {
    "approve": _("approved"),
    "reject": _("rejected"),
    "park": _("parked"),
    "unpark": _("taken up again"),
    "regenerate": _("written again"),
    "take_back": _("taken back"),
    "take_back_second": _("second reading taken back"),
    "restore": _("restored"),
    "ask_second": _("approved, second reading asked for"),
    "confirm_second": _("approved after a second reading"),
}


def verb_name(verb: str):
    return VERBS.get(verb, verb)
