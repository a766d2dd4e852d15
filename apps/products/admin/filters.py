"""Filters of the product list; none counts, so none reads the whole table."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from apps.products.models import Listing, Product, Shop

MOST_CATEGORIES = 200


class ShopFilter(DropdownFilter):
    title = _("shop")
    parameter_name = "shop"

    def lookups(self, request, model_admin):
        return list(Shop.objects.order_by("name").values_list("code", "name"))

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(Exists(Listing.objects.filter(product=OuterRef("pk"), shop__code=self.value())))


class CategoryFilter(DropdownFilter):
    title = _("category")
    parameter_name = "category"

    def lookups(self, request, model_admin):
        return [(name, name) for name in Product.objects.categories(MOST_CATEGORIES)]

    def queryset(self, request, queryset):
        return queryset.filter(category=self.value()) if self.value() else queryset


class TextFilter(SimpleListFilter):
    title = _("text")
    parameter_name = "text"

    def lookups(self, request, model_admin):
        return [("none", _("has no text")), ("live", _("has text in a shop"))]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.without_text()
        return queryset.with_text() if self.value() == "live" else queryset


class LeaveAloneFilter(SimpleListFilter):
    title = _("leave alone")
    parameter_name = "leave_alone"

    def lookups(self, request, model_admin):
        return [("1", _("left alone")), ("0", _("may get copy"))]

    def queryset(self, request, queryset):
        return queryset.filter(leave_alone=self.value() == "1") if self.value() in ("0", "1") else queryset
