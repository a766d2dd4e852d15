import uuid
from datetime import timedelta

from django.contrib import admin, messages
from django.db.models import Q
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display

from apps.core import languages
from apps.core.lists import ReadOnlyAdmin
from apps.drafts.admin import filters
from apps.drafts.admin.detail import details_of
from apps.drafts.admin.subjects import SubjectChangeList, about, attach_subjects
from apps.drafts.models import Draft, Severity
from apps.drafts.services import Refused, bulk
from apps.drafts.services.decisions import REASONS
from apps.drafts.states import Status
from apps.work.services.rows import cancel_rows, retry_rows

# What one request decides; a larger selection is done in several, so that no page runs for minutes.
MOST_AT_ONCE = 2000
MOST_REASONS_SHOWN = 5

_STATUS_COLOURS = {
    Status.IN_REVIEW: "info", Status.SECOND_REVIEW: "info", Status.APPROVED: "success", Status.PUBLISHED: "success",
    Status.EXPORTED: "success", Status.LIVE: "success", Status.OUTDATED: "warning", Status.ABSTAINED: "warning",
    Status.REJECTED: "danger", Status.FAILED: "danger",
}  # fmt: skip
_SEVERITY_COLOURS = {
    int(Severity.CLEAN): "success", int(Severity.INFO): "info",
    int(Severity.WARN): "warning", int(Severity.BLOCK): "danger",
}  # fmt: skip


