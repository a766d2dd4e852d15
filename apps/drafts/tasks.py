from celery import shared_task

from apps.drafts.services import publishing


@shared_task(name="apps.drafts.tasks.publish_due")
def publish_due():
    """Beat: publish what has left its undo window."""
    publishing.publish_due()
