"""What the lists that managers keep share: fields for market, language and category, and a trace of each change."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.core import languages, markets
from apps.core.lists import ExactFilter
from apps.core.services import record_event

EVERY_LANGUAGE = ("", _("every language"))
EVERYWHERE = _("everywhere")


def language_choices():
    return [EVERY_LANGUAGE, *languages.NAMES.items()]


class ScopeForm(forms.ModelForm):
    """A form with any of `language`, `market` and `category`."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, widget=UnfoldAdminSelectWidget, choices=language_choices
    )
    market = forms.CharField(
        label=_("Market"), required=False, max_length=2, widget=UnfoldAdminTextInputWidget,
        help_text=_("ISO 3166 code such as CN or US, or EU. Empty: every market."),
    )  # fmt: skip

    def clean_market(self):
        market = markets.normalize(self.cleaned_data["market"])
        if market and not (len(market) == 2 and market.isascii() and market.isalpha()):
            raise ValidationError(_("A market is two letters, such as CN, US or EU."))
        return market

    def clean_category(self):
        return " ".join(self.cleaned_data["category"].split())


class LanguageFilter(ExactFilter):
    title = _("language")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return [("-", EVERY_LANGUAGE[1]), *language_choices()[1:]]

    def queryset(self, request, queryset):
        return queryset.filter(language="") if self.value() == "-" else super().queryset(request, queryset)


class SeverityFilter(ExactFilter):
    title = _("severity")
    parameter_name = "severity"

    def lookups(self, request, model_admin):
        return model_admin.model._meta.get_field("severity").choices

    def queryset(self, request, queryset):
        return super().queryset(request, queryset) if (self.value() or "0").isdecimal() else queryset.none()


def shown_scope(row) -> str:
    """“EU · German · Kettles”, or that it counts everywhere."""
    language = languages.name(row.language) if row.language else ""
    return " · ".join(part for part in (row.market, language, row.category) if part) or str(EVERYWHERE)


class KeptListAdmin(ModelAdmin):
    """A list that managers keep; every change is in the audit trail. Subclasses name `event` and `told`."""

    event = ""
    told: tuple[str, ...] = ()
    author_field = ""
    list_filter_submit = True
    list_per_page = 50
    warn_unsaved_form = True

    def save_model(self, request, obj, form, change):
        if self.author_field and not (change and self.author_field == "created_by"):
            setattr(obj, self.author_field, request.user)
        super().save_model(request, obj, form, change)
        self._record(request.user, "change" if change else "add", obj, changed=form.changed_data)

    def delete_model(self, request, obj):
        self._record(request.user, "delete", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for row in queryset:
            self._record(request.user, "delete", row)
        super().delete_queryset(request, queryset)

    def _record(self, user, verb: str, row, **data) -> None:
        # `kind` is the event's own word for what it is about.
        values = {"sort" if name == "kind" else name: getattr(row, name) for name in self.told} | data
        record_event(user=user, verb=verb, kind=self.event, subject_id=row.pk, **values)