class DraftChangeList(SubjectChangeList):
    def get_queryset(self, request, exclude_parameters=None):
        return super().get_queryset(request, exclude_parameters).defer("text", "sampling", "guidance")


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    list_display = [
        "subject_title", "field", "shown_language", "shown_status", "shown_severity", "shown_edited", "shown_model",
        "age",
    ]  # fmt: skip
    list_display_links = ["subject_title"]
    list_select_related = ["model_version"]
    list_filter = [
        filters.StatusFilter, filters.SeverityFilter, filters.FieldFilter, filters.LanguageFilter,
        filters.CategoryFilter, filters.JobFilter, filters.EditedFilter, filters.ParkedFilter,
    ]  # fmt: skip
    search_fields = ["category"]  # shows the box; `get_search_results` says what it searches
    search_help_text = gettext_lazy("Product, or the number of a draft")
    ordering = ["-id"]
    actions = ["approve_clean", "reject", "retry_failed", "cancel"]
    fields = ["subject_title", "field", "shown_language", "status_name", "severity_name"]
    readonly_fields = fields
    change_form_outer_after_template = "admin/drafts/draft/details.html"

    class Media:
        css = {"all": ["shopai/drafts.css"]}

    def get_changelist(self, request, **kwargs):
        return DraftChangeList

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if not term:
            return queryset, False
        number = term.removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 16:
            return queryset.filter(about(term) | Q(pk=int(number))), False
        return queryset.filter(about(term)), False

    def get_object(self, request, object_id, from_field=None):
        draft = super().get_object(request, object_id, from_field)
        if draft is not None:
            attach_subjects([draft])
        return draft

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["details"] = details_of(obj, user=request.user)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # Columns

    @admin.display(description=gettext_lazy("product"))
    def subject_title(self, draft):
        return draft.subject_title or f"#{draft.subject_id}"

    @admin.display(description=gettext_lazy("language"))
    def shown_language(self, draft):
        return languages.name(draft.language)

    @display(description=gettext_lazy("status"), label=_STATUS_COLOURS)
    def shown_status(self, draft):
        return draft.status, _("parked") if draft.parked_at else draft.get_status_display()

    @display(description=gettext_lazy("worst finding"), label=_SEVERITY_COLOURS)
    def shown_severity(self, draft):
        return None if draft.severity is None else (draft.severity, draft.get_severity_display())

    @admin.display(description=gettext_lazy("status"))
    def status_name(self, draft):
        return self.shown_status(draft)[1]

    @admin.display(description=gettext_lazy("worst finding"))
    def severity_name(self, draft):
        return draft.get_severity_display()

    @admin.display(description=gettext_lazy("edited"))
    def shown_edited(self, draft):
        return _("yes") if draft.is_edited else ""

    @admin.display(description=gettext_lazy("model"))
    def shown_model(self, draft):
        return draft.model_version or ""

    @admin.display(description=gettext_lazy("age"))
    def age(self, draft):
        is_fresh = timezone.now() - draft.created_at < timedelta(minutes=1)
        return _("now") if is_fresh else timesince(draft.created_at, depth=1)

    # Actions

    def has_bulk_review_permission(self, request) -> bool:
        return request.user.has_perm("drafts.bulk_review_draft")

    def has_request_permission(self, request) -> bool:
        return request.user.has_perm("drafts.request_draft")

    @admin.action(description=gettext_lazy("Approve what is clean"), permissions=["bulk_review"])
    def approve_clean(self, request, queryset):
        ids = self._chosen(request, queryset)
        try:
            outcome = bulk.approve_clean(user=request.user, draft_ids=ids, key=uuid.uuid4())
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return
        approved = outcome.changed - outcome.waiting
        done = ngettext("%(n)d draft approved.", "%(n)d drafts approved.", approved) % {"n": approved}
        if outcome.waiting:
            asked = ngettext(
                "%(n)d draft now waits for a second reader.", "%(n)d drafts now wait for a second reader.",
                outcome.waiting,
            )  # fmt: skip
            done = f"{done} {asked % {'n': outcome.waiting}}"
        self._report(request, done, outcome)

    @admin.action(description=gettext_lazy("Reject with a reason…"), permissions=["bulk_review"])
    def reject(self, request, queryset):
        """First asks for the reason on a page of its own; the key made there makes a second click harmless."""
        if "confirmed" not in request.POST:
            return self._ask_for_reason(request, queryset)
        ids = [int(pk) for pk in request.POST.get("draft_ids", "").split(",") if pk.isdecimal()][:MOST_AT_ONCE]
        try:
            outcome = bulk.reject_many(
                user=request.user,
                draft_ids=ids,
                key=uuid.UUID(request.POST.get("key", "")),
                reason=request.POST.get("reason", ""),
                note=request.POST.get("note", "")[:500],
            )
        except (Refused, ValueError) as error:
            text = str(error) if isinstance(error, Refused) else _("This page is out of date. Select the drafts again.")
            self.message_user(request, text, messages.ERROR)
            return None
        done = ngettext("%(n)d draft rejected.", "%(n)d drafts rejected.", outcome.changed)
        self._report(request, done % {"n": outcome.changed}, outcome)
        return None

    def _ask_for_reason(self, request, queryset):
        ids = self._chosen(request, queryset)
        if not ids:
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reject drafts"),
            "opts": self.model._meta,
            "media": self.media,
            "ids": ids,
            "first_id": ids[0] if ids else "",
            "key": uuid.uuid4(),
            "reasons": REASONS.items(),
        }
        return TemplateResponse(request, "admin/drafts/draft/reject.html", context)

    @admin.action(description=gettext_lazy("Try the failed again"), permissions=["request"])
    def retry_failed(self, request, queryset):
        chosen = queryset.filter(status__in=[Status.FAILED, Status.CANCELLED])
        count = retry_rows(user=request.user, kind="draft", target_ids=self._chosen(request, chosen))
        done = ngettext("%(n)d draft waits for the model again.", "%(n)d drafts wait for the model again.", count)
        self.message_user(request, done % {"n": count}, messages.SUCCESS if count else messages.WARNING)

    @admin.action(description=gettext_lazy("Cancel what the model has not written yet"), permissions=["request"])
    def cancel(self, request, queryset):
        chosen = queryset.filter(status=Status.REQUESTED)
        count = cancel_rows(user=request.user, kind="draft", target_ids=self._chosen(request, chosen))
        done = ngettext("%(n)d draft cancelled.", "%(n)d drafts cancelled.", count)
        self.message_user(request, done % {"n": count}, messages.SUCCESS if count else messages.WARNING)

    def _chosen(self, request, queryset) -> list[int]:
        ids = list(queryset.order_by("-id").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            text = _("Only the first %(most)d were taken. Run the action again for the rest.")
            self.message_user(request, text % {"most": MOST_AT_ONCE}, messages.WARNING)
        return ids[:MOST_AT_ONCE]

    def _report(self, request, done: str, outcome) -> None:
        if outcome.changed:
            self.message_user(request, done, messages.SUCCESS)
        if not outcome.refused:
            return
        count = len(outcome.refused)
        text = ngettext("%(n)d was left as it is:", "%(n)d were left as they are:", count) % {"n": count}
        shown = [f"#{pk} {why}" for pk, why in list(outcome.refused.items())[:MOST_REASONS_SHOWN]]
        self.message_user(request, " ".join([text, *shown, "…" * (count > MOST_REASONS_SHOWN)]), messages.WARNING)
