from datetime import datetime, time, timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.core.lists import CappedPaginator, ExactFilter
from apps.drafts.admin.scopes import LanguageFilter, ScopeForm, shown_scope
from apps.drafts.admin.subjects import SubjectChangeList, attach_subjects
from apps.drafts.checking import configured_rules
from apps.drafts.models import RuleException
from apps.drafts.services import exceptions
from apps.drafts.services.errors import Refused


class LastDayField(forms.DateField):
    """A day; as a moment it is the end of that day where the reader is."""

    widget = UnfoldAdminDateWidget

    def prepare_value(self, value):
        return timezone.localdate(value - timedelta(microseconds=1)) if isinstance(value, datetime) else value

    def clean(self, value):
        day = super().clean(value)
        if day is None:
            return None
        end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        if end <= timezone.now():
            raise ValidationError(_("The end of an exception must lie in the future."))
        return end

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != super().to_python(data)


class ExpiryForm(forms.ModelForm):
    """All that can be changed later."""

    expires_at = LastDayField(label=_("Last day"), required=False, help_text=_("Empty: until it is withdrawn."))

    class Meta:
        model = RuleException
        fields = ["expires_at"]


class RuleExceptionForm(ScopeForm):
    rule = forms.ChoiceField(
        label=_("Rule"), widget=UnfoldAdminSelectWidget, choices=exceptions.exceptable_rules,
        help_text=_("Numbers, certificates, health and law can't be excepted."),
    )  # fmt: skip

    phrase = forms.CharField(
        label=_("Phrase"), required=False, max_length=500, widget=UnfoldAdminTextInputWidget,
        help_text=_("The very words that the rule marks. Empty: whatever it finds."),
    )  # fmt: skip
    expires_at = LastDayField(label=_("Last day"), required=False, help_text=_("Empty: until it is withdrawn."))

    class Meta:
        model = RuleException
        fields = ["rule", "phrase", "reason", "expires_at", "language", "market", "category"]

    def clean_reason(self):
        reason = " ".join(self.cleaned_data["reason"].split())
        if len(reason) < exceptions.SHORTEST_REASON:
            raise ValidationError(_("Say why, in a few words: it goes into the audit trail."))
        return reason

    def clean(self):
        values = super().clean()
        places = [values.get(name) for name in ("phrase", "language", "market", "category")]
        if "rule" in values and not any(places):
            raise ValidationError(
                _("Give a phrase, a language, a market or a category: a rule can't be accepted away whole.")
            )
        return values


class RuleFilter(ExactFilter):
    title = _("rule")
    parameter_name = "rule"

    def lookups(self, request, model_admin):
        return exceptions.exceptable_rules()


class StateFilter(ExactFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("active", _("in force")), ("over", _("ended or withdrawn"))]

    def queryset(self, request, queryset):
        over = queryset.filter(withdrawn_at__isnull=False) | queryset.filter(expires_at__lte=timezone.now())
        if self.value() == "over":
            return over
        return queryset.exclude(pk__in=over.values("pk")) if self.value() == "active" else queryset


@admin.register(RuleException)
class RuleExceptionAdmin(ModelAdmin):
    """What people answer for. Written once: later only its end can be moved, or it can be withdrawn."""

    form = RuleExceptionForm
    paginator = CappedPaginator
    show_full_result_count = False
    list_display = [
        "shown_phrase",
        "shown_rule",
        "shown_where",
        "shown_state",
        "reason",
        "by",
        "created_at",
        "last_day",
    ]
    list_select_related = ["by"]
    list_filter = [StateFilter, RuleFilter, LanguageFilter]
    list_filter_submit = True
    list_per_page = 50
    search_fields = ["phrase", "reason", "category"]
    search_help_text = _("Phrase, reason or category")
    ordering = ["-id"]
    actions_detail = ["withdraw_this"]
    warn_unsaved_form = True

    def get_changelist(self, request, **kwargs):
        return SubjectChangeList

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [
                (None, {"fields": ["rule", "phrase", "reason", "expires_at"]}),
                (_("Where it counts"), {"fields": ["language", "market", "category"]}),
            ]
        shown = ["shown_rule", "shown_phrase", "shown_where", "told_state", "reason", "by", "created_at"]
        return [(None, {"fields": [*shown, "expires_at"]})]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return ["shown_rule", "shown_phrase", "shown_where", "told_state", "reason", "by", "created_at"]

    def get_form(self, request, obj=None, **kwargs):
        if obj is not None:
            kwargs["form"] = ExpiryForm
        return super().get_form(request, obj, **kwargs)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_model(self, request, obj, form, change):
        if change:
            exceptions.set_expiry(user=request.user, row=obj, expires_at=obj.expires_at)
        else:
            exceptions.add_exception(user=request.user, row=obj)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(request.path)

    @action(description=_("Withdraw"), icon="undo", permissions=["withdraw_this"])
    def withdraw_this(self, request, object_id: int):
        exceptions.withdraw(user=request.user, exception_id=object_id)
        messages.success(request, _("Withdrawn: the rule finds it again from now on."))
        return HttpResponseRedirect(reverse("admin:drafts_ruleexception_change", args=[object_id]))

    def has_withdraw_this_permission(self, request, object_id=None) -> bool:
        return request.user.has_perm(exceptions.PERMISSION)

    @admin.display(description=_("phrase"), ordering="phrase")
    def shown_phrase(self, row: RuleException) -> str:
        return row.phrase[:100] or _("whatever the rule finds")

    @admin.display(description=_("rule"), ordering="rule")
    def shown_rule(self, row: RuleException) -> str:
        return str(next((rule.name for rule in configured_rules() if rule.id == row.rule), row.rule))

    @admin.display(description=_("where"))
    def shown_where(self, row: RuleException) -> str:
        if row.subject_id is None:
            return shown_scope(row)
        if not hasattr(row, "subject_title"):
            attach_subjects([row])
        title = row.subject_title or f"#{row.subject_id}"
        return f"{title} · {shown_scope(row)}" if row.language or row.market else title

    @display(description=_("state"), label={"active": "success", "over": "warning"})
    def shown_state(self, row: RuleException):
        return "active" if _is_in_force(row) else "over", self.told_state(row)

    @admin.display(description=_("state"))
    def told_state(self, row: RuleException) -> str:
        if row.withdrawn_at:
            return _("withdrawn")
        return _("in force") if _is_in_force(row) else _("ended")

    @admin.display(description=_("last day"), ordering="expires_at")
    def last_day(self, row: RuleException):
        return LastDayField().prepare_value(row.expires_at)


def _is_in_force(row: RuleException) -> bool:
    return not row.withdrawn_at and not (row.expires_at and row.expires_at <= timezone.now())
