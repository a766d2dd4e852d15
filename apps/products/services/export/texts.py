"""Which approved texts an export takes, and what becomes of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from apps.drafts.models import Draft
from apps.drafts.services import publishing
from apps.products.models import Listing, PublishedCopy
from apps.products.services.export.columns import CARRIED_FIELDS
from apps.products.services.export.outcome import ExportRequest

KIND = "description"


@dataclass(frozen=True)
class Waiting:
    """Approved texts whose undo window is still open, and when the last of them is free."""

    count: int
    until: datetime | None


def waiting_for_undo(shop) -> Waiting:
    sold_here = Listing.objects.filter(shop=shop, product_id=OuterRef("subject_id"))
    found = Draft.objects.filter(Exists(sold_here), kind=KIND, status="approved", scope_id__in=[0, shop.pk]).aggregate(
        count=Count("pk"), last=Max("reviewed_at")
    )
    until = found["last"] + timedelta(seconds=settings.SHOPAI_UNDO_SECONDS) if found["last"] else None
    return Waiting(found["count"], until)


class CopySource:
    """The current published copy of a shop, as one export sees it.

    A text that was seen live is never written again: the shop's own row carries it, and what a person wrote over it
    in the shop since then stays.
    """

    def __init__(self, request: ExportRequest):
        self.request = request
        self.stamp = timezone.now()
        # What is published while the export runs waits for the next one.
        self._horizon = PublishedCopy.objects.aggregate(last=Max("pk"))["last"] or 0

    @property
    def base_language(self) -> str:
        return self.request.shop.base_language

    @property
    def is_base_wanted(self) -> bool:
        return self.request.language in ("", self.base_language)

    def _current(self):
        copy = PublishedCopy.objects.newest().filter(
            listing__shop=self.request.shop, live_at__isnull=True, pk__lte=self._horizon
        )
        return copy.filter(language=self.request.language) if self.request.language else copy

    def due(self):
        """What this export is made for: all that is not live in a full one, else what was not exported yet."""
        if self.request.is_full or self.request.again:
            return self._current()
        return self._current().filter(exported_at__isnull=True)

    def left_over(self):
        """What is due and was not written by this export so far."""
        return self.due().filter(Q(exported_at__isnull=True) | Q(exported_at__lt=self.stamp))

    def lock_drafts(self, listing_ids) -> None:
        """Hold the drafts behind the texts, so that none is taken back between its writing and its marking."""
        ids = self._current().filter(listing_id__in=listing_ids).values_list("draft_id", flat=True)
        list(Draft.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk").values_list("pk"))

    def of_listings(self, listing_ids) -> dict[int, dict[str, PublishedCopy]]:
        """Texts in the base language by listing id and field, locked; each says whether it is due and outdated."""
        if not self.is_base_wanted:
            return {}
        self.lock_drafts(listing_ids)
        found: dict[int, dict[str, PublishedCopy]] = {}
        copies = self._current().filter(listing_id__in=listing_ids, language=self.base_language)
        for copy in self.annotated(copies):
            found.setdefault(copy.listing_id, {})[copy.field] = copy
        return found

    @staticmethod
    def annotated(copies):
        return copies.annotate(
            is_outdated=Q(outdated_at__isnull=False) | Q(draft__isnull=False, draft__status="outdated")
        )

    def carries(self, field: str, language: str) -> bool:
        """Whether the shop's own format has a column for it."""
        return field in CARRIED_FIELDS and language == self.base_language

    def is_due(self, copy: PublishedCopy) -> bool:
        return self.request.is_full or self.request.again or copy.exported_at is None

    def mark(self, copies: list[PublishedCopy]) -> None:
        """Published -> exported, for the texts and their drafts."""
        PublishedCopy.objects.filter(pk__in=[copy.pk for copy in copies]).update(exported_at=self.stamp)
        publishing.mark_exported(draft_ids=list({copy.draft_id for copy in copies if copy.draft_id}))


def count_due(source: CopySource) -> dict[tuple[str, str], int]:
    """Texts that an export would carry, by (field, language)."""
    counted = source.due().order_by("field", "language").values_list("field", "language").annotate(count=Count("pk"))
    return {(field, language): count for field, language, count in counted}
