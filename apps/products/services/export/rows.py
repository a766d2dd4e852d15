"""The shop's own rows of a batch of listings, and the approved text put into them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from apps.drafts.models import Field
from apps.products.html import replace_body, text_to_html
from apps.products.models import ListingRow, PublishedCopy
from apps.products.services.export.columns import Layout
from apps.products.services.export.files import defuse


@dataclass
class SourceRows:
    """The rows (number, cells) of one listing as they came, in the file's order, and the layout of that file."""

    layout: Layout
    table_id: int | None = None
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    @property
    def main(self) -> tuple[int, list[str]]:
        """The row that carries the product: the first with a title, as the import reads it."""
        titled = (row for row in self.rows if self.layout.cell(row[1], "title").strip())
        return next(titled, self.rows[0] if self.rows else (0, []))

    @property
    def image_rows(self) -> list[tuple[int, list[str]]]:
        return [row for row in self.rows if self.layout.cell(row[1], "image").strip()]

    @property
    def main_image(self) -> int | None:
        """The number of the row whose image the shop shows first."""
        return min(self.image_rows, key=self._position, default=(None, []))[0]

    def _position(self, row: tuple[int, list[str]]) -> int:
        position = self.layout.cell(row[1], "image_position").strip()
        return int(position) if position.isascii() and position.isdigit() else 10**6


def load_rows(listing_ids: list[int], layouts: dict[int, Layout]) -> dict[int, SourceRows]:
    """By listing id; where a listing stands in several files, the newest file counts."""
    found: dict[int, SourceRows] = {}
    rows = ListingRow.objects.filter(listing_id__in=listing_ids, table_id__in=list(layouts))
    for listing_id, table_id, number, cells in rows.order_by("-table_id", "row_number").values_list(
        "listing_id", "table_id", "row_number", "cells"
    ):
        source = found.setdefault(listing_id, SourceRows(layouts[table_id], table_id))
        if source.table_id == table_id:
            source.rows.append((number, cells))
    return found


def in_batches(items: Iterable, size: int) -> Iterator[list]:
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch


def render(copy: PublishedCopy, old_cell: str) -> str:
    """The cell that carries the text. A new body keeps the media and tables of the old one byte for byte."""
    if copy.field != Field.LONG_DESCRIPTION:
        return defuse(copy.text)
    return defuse(replace_body(old_cell, copy.text) if old_cell.strip() else text_to_html(copy.text))
