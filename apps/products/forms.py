"""Forms that the catalogue's pages share."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import languages
from apps.products.models import Shop

NEW_SHOP = "+"


class UploadOptionsForm(forms.Form):
    """Whose products an uploaded file holds and in which language; `params()` is what the import reads."""

    shop = forms.ChoiceField(label=gettext_lazy("Shop"))
    shop_code = forms.SlugField(
        label=gettext_lazy("Code of the new shop"), required=False, max_length=40,
        help_text=gettext_lazy("Short, a-z, 0-9 and -; exports and the API name the shop by it."),
    )  # fmt: skip
    shop_name = forms.CharField(label=gettext_lazy("Name of the new shop"), required=False, max_length=120)
    language = forms.ChoiceField(label=gettext_lazy("Language of the texts in the file"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        shops = [(shop.code, shop.name) for shop in Shop.objects.order_by("name")]
        self.fields["shop"].choices = [*shops, (NEW_SHOP, _("a new shop"))]
        by_shop = [("", _("the shop's base language"))] if shops else []
        self.fields["language"].choices = [*by_shop, *languages.NAMES.items()]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("shop") != NEW_SHOP:
            return data
        code = (data.get("shop_code") or "").lower()
        if not code:
            self.add_error("shop_code", _("Give the new shop a code."))
        elif Shop.objects.filter(code=code).exists():
            self.add_error("shop_code", _("There is a shop with this code already: choose it above."))
        else:
            try:
                Shop._meta.get_field("code").run_validators(code)
            except forms.ValidationError as error:
                self.add_error("shop_code", error)
        return data

    def params(self) -> dict:
        data = self.cleaned_data
        if data["shop"] != NEW_SHOP:
            return {"shop": data["shop"], "new_shop": False, "language": data["language"]}
        named = {"shop_name": data["shop_name"]} if data["shop_name"] else {}
        return {"shop": data["shop_code"].lower(), "new_shop": True, "language": data["language"] or "en", **named}
