"""What the checker says of the text that stands in the shops, and what waits to be checked again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import TimeStamped
from apps.core.wording import reworded
from apps.drafts.models import Field, RuleException, Severity
from apps.products.models.catalogue import DescriptionDraft, Listing, Product, Shop
from apps.products.querysets import LiveTextQuerySet


class AuditRun(TimeStamped):
    """One walk over the live texts of a shop, or of all (`shop` empty), product by product in order of their ids.

    Findings of what it visits are replaced, batch by batch, in the transaction that moves `cursor` on.
    """

    class Cause(models.TextChoices):
        PERSON = "person", _("asked for")
        RULES = "rules", _("the rules changed")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    shop = models.ForeignKey(
        Shop, on_delete=models.CASCADE, null=True, blank=True, related_name="audits", verbose_name=_("shop")
    )
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices, default=Cause.PERSON)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    # Ids of the rules that judge otherwise than before; empty in a run that a person asked for.
    changed_rules = ArrayField(models.CharField(max_length=100), default=list)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("requested by")
    )
    cursor = models.BigIntegerField(default=0)
    products = models.IntegerField(_("products"), default=0)
    products_done = models.IntegerField(_("products checked"), default=0)
    texts = models.IntegerField(_("texts"), default=0)
    flagged = models.IntegerField(_("texts with findings"), default=0)
    outdated = models.IntegerField(_("texts sent to the desk"), default=0)
    # What is missing, counted when the run ends: see apps.products.services.audit.gaps.
    gaps = models.JSONField(default=dict)
    message = models.CharField(_("message"), max_length=500, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        permissions = [("run_audit", _("Can audit the text in the shops"))]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "cause"], condition=Q(state="running"), nulls_distinct=False, name="audit_one_running"
            ),
        ]

    def __str__(self):
        return f"{self.shop or _('all shops')} {self.created_at:%Y-%m-%d}"

    @property
    def percent(self) -> int:
        return min(100, 100 * self.products_done // self.products) if self.products else 0


class LiveText(models.Model):
    """One text as it stood in a shop when it was last checked: imported, or a current version of published copy.

    The text itself stays where it lives; `text_hash` tells whether it is still the one that was checked.
    """

    class Source(models.TextChoices):
        IMPORTED = "imported", _("imported")
        PUBLISHED = "published", _("published")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", verbose_name=_("product"))
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+", verbose_name=_("listing"))
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+", verbose_name=_("shop"))
    draft = models.ForeignKey(DescriptionDraft, on_delete=models.SET_NULL, null=True, related_name="+")
    field = models.CharField(_("field"), max_length=30, choices=Field.choices)
    language = models.CharField(_("language"), max_length=20)
    category = models.CharField(_("category"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    text_hash = models.CharField(max_length=64)
    check_key = models.CharField(max_length=64)
    severity = models.SmallIntegerField(_("worst finding"), choices=Severity.choices, default=Severity.CLEAN)
    # Law, safety, certificates and health come before all else of the same severity.
    is_grave = models.BooleanField(default=False)
    findings_count = models.IntegerField(_("findings"), default=0)
    rules = ArrayField(models.CharField(max_length=100), default=list, verbose_name=_("rules"))
    checked_at = models.DateTimeField(_("checked"))

    objects = LiveTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("live text")
        verbose_name_plural = _("live texts")
        constraints = [
            models.UniqueConstraint(fields=["listing", "field", "language", "source"], name="live_text_once")
        ]
        indexes = [
            models.Index(
                fields=["-severity", "-is_grave", "-findings_count", "id"],
                condition=Q(findings_count__gt=0),
                name="live_text_ranked",
            ),
            GinIndex(fields=["rules"], name="live_text_rules"),
        ]

    def __str__(self):
        return f"{self.listing_id} {self.field} {self.language}"


class LiveFinding(models.Model):
    """What a rule found in a live text. Offsets are code points of the text; `sentence` holds the place as it was."""

    text = models.ForeignKey(LiveText, on_delete=models.CASCADE, related_name="findings")
    rule = models.CharField(_("rule"), max_length=100)
    severity = models.SmallIntegerField(_("severity"), choices=Severity.choices)
    start = models.IntegerField()
    end = models.IntegerField()
    sentence = models.CharField(_("sentence"), max_length=400)
    sentence_start = models.IntegerField(default=0)
    message = models.CharField(_("message"), max_length=500)
    wording = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("finding in live text")
        verbose_name_plural = _("findings in live text")
        ordering = ["-severity", "start"]
        indexes = [models.Index(fields=["rule"], name="live_finding_rule")]

    def __str__(self):
        return f"{self.rule}: {self.message}"

    @property
    def shown(self) -> str:
        """The message in the reader's language."""
        return reworded(self.wording, self.message)


class ChangedProduct(models.Model):
    """A product whose facts changed since its live text was last checked; `gone` are the facts that no longer stand.

    Each of `gone`: name, value, unit, language, role, as they were said.
    """

    product = models.OneToOneField(Product, on_delete=models.CASCADE, primary_key=True, related_name="+")
    gone = models.JSONField(default=list)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("product whose facts changed")
        verbose_name_plural = _("products whose facts changed")

    def __str__(self):
        return str(self.product_id)


class EndedException(models.Model):
    """An accepted finding that ended at `ended_at`, and how far the live texts that it covered have been checked since.

    The row stays, so that no end is noticed twice; an exception that was given a later end, and comes to it, is new.
    """

    exception = models.OneToOneField(RuleException, on_delete=models.CASCADE, primary_key=True, related_name="+")
    ended_at = models.DateTimeField()
    cursor = models.BigIntegerField(default=0)
    blocked = models.IntegerField(default=0)
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("ended exception")
        verbose_name_plural = _("ended exceptions")
        indexes = [
            models.Index(fields=["exception"], condition=Q(finished_at=None), name="ended_exception_waiting"),
        ]

    def __str__(self):
        return str(self.exception_id)


class RulesSeen(models.Model):
    """The rules and lists that live text was checked by from then on: rule id -> the key of its list."""

    key = models.CharField(max_length=64)
    keys = models.JSONField(default=dict)
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("rules seen")
        verbose_name_plural = _("rules seen")

    def __str__(self):
        return self.key[:12]
