"""What waits for a model worker: jobs and their leased work items."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import TimeStamped
from apps.core.wording import reworded
from apps.work.querysets import JobQuerySet, WorkItemQuerySet


class Lane(models.IntegerChoices):
    INTERACTIVE = 0, _("interactive")
    BULK = 1, _("bulk")
    BACKGROUND = 2, _("background")


class Job(TimeStamped):
    """One request of one person: "write copy for these 612 products". Its progress is counted from its items."""

    class State(models.TextChoices):
        SAMPLING = "sampling", _("sample first")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    lane = models.SmallIntegerField(_("lane"), choices=Lane.choices, default=Lane.BULK)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RUNNING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("requested by")
    )
    # `title` in here, where there is one, is the title's Wording.
    params = models.JSONField(_("parameters"), default=dict)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["state", "-id"], name="job_state")]

    def __str__(self):
        """The title in the reader's language."""
        return reworded(self.params.get("title", {}), self.title)


class WorkItem(models.Model):
    """One row that a model worker has to do. Narrow on purpose: the claim reads many of them.

    A lease is a token and its end. Whoever holds the token may store; every claim writes a new one.
    """

    class State(models.TextChoices):
        HELD = "held", _("held back until the sample is approved")
        OPEN = "open", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=40)
    target_id = models.BigIntegerField(_("target"))
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="items", verbose_name=_("job"))
    lane = models.SmallIntegerField(_("lane"), choices=Lane.choices, default=Lane.BULK)
    ordinal = models.IntegerField(_("place in its job"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(_("leased until"), null=True, editable=False)
    is_alone = models.BooleanField(_("to be claimed alone"), default=False)
    deaths = models.SmallIntegerField(_("workers lost on it alone"), default=0)
    retries = models.SmallIntegerField(_("retries"), default=0)
    not_before = models.DateTimeField(_("not before"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_id"], condition=Q(state__in=["held", "open"]), name="work_unique_while_open"
            ),
            models.CheckConstraint(
                condition=Q(lease_token__isnull=True, lease_until__isnull=True)
                | Q(lease_token__isnull=False, lease_until__isnull=False, state="open"),
                name="work_lease_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "ordinal", "id"], condition=Q(state="open", lease_token__isnull=True), name="work_claim"
            ),
            models.Index(fields=["id"], condition=Q(state="open", lease_token__isnull=True), name="work_oldest"),
            models.Index(fields=["lease_until"], condition=Q(lease_token__isnull=False), name="work_leases"),
            models.Index(fields=["job", "state"], name="work_job_state"),
            models.Index(fields=["kind", "target_id", "-id"], name="work_target"),
        ]

    def __str__(self):
        return f"{self.kind} {self.target_id}"
