"""Pages of the catalogue beside the admin's own, mounted at /admin/products/."""

from django.contrib.admin import site
from django.urls import path

from apps.products.views import audit, export

app_name = "products"
urlpatterns = [
    path("audit/", site.admin_view(audit.audit_page), name="audit"),
    path("audit/start/", site.admin_view(audit.start), name="audit_start"),
    path("audit/progress/", site.admin_view(audit.progress), name="audit_progress"),
    path("audit/<int:run_id>/cancel/", site.admin_view(audit.cancel), name="audit_cancel"),
    path("audit/outdated/", site.admin_view(audit.outdated), name="audit_outdated"),
    path("audit/send/", site.admin_view(audit.send), name="audit_send"),
    path("audit/findings.xlsx", site.admin_view(audit.workbook), name="audit_workbook"),
    path("export/", site.admin_view(export.export_page), name="export"),
    path("export/<int:event_id>/<str:name>", site.admin_view(export.download), name="export_file"),
]
