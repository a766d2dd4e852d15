from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def _sync_roles(app_config, **kwargs):
    # post_migrate fires once per app, in order; permissions of all apps exist only after the last one.
    from django.apps import apps

    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    if app_config.label == last.label:
        from apps.core.roles import sync_roles

        sync_roles(strict=False)


class CoreConfig(AppConfig):
    name = "apps.core"
    verbose_name = _("ShopAI")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        post_migrate.connect(_sync_roles, dispatch_uid="core.sync_roles")
