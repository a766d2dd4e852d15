"""Lists of what hangs on products: listings, facts, published copy. Read here, changed on the product's page."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.lists import ReadOnlyAdmin
from apps.drafts.admin.filters import FieldFilter
from apps.drafts.services.errors import Refused
from apps.products.admin.filters import FactSourceFilter, FactStatusFilter, ListingShopFilter, OriginFilter
from apps.products.models import Fact, Listing, PublishedCopy
from apps.products.services.fact_review import confirm_fact


class RecordAdmin(ReadOnlyAdmin):
    """Rows that the product's page explains."""

    list_fullwidth = True
    list_disable_select_all = True
    ordering = ["-pk"]

    class Media:
        css = {"all": ["shopai/products.css"]}


def _product_link(product):
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:products_product_change", args=[product.pk]), product.title
    )


@admin.register(Listing)
class ListingAdmin(RecordAdmin):
    list_display = ["external_key", "product_shown", "shop", "status", "seen_at"]
    list_filter = [ListingShopFilter]
    list_select_related = ["shop", "product"]
    search_fields = ["=external_key"]
    search_help_text = _("The whole handle or id.")
    fields = ["shop", "external_key", "product_shown", "status", "seen_at", "live", "body_html"]
    readonly_fields = fields

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return (
            queryset.defer("body_html", "live") if request.resolver_match.kwargs.get("object_id") is None else queryset
        )

    def get_search_results(self, request, queryset, search_term):
        return queryset.filter(external_key=search_term.strip()) if search_term.strip() else queryset, False

    @admin.display(description=_("product"))
    def product_shown(self, listing: Listing):
        return _product_link(listing.product)


@admin.register(Fact)
class FactAdmin(RecordAdmin):
    list_display = ["name", "said", "language", "product_shown", "source", "status", "proposer", "updated_at"]
    list_filter = [FactStatusFilter, FactSourceFilter]
    list_select_related = ["product", "proposed_by"]
    fields = [
        "product_shown", "variant", "role", "name", "value", "unit", "language", "source", "source_note", "status",
        "proposer", "confirmer", "created_at", "updated_at",
    ]  # fmt: skip
    readonly_fields = fields
    actions = ["confirm"]

    @admin.display(description=_("value"))
    def said(self, fact: Fact) -> str:
        return f"{fact.value[:120]} {fact.unit}".strip()

    @admin.display(description=_("product"))
    def product_shown(self, fact: Fact):
        return _product_link(fact.product)

    @admin.display(description=_("proposed by"))
    def proposer(self, fact: Fact) -> str:
        return fact.proposed_by.get_username() if fact.proposed_by else ""

    @admin.display(description=_("confirmed by"))
    def confirmer(self, fact: Fact) -> str:
        return fact.confirmed_by.get_username() if fact.confirmed_by else ""

    def has_confirm_permission(self, request) -> bool:
        return request.user.has_perm("products.confirm_fact")

    @admin.action(description=_("Confirm"), permissions=["confirm"])
    def confirm(self, request, queryset):
        confirmed = 0
        for fact_id in queryset.filter(status=Fact.Status.PROPOSED).order_by("pk").values_list("pk", flat=True):
            try:
                confirm_fact(user=request.user, fact_id=fact_id)
                confirmed += 1
            except Refused as error:
                self.message_user(request, str(error), messages.WARNING)
        text = ngettext("%(count)d fact confirmed.", "%(count)d facts confirmed.", confirmed) % {"count": confirmed}
        self.message_user(request, text, messages.SUCCESS)


@admin.register(PublishedCopy)
class PublishedCopyAdmin(RecordAdmin):
    empty_hint = _(
        "Approved text is listed here as soon as it can no longer be undone at the desk, after about a minute."
    )
    list_display = [
        "product_shown", "shop_shown", "field", "language", "version", "origin_shown", "published_by", "published_at",
        "state",
    ]  # fmt: skip
    list_filter = [FieldFilter, OriginFilter]
    list_select_related = ["listing__product", "listing__shop", "published_by"]
    fields = ["product_shown", "shop_shown", "field", "language", "version", "text", "origin_shown", "published_by",
              "published_at", "exported_at", "live_at", "withdrawn_at"]  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request):
        queryset = (
            super().get_queryset(request).defer("listing__body_html", "listing__live", "listing__product__search")
        )
        return queryset.defer("text") if request.resolver_match.kwargs.get("object_id") is None else queryset

    @admin.display(description=_("product"))
    def product_shown(self, copy: PublishedCopy):
        return _product_link(copy.listing.product)

    @admin.display(description=_("shop"))
    def shop_shown(self, copy: PublishedCopy) -> str:
        return copy.listing.shop.name

    @admin.display(description=_("where it stands"))
    def state(self, copy: PublishedCopy) -> str:
        steps = (
            (_("withdrawn %(at)s"), copy.withdrawn_at), (_("live %(at)s"), copy.live_at),
            (_("exported %(at)s"), copy.exported_at),
        )  # fmt: skip
        text, at = next(((text, at) for text, at in steps if at), ("", None))
        return text % {"at": date_format(localtime(at), "SHORT_DATETIME_FORMAT")} if at else _("published")

    @admin.display(description=_("written by"))
    def origin_shown(self, copy: PublishedCopy) -> str:
        if copy.origin != PublishedCopy.Origin.EDITED:
            return copy.get_origin_display()
        return _("%(origin)s (%(share)d%% changed)") % {
            "origin": copy.get_origin_display(), "share": round(copy.changed_share * 100),
        }  # fmt: skip
