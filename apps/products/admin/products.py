from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin

from apps.core.lists import CappedChangeList, CappedPaginator
from apps.products.admin.filters import CategoryFilter, LeaveAloneFilter, ShopFilter, TextFilter
from apps.products.admin.product_page import ProductPageMixin
from apps.products.models import Listing, Product
from apps.products.services.product_page import copy_states
from apps.products.services.products import leave_alone
from apps.products.services.selection import MAX_IDS
from apps.products.templatetags.product_images import product_image

_PILLS = (
    ("in_review", "is-waiting", gettext_lazy("%(count)d to review")),
    ("waiting", "is-plain", gettext_lazy("%(count)d being written")),
    ("approved", "is-good", gettext_lazy("%(count)d approved")),
    ("published", "is-good", gettext_lazy("%(count)d published")),
)


class ProductChangeList(CappedChangeList):
    """Adds what there is of copy to the products of the page, once for all of them."""

    def get_results(self, request) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        states = copy_states(self.result_list)
        for product in self.result_list:
            product.copy_state = states[product.pk]


@admin.register(Product)
class ProductAdmin(ProductPageMixin, ModelAdmin):
    list_display = ["picture", "named", "category", "shops", "copy_shown"]
    list_display_links = ["named"]
    list_filter = [ShopFilter, CategoryFilter, TextFilter, LeaveAloneFilter]
    list_filter_submit = True
    list_per_page = 50
    list_fullwidth = True
    list_before_template = "products/list_tools.html"
    # The list counts no further than a cap; a button works on all that the filters show.
    list_disable_select_all = True
    show_full_result_count = False
    paginator = CappedPaginator
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["title"]  # turns the search field on; see get_search_results
    search_help_text = gettext_lazy("Title, brand, any fact, SKU or handle; whole words.")
    sortable_by = []
    ordering = ["-pk"]
    empty_hint = gettext_lazy("Upload the catalogue that your shop exported.")
    actions = ["write_copy", "mark_leave_alone", "unmark_leave_alone"]

    class Media:
        css = {"all": ["shopai/products.css"]}

    def get_changelist(self, request, **kwargs):
        return ProductChangeList

    def get_queryset(self, request):
        listings = Listing.objects.select_related("shop").defer("body_html").order_by("pk")
        return super().get_queryset(request).defer("search").prefetch_related(Prefetch("listings", listings))

    def get_search_results(self, request, queryset, search_term):
        return queryset.matching(search_term), False

    def has_add_permission(self, request) -> bool:
        return False

    def get_urls(self):
        return [
            path("<int:product_id>/facts/", self.admin_site.admin_view(self.facts_view), name="products_product_facts"),
            path(
                "<int:product_id>/leave-alone/",
                self.admin_site.admin_view(self.leave_alone_view),
                name="products_product_leave_alone",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="")
    def picture(self, product: Product):
        return product_image(product.image_url)

    @admin.display(description=gettext_lazy("product"))
    def named(self, product: Product):
        return format_html(
            '<span class="product-name">{}</span><span class="product-brand">{}</span>', product.title, product.brand
        )

    @admin.display(description=gettext_lazy("shops"))
    def shops(self, product: Product) -> str:
        return ", ".join(listing.shop.name for listing in product.listings.all())

    @admin.display(description=gettext_lazy("copy"))
    def copy_shown(self, product: Product):
        state = product.copy_state
        pills = [(style, text % {"count": count}) for name, style, text in _PILLS if (count := getattr(state, name))]
        if state.has_live:
            pills.append(("is-plain", _("in the shop")))
        if not pills:
            pills.append(("is-empty", _("no text")))
        if product.leave_alone:
            pills.append(("is-plain", _("left alone")))
        return format_html_join(" ", '<span class="pill {}">{}</span>', pills)

    def has_request_permission(self, request) -> bool:
        return request.user.has_perm("drafts.request_draft")

    @admin.action(description=gettext_lazy("Write copy…"), permissions=["request"])
    def write_copy(self, request, queryset):
        ids = queryset.order_by("pk").values_list("pk", flat=True)[:MAX_IDS]
        return HttpResponseRedirect(f"{reverse('generate')}?ids={','.join(map(str, ids))}")

    @admin.action(description=gettext_lazy("Leave alone"), permissions=["change"])
    def mark_leave_alone(self, request, queryset):
        self._set_leave_alone(request, queryset, True)

    @admin.action(description=gettext_lazy("No longer leave alone"), permissions=["change"])
    def unmark_leave_alone(self, request, queryset):
        self._set_leave_alone(request, queryset, False)

    def _set_leave_alone(self, request, queryset, is_on: bool) -> None:
        ids = list(queryset.order_by().values_list("pk", flat=True))
        count = leave_alone(user=request.user, product_ids=ids, is_on=is_on)
        text = ngettext("%(count)d product changed.", "%(count)d products changed.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
