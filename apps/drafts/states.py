"""Every status of a draft and the one table of all its transitions."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    REQUESTED = "requested", _("requested")
    IN_REVIEW = "in_review", _("in review")
    ABSTAINED = "abstained", _("the model abstained")
    SECOND_REVIEW = "second_review", _("second review")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    EXPORTED = "exported", _("exported")
    LIVE = "live", _("live in the shop")
    OUTDATED = "outdated", _("outdated")
    REJECTED = "rejected", _("rejected")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")


# What a person is to read; all of it stands on the desk.
TO_READ = ["in_review", "second_review", "outdated"]
OPEN_STATUSES = ["requested", "in_review", "abstained", "second_review", "approved"]
REVIEWED_STATUSES = ["approved", "published", "exported", "live", "rejected"]


class InvalidTransition(Exception):
    """The draft is no longer in a status, or at the revision, that this decision was made for."""


@dataclass(frozen=True)
class Transition:
    """`by_person`: the UPDATE names the revision that the person saw, too."""

    sources: frozenset[str]
    target: str
    by_person: bool


def _row(sources: str, target: str, by_person: bool) -> Transition:
    return Transition(frozenset(sources.split()), target, by_person)


TRANSITIONS: dict[str, Transition] = {
    "deliver": _row("requested", "in_review", False),
    "abstain": _row("requested", "abstained", False),
    "fail": _row("requested", "failed", False),
    "retry": _row("failed cancelled", "requested", True),
    "cancel": _row("requested in_review abstained", "cancelled", False),
    # From second review where the shops no longer ask for two readers.
    "approve": _row("in_review abstained second_review outdated", "approved", True),
    # From second review again where the text was changed since the first approval: that one no longer covers it.
    "ask_second": _row("in_review abstained second_review outdated", "second_review", True),
    "confirm_second": _row("second_review", "approved", True),
    "reject": _row("in_review abstained second_review outdated", "rejected", True),
    "regenerate": _row("in_review abstained second_review rejected outdated", "requested", True),
    "take_back": _row("second_review approved published rejected", "in_review", True),
    "take_back_second": _row("approved published rejected", "second_review", True),
    "restore": _row("rejected outdated", "in_review", True),
    "publish": _row("approved", "published", False),
    "export": _row("published", "exported", False),
    "confirm_live": _row("published exported outdated", "live", False),
    "outdate": _row("published exported live", "outdated", False),
    # A newer text of the same place was published.
    "supersede": _row("outdated", "cancelled", False),
}
