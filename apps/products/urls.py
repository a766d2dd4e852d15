"""Pages of the catalogue beside the admin's own, mounted at /admin/products/."""

from django.contrib.admin import site
from django.urls import path

from apps.products.views import export

app_name = "products"
urlpatterns = [
    path("export/", site.admin_view(export.export_page), name="export"),
    path("export/<int:event_id>/<str:name>", site.admin_view(export.download), name="export_file"),
]
