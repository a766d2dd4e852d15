"""What Celery delivers: pokes. The tasks take no argument and find their work in PostgreSQL."""

from celery import shared_task

from apps.work import broker, services
from apps.work.models import WorkItem
from apps.work.services import jobs


@shared_task(name="apps.work.tasks.run_slice")
def run_slice():
    services.run_slice()


@shared_task(name="apps.work.tasks.tick")
def tick():
    """Beat: give lost leases back, close finished jobs, and poke where rows wait and no one works."""
    services.return_expired()
    jobs.close_finished()
    if services.has_waiting() and not WorkItem.objects.leased().exists():
        broker.send_poke()
