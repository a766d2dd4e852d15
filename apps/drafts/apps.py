from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DraftsConfig(AppConfig):
    name = "apps.drafts"
    verbose_name = _("Review")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from apps.drafts.generation import DraftHandler
        from apps.work import registry

        registry.register(DraftHandler())
