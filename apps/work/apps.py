from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    name = "apps.work"
    verbose_name = _("Operation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from celery.signals import worker_ready, worker_shutting_down

        from apps.work.broker import announce_stop, send_poke

        worker_shutting_down.connect(lambda **_: announce_stop(), weak=False, dispatch_uid="work.stop")
        # A worker that starts looks at once, which also loads its model before anyone waits for it.
        worker_ready.connect(lambda **_: send_poke(force=True), weak=False, dispatch_uid="work.ready")
