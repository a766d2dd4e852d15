from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from apps.core import languages
from apps.core.lists import ExactFilter
from apps.drafts.admin.scopes import KeptListAdmin, LanguageFilter, ScopeForm, shown_scope
from apps.drafts.admin.words import SEVERITY_LABELS
from apps.drafts.checking import configured_rules
from apps.drafts.models import PackSwitch


def pack_choices() -> list[tuple[str, str]]:
    """Everything that can be switched: packs and house rules, by their names."""
    return [(rule.id, rule.name) for rule in configured_rules() if rule.is_switchable]


class PackSwitchForm(ScopeForm):
    pack = forms.ChoiceField(label=_("Pack or rule"), widget=UnfoldAdminSelectWidget, choices=pack_choices)

    class Meta:
        model = PackSwitch
        fields = ["pack", "is_on", "severity", "language", "market", "category"]


class PackFilter(ExactFilter):
    title = _("pack or rule")
    parameter_name = "pack"

    def lookups(self, request, model_admin):
        return pack_choices()


@admin.register(PackSwitch)
class PackSwitchAdmin(KeptListAdmin):
    form = PackSwitchForm
    event = "pack_switch"
    told = ("pack", "is_on", "severity", "language", "market", "category")
    author_field = "changed_by"
    list_display = ["shown_pack", "shown_state", "shown_where", "shown_severity", "changed_by", "updated_at"]
    list_select_related = ["changed_by"]
    list_filter = [PackFilter, LanguageFilter]
    search_fields = ["pack", "category", "market"]
    search_help_text = _("Pack, category or market")
    ordering = ["pack", "category", "market", "language"]
    list_after_template = "admin/drafts/packswitch/packs.html"

    class Media:
        css = {"all": ["shopai/packs.css"]}

    fieldsets = [
        (None, {"fields": ["pack", "is_on", "severity"]}),
        (_("Where it counts"), {"fields": ["language", "market", "category"]}),
    ]

    def changelist_view(self, request, extra_context=None):
        rules = [rule for rule in configured_rules() if rule.is_switchable]
        packs = [{"name": rule.name, "explanation": rule.explanation, "where": _by_default(rule)} for rule in rules]
        return super().changelist_view(request, {"packs": packs} | (extra_context or {}))

    @admin.display(description=_("pack or rule"), ordering="pack")
    def shown_pack(self, row: PackSwitch) -> str:
        return str(dict(pack_choices()).get(row.pack, row.pack))

    @display(description=_("state"), ordering="is_on", label={True: "success", False: "warning"})
    def shown_state(self, row: PackSwitch):
        return row.is_on, _("on") if row.is_on else _("off")

    @admin.display(description=_("where"))
    def shown_where(self, row: PackSwitch) -> str:
        return shown_scope(row)

    @display(description=_("severity"), ordering="severity", label=SEVERITY_LABELS)
    def shown_severity(self, row: PackSwitch):
        return (row.severity, row.get_severity_display()) if row.severity else None


def _by_default(rule) -> str:
    pack = getattr(rule, "pack", None)
    if pack is None or not pack.markets:
        return str(_("on everywhere"))
    values = {
        "markets": ", ".join(pack.markets),
        "languages": ", ".join(languages.name(tag) for tag in pack.languages_without_market),
    }
    return str(_("on in %(markets)s; where a shop has no markets, in %(languages)s") % values)
