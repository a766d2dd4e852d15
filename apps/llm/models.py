from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ModelVersion(models.Model):
    """A model as it was when it wrote something: which weights, which revision, which adapter."""

    class Style(models.TextChoices):
        PLAIN = "plain", _("Plain text")
        CHAT = "chat", _("Chat template")

    name = models.CharField(_("name"), max_length=200)
    source = models.CharField(_("source"), max_length=500, help_text=_("A folder or the model's id on a hub."))
    revision = models.CharField(_("revision"), max_length=100, blank=True)
    task = models.CharField(_("task"), max_length=40, default="generate")
    style = models.CharField(_("prompt style"), max_length=10, choices=Style.choices, default=Style.PLAIN)
    dtype = models.CharField(_("number format"), max_length=20, blank=True)
    adapter = models.CharField(_("adapter"), max_length=500, blank=True)
    languages = ArrayField(models.CharField(max_length=20), verbose_name=_("languages"), default=list, blank=True)
    is_bundled = models.BooleanField(_("comes with ShopAI"), default=False)
    is_active = models.BooleanField(_("in use"), default=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("trained from")
    )
    metrics = models.JSONField(_("measured quality"), default=dict, blank=True)
    card = models.JSONField(_("model card"), default=dict, blank=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("first used"), auto_now_add=True)

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name}@{self.revision[:12]}" if self.revision else self.name


class Prompt(models.Model):
    """A prompt exactly as a model read it, kept once under its content hash."""

    hash = models.CharField(_("hash"), max_length=64, primary_key=True)
    task = models.CharField(_("task"), max_length=60)
    language = models.CharField(_("language"), max_length=20, blank=True)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("first used"), auto_now_add=True)

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.task} {self.language} {self.hash[:12]}".replace("  ", " ")
