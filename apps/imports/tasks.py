from celery import shared_task
from django.core.cache import cache

from apps.imports.services import running


@shared_task(ignore_result=True)
def run_imports() -> None:
    """One slice of the uploads that wait; pokes itself while work is left."""
    cache.delete(running.POKED)
    if running.run_slice():
        running.poke()


@shared_task(ignore_result=True)
def resume_stalled_imports() -> None:
    running.resume_stalled()
