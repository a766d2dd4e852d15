from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    name = "apps.products"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from apps.drafts import registry
        from apps.imports import registry as uploads
        from apps.products.provider import DescriptionProvider
        from apps.products.services.importing import ProductsKind

        registry.register(DescriptionProvider())
        uploads.register(ProductsKind())
