from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from apps.products.views import generate
from shopai import health

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="root"),
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("shopai/icon.svg")), name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include("shopai.api")),
    path("admin/products/product/generate/", generate.generate, name="generate"),
    path("admin/products/product/generate/<int:product_id>/", generate.wait, name="generate-wait"),
    path("admin/products/", include("apps.products.urls")),
    path("admin/imports/upload/", include("apps.imports.urls")),
    path("admin/desk/", include("apps.drafts.urls")),
    path("admin/", admin.site.urls),
]
