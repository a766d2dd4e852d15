"""Filters of the catalogue's lists; none counts, so none reads the whole table."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from apps.core.lists import ExactFilter, distinct_values
from apps.products.models import Fact, Listing, Product, PublishedCopy, Shop


class ShopFilter(ExactFilter):
    title = _("shop")
    parameter_name = "shop"

    def lookups(self, request, model_admin):
        return list(Shop.objects.order_by("name").values_list("code", "name"))

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(Exists(Listing.objects.filter(product=OuterRef("pk"), shop__code=self.value())))


class ListingShopFilter(ShopFilter):
    def queryset(self, request, queryset):
        return queryset.filter(shop__code=self.value()) if self.value() else queryset


class CategoryFilter(ExactFilter):
    title = _("category")
    parameter_name = "category"

    def lookups(self, request, model_admin):
        found = [name for name in distinct_values(Product, "category") if name]
        if self.value() and self.value() not in found:
            found.append(self.value())
        return [(name, name) for name in found]


class TextFilter(ExactFilter):
    title = _("text")
    parameter_name = "text"

    def lookups(self, request, model_admin):
        return [("none", _("has no text")), ("live", _("has text in a shop"))]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.without_text()
        return queryset.with_text() if self.value() == "live" else queryset


class LeaveAloneFilter(ExactFilter):
    title = _("leave alone")
    parameter_name = "leave_alone"

    def lookups(self, request, model_admin):
        return [("1", _("left alone")), ("0", _("may get copy"))]

    def queryset(self, request, queryset):
        return queryset.filter(leave_alone=self.value() == "1") if self.value() in ("0", "1") else queryset


class FactStatusFilter(ExactFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Fact.Status.choices


class FactSourceFilter(ExactFilter):
    title = _("source")
    parameter_name = "source"

    def lookups(self, request, model_admin):
        return Fact.Source.choices


class OriginFilter(ExactFilter):
    title = _("written by")
    parameter_name = "origin"

    def lookups(self, request, model_admin):
        return PublishedCopy.Origin.choices
