from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.core import languages
from apps.core.lists import DayRangeFilter, ReadOnlyAdmin
from apps.drafts.admin.filters import FieldFilter, LanguageFilter, PersonFilter, VerbFilter, verb_name
from apps.drafts.admin.subjects import SubjectChangeList, about, attach_subjects
from apps.drafts.models import Decision
from apps.drafts.services.decisions import reason_name
from apps.drafts.states import Status

_COLOURS = {"approve": "success", "confirm_second": "success", "reject": "danger", "ask_second": "info", "take_back": "warning",
            "take_back_second": "warning"}  # fmt: skip


class DecisionChangeList(SubjectChangeList):
    def get_ordering(self, request, queryset):
        """By time where days were chosen, so that the index of times is read and not every row behind it."""
        has_days = any(request.GET.get(name) for name in ("at_from", "at_to"))
        return ["-at", "-id"] if has_days else ["-id"]


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    empty_hint = _("What people decide at the desk, in lists and through the API is kept here for good.")
    list_display = [
        "at", "person", "shown_verb", "subject_title", "shown_field", "shown_reason", "shown_change", "shown_bulk",
    ]  # fmt: skip
    list_display_links = ["at"]
    list_select_related = ["by"]
    list_filter = [PersonFilter, VerbFilter, ("at", DayRangeFilter), FieldFilter, LanguageFilter]
    search_fields = ["note"]  # shows the box; `get_search_results` says what it searches
    search_help_text = _("Product")
    fields = [
        "at", "person", "verb_name", "subject_title", "shown_field", "from_status_name", "to_status_name", "revision",
        "shown_reason", "note", "shown_change", "is_bulk", "draft_link", "model_version_id_was", "prompt_hash",
        "text_hash", "check_key", "key",
    ]  # fmt: skip
    readonly_fields = fields

    def get_changelist(self, request, **kwargs):
        return DecisionChangeList

    def get_object(self, request, object_id, from_field=None):
        decision = super().get_object(request, object_id, from_field)
        if decision is not None:
            attach_subjects([decision])
        return decision

    def get_search_results(self, request, queryset, search_term):
        return (queryset.filter(about(search_term)) if search_term.strip() else queryset), False

    @admin.display(description=_("by"))
    def person(self, decision):
        return decision.by.get_username() if decision.by else f"#{decision.by_id}"

    @display(description=_("decision"), label=_COLOURS)
    def shown_verb(self, decision):
        return decision.verb, verb_name(decision.verb)

    @admin.display(description=_("decision"))
    def verb_name(self, decision):
        return verb_name(decision.verb)

    @admin.display(description=_("in bulk"))
    def shown_bulk(self, decision):
        return _("in bulk") if decision.is_bulk else ""

    @admin.display(description=_("product"))
    def subject_title(self, decision):
        return decision.subject_title or f"#{decision.subject_id}"

    @admin.display(description=_("field"))
    def shown_field(self, decision):
        return f"{decision.get_field_display()} · {languages.name(decision.language)}"

    @admin.display(description=_("reason"))
    def shown_reason(self, decision):
        return reason_name(decision.reason)

    @admin.display(description=_("changed by the person"))
    def shown_change(self, decision):
        return "" if decision.changed_share is None else f"{round(100 * decision.changed_share)} %"

    @admin.display(description=_("from"))
    def from_status_name(self, decision):
        return dict(Status.choices).get(decision.from_status, decision.from_status)

    @admin.display(description=_("to"))
    def to_status_name(self, decision):
        return dict(Status.choices).get(decision.to_status, decision.to_status)

    @admin.display(description=_("draft"))
    def draft_link(self, decision):
        address = reverse("admin:drafts_draft_change", args=[decision.draft_id])
        return format_html('<a class="draft-link" href="{}">#{}</a>', address, decision.draft_id)
