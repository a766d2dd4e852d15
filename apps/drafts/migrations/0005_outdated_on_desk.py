"""Outdated text stands on the desk, with what made it so.

The index is built beside the old one, so that a running desk notices nothing; nothing here is atomic.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("drafts", "0004_second_review")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="outdated_by",
            field=models.JSONField(blank=True, default=dict),
        ),
        AddIndexConcurrently(
            model_name="draft",
            index=models.Index(
                fields=["category", "-severity", "subject_id"],
                condition=Q(status__in=["in_review", "second_review", "outdated"], parked_at__isnull=True),
                name="draft_on_desk",
            ),
        ),
        RemoveIndexConcurrently(model_name="draft", name="draft_to_read"),
    ]
