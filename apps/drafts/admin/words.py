from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from apps.core import languages
from apps.core.lists import ExactFilter
from apps.core.services import record_event
from apps.drafts.models import BannedWord, Severity
from apps.drafts.rules.folding import fold

EVERY_LANGUAGE = ("", _("every language"))


class BannedWordForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), required=False, widget=UnfoldAdminSelectWidget, choices=lambda: _language_choices()
    )

    class Meta:
        model = BannedWord
        fields = ["word", "language", "severity", "note"]

    def clean_word(self):
        word = " ".join(self.cleaned_data["word"].split())
        if not fold(word)[0].strip():
            raise ValidationError(_("This word has no visible character."))
        return word

    def clean(self):
        values = super().clean()
        same = BannedWord.objects.filter(word__iexact=values.get("word"), language=values.get("language", ""))
        if values.get("word") and same.exclude(pk=self.instance.pk).exists():
            self.add_error("word", _("This word is on the list already."))
        return values


class LanguageFilter(ExactFilter):
    title = _("language")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return [("-", EVERY_LANGUAGE[1]), *_language_choices()[1:]]

    def queryset(self, request, queryset):
        return queryset.filter(language="") if self.value() == "-" else super().queryset(request, queryset)


class SeverityFilter(ExactFilter):
    title = _("severity")
    parameter_name = "severity"

    def lookups(self, request, model_admin):
        return BannedWord._meta.get_field("severity").choices

    def queryset(self, request, queryset):
        return super().queryset(request, queryset) if (self.value() or "0").isdecimal() else queryset.none()


def _language_choices():
    return [EVERY_LANGUAGE, *languages.NAMES.items()]


@admin.register(BannedWord)
class BannedWordAdmin(ModelAdmin):
    form = BannedWordForm
    list_display = ["word", "shown_language", "shown_severity", "note", "created_by", "updated_at"]
    list_select_related = ["created_by"]
    list_filter = [LanguageFilter, SeverityFilter]
    list_filter_submit = True
    search_fields = ["word", "note"]
    search_help_text = _("Word or note")
    ordering = ["word", "language"]
    list_per_page = 50
    warn_unsaved_form = True

    @admin.display(description=_("language"), ordering="language")
    def shown_language(self, row: BannedWord) -> str:
        return languages.name(row.language) if row.language else EVERY_LANGUAGE[1]

    @display(
        description=_("severity"),
        ordering="severity",
        label={int(Severity.WARN): "warning", int(Severity.BLOCK): "danger"},
    )
    def shown_severity(self, row: BannedWord):
        return row.severity, row.get_severity_display()

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)
        _record(request.user, "change" if change else "add", obj, changed=form.changed_data)

    def delete_model(self, request, obj):
        _record(request.user, "delete", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for row in queryset:
            _record(request.user, "delete", row)
        super().delete_queryset(request, queryset)


def _record(user, verb: str, row: BannedWord, **data) -> None:
    values = {"word": row.word, "language": row.language, "severity": row.severity, **data}
    record_event(user=user, verb=verb, kind="banned_word", subject_id=row.pk, **values)
