import re

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.core.languages import normalize
from apps.products.models import Shop

_MARKET = re.compile(r"[A-Z]{2}")


class CodesField(forms.CharField):
    """A list that a person writes with commas or blanks between its parts."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value) -> list[str]:
        return [part for part in re.split(r"[\s,;]+", value or "") if part]


class ShopForm(forms.ModelForm):
    languages = CodesField(
        label=_("Languages"), required=False, help_text=_("Tags such as en, de or zh-Hans; the base language is added.")
    )
    markets = CodesField(label=_("Markets"), required=False, help_text=_("ISO 3166 codes such as US and DE, or EU."))

    class Meta:
        model = Shop
        fields = ["name", "code", "platform", "base_language", "languages", "markets", "second_review",
                  "withdraws_outdated"]  # fmt: skip

    def clean_base_language(self) -> str:
        return _language(self.cleaned_data["base_language"])

    def clean_languages(self) -> list[str]:
        return [_language(tag) for tag in self.cleaned_data["languages"]]

    def clean_markets(self) -> list[str]:
        markets = [code.upper() for code in self.cleaned_data["markets"]]
        for code in markets:
            if not _MARKET.fullmatch(code):
                raise forms.ValidationError(_("%(code)s is no country code of two letters."), params={"code": code})
        return list(dict.fromkeys(markets))

    def clean(self) -> dict:
        cleaned = super().clean()
        if "languages" in cleaned and "base_language" not in self.errors:
            base = cleaned.get("base_language") or self.instance.base_language
            cleaned["languages"] = list(dict.fromkeys([base, *cleaned["languages"]]))
        return cleaned


def _language(tag: str) -> str:
    try:
        return normalize(tag)
    except ValueError:
        raise forms.ValidationError(
            _("%(tag)s is no language tag such as en or zh-Hans."), params={"tag": tag}
        ) from None


@admin.register(Shop)
class ShopAdmin(ModelAdmin):
    form = ShopForm
    list_display = ["name", "code", "platform", "base_language", "shown_languages", "shown_markets", "second_review"]
    list_filter = ["platform"]
    ordering = ["name"]

    @admin.display(description=_("languages"))
    def shown_languages(self, shop: Shop) -> str:
        return ", ".join(shop.languages)

    @admin.display(description=_("markets"))
    def shown_markets(self, shop: Shop) -> str:
        return ", ".join(shop.markets)

    def get_readonly_fields(self, request, obj=None):
        # The code stands in scripts and schedules, and the base language says what every import so far was written in.
        return ["code", "base_language"] if obj and obj.listings.exists() else []
