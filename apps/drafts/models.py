"""The human-approval engine: drafts, their candidates, findings, decisions and claims."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import AppendOnly, TimeStamped
from apps.core.wording import reworded
from apps.drafts.querysets import DecisionQuerySet, DraftQuerySet
from apps.drafts.states import OPEN_STATUSES, REVIEWED_STATUSES, TO_READ, Status


class Field(models.TextChoices):
    LONG_DESCRIPTION = "long_description", _("Long description")
    MOBILE_DESCRIPTION = "mobile_description", _("Mobile description")
    BULLETS = "bullets", _("Bullets")
    SEO_TITLE = "seo_title", _("SEO title")
    SEO_META = "seo_meta", _("SEO description")
    IMAGE_ALT = "image_alt", _("Image text")


class Severity(models.IntegerChoices):
    CLEAN = 0, _("clean")
    INFO = 1, pgettext_lazy("severity", "note")
    WARN = 2, _("warning")
    BLOCK = 3, _("blocks approval")


class Draft(TimeStamped):
    """One field in one language of one subject, on its way from a request to published text.

    A concrete table, so that candidates, findings and decisions point to one thing; children (DescriptionDraft) add the
    subject and give `prompt_context()`, `source_facts()` and `publish()`.
    """

    kind = models.CharField(_("kind"), max_length=20)
    subject_id = models.BigIntegerField(_("subject"))
    # The shop that alone uses this text, or 0 where the text is the same everywhere.
    scope_id = models.BigIntegerField(default=0)
    category = models.CharField(_("category"), max_length=200, blank=True)
    field = models.CharField(_("field"), max_length=30, choices=Field.choices)
    language = models.CharField(_("language"), max_length=20)
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.REQUESTED)
    text = models.TextField(_("text"), blank=True)
    revision = models.IntegerField(_("revision"), default=0)
    is_edited = models.BooleanField(_("edited by a person"), default=False)
    chosen = models.ForeignKey("Candidate", on_delete=models.SET_NULL, null=True, related_name="+")
    severity = models.SmallIntegerField(_("worst finding"), choices=Severity.choices, null=True)
    check_key = models.CharField(max_length=64, blank=True)
    facts_key = models.CharField(max_length=64, blank=True)

    job = models.ForeignKey("work.Job", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("job"))
    is_sample = models.BooleanField(_("sample"), default=False)
    candidates_wanted = models.SmallIntegerField(_("candidates"), default=2)
    guidance = models.CharField(_("guidance"), max_length=500, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("requested by")
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    # In second review: the hash of the text that `reviewed_by`, the first of two readers, approved.
    first_read_hash = models.CharField(max_length=64, blank=True, default="")
    parked_at = models.DateTimeField(_("parked"), null=True)
    park_note = models.CharField(_("note"), max_length=500, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # What made the published text outdated, as a Wording; it counts while the status says so.
    outdated_by = models.JSONField(default=dict, blank=True)

    model_version = models.ForeignKey(
        "llm.ModelVersion", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("model")
    )
    prompt_hash = models.CharField(_("prompt"), max_length=64, blank=True)
    sampling = models.JSONField(_("sampling"), default=dict)
    seed = models.BigIntegerField(_("seed"), default=0)
    delivered_at = models.DateTimeField(_("written"), null=True)

    objects = DraftQuerySet.as_manager()
    # The check (apps.drafts.checking.CheckResult) of the text as it stands, on a draft that has just been checked.
    check_result = None

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        permissions = [
            ("review_draft", _("Can approve, edit and reject drafts")),
            ("bulk_review_draft", _("Can approve and reject drafts in bulk")),
            ("request_draft", _("Can ask the model for drafts")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "scope_id", "field", "language"],
                condition=Q(status__in=OPEN_STATUSES),
                name="draft_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=REVIEWED_STATUSES) | Q(reviewed_at__isnull=False),
                name="draft_reviewed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SECOND_REVIEW) | Q(reviewed_at__isnull=False),
                name="draft_second_has_first",
            ),
        ]
        indexes = [
            # The desk's queue: flagged sheets first within a category.
            models.Index(
                fields=["category", "-severity", "subject_id"],
                condition=Q(status__in=TO_READ, parked_at__isnull=True),
                name="draft_on_desk",
            ),
            models.Index(fields=["kind", "subject_id", "language"], name="draft_subject"),
            models.Index(fields=["status", "-id"], name="draft_status"),
            models.Index(fields=["job", "status"], name="draft_job"),
            models.Index(fields=["reviewed_at"], condition=Q(status="approved"), name="draft_undo_window"),
            models.Index(fields=["reviewed_by", "-reviewed_at"], name="draft_reviewer"),
        ]

    def __str__(self):
        return f"{self.get_field_display()} ({self.language})"

    @property
    def outdated_reason(self) -> str:
        """Why the published text needs another look, in the reader's language; empty for any other draft."""
        return reworded(self.outdated_by, self.reason) if self.status == Status.OUTDATED else ""


