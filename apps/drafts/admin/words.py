from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.core.lists import ExactFilter
from apps.drafts.admin.scopes import KeptListAdmin, LanguageFilter, ScopeForm, SeverityFilter, shown_scope
from apps.drafts.models import BannedWord, Severity
from apps.drafts.rules.folding import fold

SEVERITY_LABELS = {int(Severity.INFO): "info", int(Severity.WARN): "warning", int(Severity.BLOCK): "danger"}


class BannedWordForm(ScopeForm):
    class Meta:
        model = BannedWord
        fields = ["kind", "word", "instead", "severity", "note", "language", "market", "category", "field"]

    def clean_word(self):
        word = " ".join(self.cleaned_data["word"].split())
        if not fold(word)[0].strip(" *…"):
            raise ValidationError(_("This word has no visible character."))
        return word

    def clean(self):
        values = super().clean()
        if values.get("kind") == BannedWord.Kind.TERM and not values.get("instead", "").strip():
            self.add_error("instead", _("Say which term to use instead."))
        if values.get("kind") == BannedWord.Kind.SYNONYM and not values.get("instead", "").strip():
            self.add_error("instead", _("Say which word means the same."))
        scope = {name: values.get(name, "") for name in ("kind", "language", "market", "category", "field")}
        same = BannedWord.objects.filter(word__iexact=values.get("word"), **scope)
        if values.get("word") and same.exclude(pk=self.instance.pk).exists():
            self.add_error("word", _("This word is on the list already."))
        return values


class KindFilter(ExactFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return BannedWord.Kind.choices


@admin.register(BannedWord)
class BannedWordAdmin(KeptListAdmin):
    form = BannedWordForm
    event = "banned_word"
    told = ("word", "kind", "instead", "language", "market", "category", "field", "severity")
    author_field = "created_by"
    list_display = [
        "word",
        "shown_kind",
        "instead",
        "shown_where",
        "shown_severity",
        "note",
        "created_by",
        "updated_at",
    ]
    list_select_related = ["created_by"]
    list_filter = [KindFilter, LanguageFilter, SeverityFilter]
    search_fields = ["word", "instead", "note", "category"]
    search_help_text = _("Word, note or category")
    ordering = ["word", "language"]
    fieldsets = [
        (None, {"fields": ["kind", "word", "instead", "severity", "note"]}),
        (_("Where it counts"), {"fields": ["language", "market", "category", "field"]}),
    ]

    @admin.display(description=_("kind"), ordering="kind")
    def shown_kind(self, row: BannedWord) -> str:
        return row.get_kind_display()

    @admin.display(description=_("where"))
    def shown_where(self, row: BannedWord) -> str:
        where = shown_scope(row)
        return f"{where} · {row.get_field_display()}" if row.field else where

    @display(description=_("severity"), ordering="severity", label=SEVERITY_LABELS)
    def shown_severity(self, row: BannedWord):
        return row.severity, row.get_severity_display()
