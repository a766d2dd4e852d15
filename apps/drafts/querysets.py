from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from apps.drafts.states import OPEN_STATUSES, TO_READ


class DraftQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(status__in=OPEN_STATUSES)

    def to_review(self):
        """What stands on the desk: written, not parked, a first or a second time to be read."""
        return self.filter(status__in=TO_READ, parked_at__isnull=True)

    def not_first_read_by(self, user):
        """Without second readings of what this person was the first to read: another one is wanted for those."""
        return self.exclude(status="second_review", reviewed_by=user)

    def clean(self):
        """Checked, and nothing that blocks or warns."""
        return self.filter(severity__lte=1)

    def not_claimed_by_others(self, user):
        from apps.drafts.models import SheetClaim

        others = SheetClaim.objects.filter(
            kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), language=OuterRef("language"), until__gt=Now()
        ).exclude(reviewer=user)
        return self.filter(~Exists(others))

    def past_undo_window(self, before):
        return self.filter(status="approved", reviewed_at__lte=before)

    def in_languages(self, languages):
        return self.filter(Q(language__in=languages)) if languages else self


class DecisionQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(by=user).order_by("-id")