class Candidate(models.Model):
    """One text that the model wrote. It never changes; an operator's edit stands in `Draft.text`."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="candidates")
    round = models.SmallIntegerField(_("round"), default=1)
    ordinal = models.SmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    seed = models.BigIntegerField(_("seed"))
    tokens = models.IntegerField(_("tokens"), default=0)
    finish_reason = models.CharField(_("finished by"), max_length=10)
    severity = models.SmallIntegerField(_("worst finding"), choices=Severity.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["round", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["draft", "round", "ordinal"], name="candidate_place")]

    def __str__(self):
        return self.text[:60]


class Finding(models.Model):
    """What a rule found in a candidate, or (candidate empty) in the operator's text. Offsets are code points."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="findings")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, null=True, related_name="findings")
    rule = models.CharField(_("rule"), max_length=40)
    severity = models.SmallIntegerField(_("severity"), choices=Severity.choices)
    start = models.IntegerField()
    end = models.IntegerField()
    # In the language of whoever checked; `wording` says it in the reader's.
    message = models.CharField(_("message"), max_length=500)
    wording = models.JSONField(_("wording"), default=dict, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")

    def __str__(self):
        return f"{self.rule}: {self.message}"

    @property
    def shown(self) -> str:
        """The message in the reader's language."""
        return reworded(self.wording, self.message)


class Decision(AppendOnly):
    """What a person decided about a draft. Ids, hashes and masked notes only, so that erasure stays possible."""

    key = models.UUIDField(_("key"), unique=True)
    draft = models.ForeignKey(
        Draft, on_delete=models.DO_NOTHING, db_constraint=False, related_name="decisions", verbose_name=_("draft")
    )
    kind = models.CharField(_("kind"), max_length=20)
    subject_id = models.BigIntegerField(_("subject"))
    field = models.CharField(_("field"), max_length=30, choices=Field.choices)
    language = models.CharField(_("language"), max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    verb = models.CharField(_("decision"), max_length=20)
    from_status = models.CharField(_("from"), max_length=14)
    to_status = models.CharField(_("to"), max_length=14)
    revision = models.IntegerField(_("revision"))
    text_hash = models.CharField(_("text hash"), max_length=64, blank=True)
    check_key = models.CharField(max_length=64, blank=True)
    model_version_id_was = models.BigIntegerField(_("model"), null=True)
    prompt_hash = models.CharField(_("prompt"), max_length=64, blank=True)
    changed_share = models.FloatField(_("share changed"), null=True)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    is_bulk = models.BooleanField(_("in bulk"), default=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(fields=["by", "-id"], name="decision_by"),
            models.Index(fields=["draft", "-id"], name="decision_draft"),
            models.Index(fields=["kind", "subject_id", "-id"], name="decision_subject"),
            models.Index(fields=["at"], name="decision_at"),
        ]

    def __str__(self):
        return f"{self.verb} {self.draft_id}"


class SheetClaim(models.Model):
    """A reviewer works on a subject in a language (all its fields) until `until`."""

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    language = models.CharField(max_length=20)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id", "language"], name="claim_one_reviewer")]
        indexes = [models.Index(fields=["until"], name="claim_until")]

    def __str__(self):
        return f"{self.kind} {self.subject_id} {self.language}"


class BannedWord(TimeStamped):
    """A row of the shop's own word list: what may not be said, must be said, or is to be said otherwise."""

    class Kind(models.TextChoices):
        BANNED = "banned", _("banned")
        REQUIRED = "required", _("required")
        TERM = "term", _("use another term")
        SPELLING = "spelling", _("brand spelling")
        SYNONYM = "synonym", _("means the same as")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.BANNED)
    word = models.CharField(_("word or phrase"), max_length=200, help_text=_("A * at the end stands for any ending."))
    instead = models.CharField(
        _("other term"),
        max_length=200,
        blank=True,
        help_text=_("For “use another term”: the term to use. For “means the same as”: the word of equal meaning."),
    )
    language = models.CharField(_("language"), max_length=20, blank=True, help_text=_("Empty: every language."))
    market = models.CharField(_("market"), max_length=2, blank=True, help_text=_("Empty: every market."))
    category = models.CharField(_("category"), max_length=200, blank=True, help_text=_("Empty: every category."))
    field = models.CharField(_("field"), max_length=30, choices=Field.choices, blank=True)
    severity = models.SmallIntegerField(
        _("severity"), choices=[(2, _("warning")), (3, _("blocks approval"))], default=Severity.BLOCK
    )
    note = models.CharField(_("why, and what to write instead"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("word or phrase")
        verbose_name_plural = _("words and phrases")
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("word"), "kind", "language", "market", "category", "field",
                name="house_word_once",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.word


class PackSwitch(TimeStamped):
    """Where a pack or a house rule counts: the most exact row for a text's category, market and language decides."""

    pack = models.CharField(_("pack or rule"), max_length=40)
    market = models.CharField(_("market"), max_length=2, blank=True, help_text=_("Empty: every market."))
    language = models.CharField(_("language"), max_length=20, blank=True, help_text=_("Empty: every language."))
    category = models.CharField(_("category"), max_length=200, blank=True, help_text=_("Empty: every category."))
    is_on = models.BooleanField(_("on"), default=True)
    severity = models.SmallIntegerField(
        _("severity"), choices=[(1, pgettext_lazy("severity", "note")), (2, _("warning")), (3, _("blocks approval"))],
        null=True, blank=True, help_text=_("Empty: as each phrase of the pack has it."),
    )  # fmt: skip
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("pack switch")
        verbose_name_plural = _("pack switches")
        constraints = [
            models.UniqueConstraint(fields=["pack", "market", "language", "category"], name="pack_switch_once")
        ]

    def __str__(self):
        return self.pack


class RuleException(models.Model):
    """A person answers for what a rule found: a note until `expires_at`, or until it is withdrawn.

    Of one subject (`kind` and `subject_id`), else of a category, a market, a language, or of all texts.
    """

    rule = models.CharField(_("rule"), max_length=40)
    # Folded; empty: whatever the rule finds.
    phrase = models.TextField(_("phrase"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, blank=True)
    subject_id = models.BigIntegerField(_("subject"), null=True, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True, help_text=_("Empty: every category."))
    market = models.CharField(_("market"), max_length=2, blank=True, help_text=_("Empty: every market."))
    language = models.CharField(_("language"), max_length=20, blank=True, help_text=_("Empty: every language."))
    # Where set, void as soon as the subject's facts are others.
    facts_key = models.CharField(max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("accepted by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("accepted finding")
        verbose_name_plural = _("accepted findings")
        permissions = [("accept_finding", _("Can accept findings of rules with a reason"))]
        indexes = [
            models.Index(fields=["kind", "subject_id"], condition=Q(withdrawn_at=None), name="exception_subject"),
            models.Index(fields=["-id"], name="exception_newest"),
        ]

    def __str__(self):
        return self.phrase[:60] or self.reason[:60]


class CopyFingerprint(models.Model):
    """What an approved or live text looks like to the rule that finds near-duplicate copy.

    `minima`: the smallest hashes of its shingles, 32 bits each; `bands`: hashes of groups of them; alike texts share one.
    """

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=30)
    language = models.CharField(max_length=20)
    stem = models.CharField(max_length=64, blank=True)  # Products of one stem may say the same.
    minima = models.BinaryField()
    bands = ArrayField(models.IntegerField())

    class Meta:
        verbose_name = _("fingerprint")
        verbose_name_plural = _("fingerprints")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "field", "language"], name="fingerprint_once")
        ]
        indexes = [GinIndex(fields=["bands"], name="fingerprint_bands")]

    def __str__(self):
        return f"{self.kind} {self.subject_id} {self.field}"


class DeskPreference(models.Model):
    """How one reviewer works at the desk."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_preference")
    languages = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("languages I review")
    )
    has_keys = models.BooleanField(_("single keys on"), default=True)
    keys = models.JSONField(_("keys"), default=dict, blank=True)

    class Meta:
        verbose_name = _("desk preference")
        verbose_name_plural = _("desk preferences")

    def __str__(self):
        return str(self.user_id)
