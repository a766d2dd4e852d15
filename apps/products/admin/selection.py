"""Which products a page was asked to work on: those ticked in the list, or all that its filters let through."""

from django.contrib import admin

from apps.products.models import Product

FILTERS = ("q", "shop", "category", "text", "leave_alone")


def filtered_products(request):
    """The products that the list shows for the query string of this request, all pages; unordered."""
    changelist = admin.site.get_model_admin(Product).get_changelist_instance(request)
    return changelist.get_queryset(request).order_by()


def selected_product_ids(request) -> list[int]:
    """Ids in the order of the list. POST `_selected_action` (ids) wins; without it the filters in the query string."""
    ticked = request.POST.getlist("_selected_action")
    if ticked:
        return [int(pk) for pk in ticked if pk.isdigit()]
    return list(filtered_products(request).order_by("pk").values_list("pk", flat=True))
