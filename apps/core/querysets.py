from django.db import models


class AuditEventQuerySet(models.QuerySet):
    def about(self, kind: str, subject_id: int):
        return self.filter(subject_kind=kind, subject_id=subject_id).order_by("-id")
