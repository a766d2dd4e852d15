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
    verbose_name = _("Operation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django.apps import apps

        # Their pages stand under Operation in the sidebar; the line above each page says the same.
        for label in ("auth", "authtoken"):
            apps.get_app_config(label).verbose_name = _("Operation")
        post_migrate.connect(_sync_roles, dispatch_uid="core.sync_roles")
