"""The router of the REST API and its schema page."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import DefaultRouter

from apps.products.api import CopyViewSet, ProductViewSet
from apps.work.api import JobViewSet

router = DefaultRouter()
router.register("products", ProductViewSet)
router.register("copy", CopyViewSet, basename="copy")
router.register("jobs", JobViewSet)

urlpatterns = [
    path("", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
]
