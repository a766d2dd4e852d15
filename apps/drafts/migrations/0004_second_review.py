"""Second review: whose approval covers which text, and one index for all that is to be read.

The index and the check of old rows take no lock that a running desk would notice, so nothing here is atomic.
"""

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("drafts", "0003_finding_wording")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="first_read_hash",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        AddIndexConcurrently(
            model_name="draft",
            index=models.Index(
                fields=["category", "-severity", "subject_id"],
                condition=Q(status__in=["in_review", "second_review"], parked_at__isnull=True),
                name="draft_to_read",
            ),
        ),
        RemoveIndexConcurrently(model_name="draft", name="draft_desk"),
        AddConstraintNotValid(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=~Q(status="second_review") | Q(reviewed_at__isnull=False), name="draft_second_has_first"
            ),
        ),
        ValidateConstraint(model_name="draft", name="draft_second_has_first"),
    ]
