from celery import shared_task
from django.core.cache import cache

from apps.products.services.audit import endings, poking, runs


@shared_task(ignore_result=True)
def check_live_texts() -> None:
    """One slice of the live texts that wait to be checked; pokes itself while work is left."""
    cache.delete(poking.POKED)
    if runs.run_slice():
        poking.poke()


@shared_task(ignore_result=True)
def resume_audits() -> None:
    """Beat: wake a worker where something waits and no one works on it."""
    runs.resume_stalled()


@shared_task(ignore_result=True)
def notice_rules() -> None:
    """Beat: start over what was checked by rules that are others now."""
    runs.notice_rules()


@shared_task(ignore_result=True)
def notice_ended_exceptions() -> None:
    """Beat: have the live texts checked that rested on an accepted finding which has ended."""
    endings.notice_ended()
