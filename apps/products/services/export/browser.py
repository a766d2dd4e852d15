"""Exports that are made in the browser: what will be in one, and its files, kept for a while to be fetched."""

import secrets
import shutil
import string
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from apps.core import languages
from apps.core.models import AuditEvent
from apps.drafts.models import Field
from apps.products.models import Listing, Shop, SourceTable
from apps.products.services.export.outcome import ExportOutcome, ExportRequest
from apps.products.services.export.run import export_products
from apps.products.services.export.texts import CopySource, Waiting, count_due, waiting_for_undo

KEPT_DAYS = 30


@dataclass
class Preview:
    """`texts`: (field label, language name, count, whether the shop's file carries it)."""

    texts: list[tuple[str, str, int, bool]]
    waiting: Waiting
    products: int
    has_file: bool

    @property
    def total(self) -> int:
        return sum(count for _field, _language, count, _is_carried in self.texts)


def preview(*, shop: Shop, is_full: bool, again: bool = False) -> Preview:
    source = CopySource(ExportRequest(shop=shop, path=Path(), is_full=is_full, again=again))
    labels = dict(Field.choices)
    texts = [
        (labels[field], languages.name(tag), count, source.carries(field, tag))
        for (field, tag), count in count_due(source).items()
    ]
    return Preview(
        texts=texts,
        waiting=waiting_for_undo(shop),
        products=Listing.objects.filter(shop=shop).count() if is_full else 0,
        has_file=SourceTable.objects.filter(shop=shop, dialect__startswith="shopify").exists(),
    )


def export_to_keep(*, user, shop: Shop, is_full: bool, again: bool = False, language: str = "") -> ExportOutcome:
    """As `export_products`, into a folder of its own that the page's links lead to."""
    _forget_old()
    # Letters only: the audit trail masks long runs of digits.
    folder = _root() / "".join(secrets.choice(string.ascii_lowercase) for _ in range(20))
    folder.mkdir(parents=True)
    name = f"{shop.code}-{'full' if is_full else 'copy'}-{timezone.localtime():%Y-%m-%d-%H%M}.csv"
    try:
        return export_products(
            shop=shop, dialect="shopify", path=folder / name, language=language, full=is_full, again=again, user=user
        )
    except Exception:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def past_exports(shop: Shop, most: int = 20) -> list[AuditEvent]:
    """Newest first, each with `links`: the names of its files that are still kept."""
    events = list(AuditEvent.objects.about("shop", shop.pk).filter(verb="export").select_related("actor")[:most])
    for event in events:
        event.texts = sum(event.data.get("fields", {}).values())
        event.links = [name for name in event.data.get("files", []) if kept_file(event, name)]
    return events


def kept_file(event: AuditEvent, name: str) -> Path | None:
    folder = event.data.get("folder", "")
    if name not in event.data.get("files", []) or not folder.isalpha():
        return None
    path = _root() / folder / Path(name).name
    return path if path.is_file() else None


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports"


def _forget_old() -> None:
    before = (timezone.now() - timedelta(days=KEPT_DAYS)).timestamp()
    for folder in _root().glob("*/"):
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
