from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class JobQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(state__in=["sampling", "running"])


class WorkItemQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(state__in=["held", "open"])

    def waiting(self):
        """Rows that a worker may claim right now."""
        return self.filter(
            Q(not_before__isnull=True) | Q(not_before__lte=Now()), state="open", lease_token__isnull=True
        )

    def leased(self):
        return self.filter(lease_token__isnull=False)

    def expired(self):
        return self.filter(lease_until__lt=Now())
