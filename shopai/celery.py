"""The Celery application: PostgreSQL is the truth, Celery only delivers pokes."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopai.settings")

app = Celery("shopai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
