"""Bulk uploads: a file, what we understood of it, its staged rows and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import TimeStamped


class Import(TimeStamped):
    """One uploaded file on its road: uploaded -> staged (previewed) -> running -> done."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        STAGING = "staging", _("being read")
        STAGED = "staged", _("waits for confirmation")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=20, default="products")
    original_name = models.CharField(_("file"), max_length=255)
    path = models.CharField(max_length=500)
    size = models.BigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    dialect = models.CharField(_("dialect"), max_length=30, blank=True)
    encoding = models.CharField(_("encoding"), max_length=30, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=2, blank=True)
    header = models.JSONField(_("columns"), default=list)
    mapping = models.JSONField(_("column mapping"), default=dict)
    # Shop code, language and what else the kind of import needs; the upper app that owns the kind reads it.
    params = models.JSONField(_("parameters"), default=dict)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.UPLOADED)
    message = models.CharField(_("message"), max_length=500, blank=True)
    counts = models.JSONField(_("counts"), default=dict)
    cursor = models.BigIntegerField(_("last row applied"), default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [models.Index(fields=["state", "-id"], name="import_state")]

    def __str__(self):
        return self.original_name


class StagedRow(models.Model):
    """One row of the file, as it came, and what became of it. Every input row has exactly one."""

    # The code of rows that an import which ended early did not come to: nothing was decided about them.
    NOT_REACHED = "not_reached"

    class Verdict(models.TextChoices):
        STAGED = "staged", _("read")
        CREATED = "created", pgettext_lazy("row", "created")
        UPDATED = "updated", pgettext_lazy("row", "updated")
        UNCHANGED = "unchanged", _("unchanged")
        IGNORED = "ignored", _("ignored")
        REJECTED = "rejected", pgettext_lazy("row", "rejected")

    upload = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    row_number = models.BigIntegerField(_("row"))
    key = models.CharField(_("belongs to"), max_length=255, blank=True)
    cells = models.JSONField()
    verdict = models.CharField(_("result"), max_length=10, choices=Verdict.choices, default=Verdict.STAGED)
    code = models.CharField(_("code"), max_length=40, blank=True)
    message = models.CharField(_("message"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        constraints = [models.UniqueConstraint(fields=["upload", "row_number"], name="staged_row_once")]
        indexes = [
            models.Index(fields=["upload", "key", "row_number"], name="staged_key"),
            models.Index(fields=["upload", "row_number"], condition=~Q(code=""), name="staged_reasons"),
        ]

    def __str__(self):
        return f"{self.upload_id}:{self.row_number}"


class ColumnMapping(TimeStamped):
    """A mapping that a person confirmed, remembered by the fingerprint of the header."""

    kind = models.CharField(_("kind"), max_length=20)
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField(_("column mapping"), default=dict)

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        constraints = [models.UniqueConstraint(fields=["kind", "fingerprint"], name="mapping_once")]

    def __str__(self):
        return self.fingerprint[:12]
