"""The page of one product: reads everything, and offers what a person may do to its facts."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from apps.core import languages
from apps.drafts.admin.filters import verb_name
from apps.drafts.services.errors import Refused
from apps.products.models import Fact, Product
from apps.products.services import fact_review
from apps.products.services.product_page import load_product_page
from apps.products.services.products import leave_alone

DONE = {
    "propose": gettext_lazy("Proposed. It supports a text once someone confirms it."),
    "confirm": gettext_lazy("Confirmed. New drafts may state it."),
    "set_aside": gettext_lazy("Set aside. It supports no text any more."),
    "remove": gettext_lazy("Removed."),
    "change": gettext_lazy("Changed. Text that was approved with the old fact is marked as outdated."),
}
EVENTS = {
    "propose_fact": gettext_lazy("fact proposed"),
    "confirm_fact": gettext_lazy("fact confirmed"),
    "set_aside_fact": gettext_lazy("fact set aside"),
    "remove_fact": gettext_lazy("fact removed"),
    "change_fact": gettext_lazy("fact changed"),
    "leave_alone": gettext_lazy("to be left alone"),
    "no_longer_leave_alone": gettext_lazy("no longer left alone"),
}


class FactForm(forms.Form):
    """What the forms of the page send; `verb` says which of them it is."""

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in DONE])
    fact = forms.IntegerField(required=False)
    variant = forms.IntegerField(required=False)
    name = forms.CharField(max_length=200, required=False)
    value = forms.CharField(max_length=fact_review.VALUE_LIMIT, required=False)
    unit = forms.CharField(max_length=40, required=False)
    language = forms.CharField(max_length=20, required=False)
    source_note = forms.CharField(max_length=fact_review.NOTE_LIMIT, required=False)


class ProductPageMixin:
    def change_view(self, request, object_id, form_url="", extra_context=None):
        product = get_object_or_404(Product.objects.defer("search"), pk=object_id if object_id.isdigit() else 0)
        if not self.has_view_permission(request, product):
            raise PermissionDenied
        page = load_product_page(product)
        for row in page.history:
            row["verb"] = EVENTS.get(row["verb"]) or verb_name(row["verb"])
        user = request.user
        return TemplateResponse(request, "products/product_page.html", {
            **self.admin_site.each_context(request),
            "title": product.title, "opts": self.model._meta, "original": product, "page": page, "product": product,
            "languages": _language_choices(page),
            "may_confirm": user.has_perm(fact_review.CONFIRM), "may_propose": user.has_perm(fact_review.PROPOSE),
            "may_change": user.has_perm("products.change_product"), "may_write": user.has_perm("drafts.request_draft"),
            "may_review": user.has_perm("drafts.review_draft"),
        })  # fmt: skip

    def facts_view(self, request, product_id: int):
        self._require_view(request)
        return _post_facts(request, product_id)

    def leave_alone_view(self, request, product_id: int):
        self._require_view(request)
        return _post_leave_alone(request, product_id)

    def _require_view(self, request) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _language_choices(page) -> list[tuple[str, str]]:
    """Languages of the product's shops and facts, first the base languages."""
    tags = [listing.shop.base_language for listing in page.listings]
    tags += [tag for listing in page.listings for tag in listing.shop.languages]
    tags += [group.language for group in page.facts]
    return [(tag, languages.name(tag)) for tag in dict.fromkeys(tags or ["en"])]


def _back(product_id: int, anchor: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('admin:products_product_change', args=[product_id])}#{anchor}")


@require_POST
def _post_facts(request, product_id: int):
    form = FactForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return _back(product_id, "facts")
    try:
        _carry_out(request.user, product_id, form.cleaned_data)
        messages.success(request, DONE[form.cleaned_data["verb"]])
    except Refused as error:
        messages.error(request, str(error))
    return _back(product_id, "facts")


def _carry_out(user, product_id: int, data: dict) -> None:
    verb, fact_id = data["verb"], data["fact"] or 0
    if verb == "propose":
        fact_review.propose_fact(
            user=user, product_id=product_id, name=data["name"], value=data["value"], unit=data["unit"],
            language=data["language"], variant_id=data["variant"], source_note=data["source_note"],
        )  # fmt: skip
        return
    if not Fact.objects.filter(pk=fact_id, product_id=product_id).exists():
        raise Refused("gone", _("This fact no longer exists; an import may have replaced it."))
    if verb == "change":
        fact_review.change_fact(user=user, fact_id=fact_id, value=data["value"], unit=data["unit"])
    else:
        act = {
            "confirm": fact_review.confirm_fact,
            "set_aside": fact_review.set_aside_fact,
            "remove": fact_review.remove_fact,
        }[verb]
        act(user=user, fact_id=fact_id)


@require_POST
def _post_leave_alone(request, product_id: int):
    try:
        leave_alone(user=request.user, product_ids=[product_id], is_on=request.POST.get("is_on") == "1")
    except Refused as error:
        messages.error(request, str(error))
    return _back(product_id, "product")
