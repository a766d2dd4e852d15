"""The Celery application: PostgreSQL is the truth, Celery only delivers pokes."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopai.settings")

app = Celery("shopai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect(dispatch_uid="shopai.beat_of_workers")
def _let_workers_beat(**kwargs):
    from apps.work import liveness

    liveness.connect()
