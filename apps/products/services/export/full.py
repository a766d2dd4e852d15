"""The full export: every row and column as it came, approved copy in place."""

from collections.abc import Iterator
from heapq import merge

from django.db.models import Exists, OuterRef
from django.utils.translation import ngettext

from apps.drafts.models import Field
from apps.imports.models import StagedRow
from apps.products.models import Listing, ListingRow, PublishedCopy, SourceTable
from apps.products.services.export.columns import ROW_FIELDS, Layout
from apps.products.services.export.files import OutputFile, OutputSet
from apps.products.services.export.outcome import ExportOutcome
from apps.products.services.export.rows import SourceRows, in_batches, load_rows, render
from apps.products.services.export.texts import CopySource

BATCH = 1000

# (row number, listing id or None where the import took no product from the row, cells)
Row = tuple[int, int | None, list[str]]


def original_rows(table: SourceTable) -> Iterator[Row]:
    """Stream the file's rows in their order, those that the import refused or passed over among them."""
    taken = table.rows.order_by("row_number").values_list("row_number", "listing_id", "cells")
    others = StagedRow.objects.filter(upload_id=table.upload_id, verdict__in=["rejected", "ignored"])
    others = others.exclude(code=StagedRow.NOT_REACHED)  # What these speak of stands in the rows of an earlier file.
    passed = others.order_by("row_number").values_list("row_number", "cells")
    return merge(
        taken.iterator(chunk_size=BATCH),
        ((number, None, cells) for number, cells in passed.iterator(chunk_size=BATCH)),
        key=lambda row: row[0],
    )


class Full:
    """Writes files of one shape each: the same header, encoding and delimiter as the files that came."""

    def __init__(self, source: CopySource, layouts: dict[int, Layout], outputs: OutputSet, outcome: ExportOutcome):
        self.source = source
        self.layouts = layouts
        self.outputs = outputs
        self.outcome = outcome

    def write(self, *, encoding: str | None = None) -> None:
        """`encoding` replaces that of the files, for text that theirs can't hold."""
        shapes: dict[tuple, list[SourceTable]] = {}
        for table in (
            SourceTable.objects.filter(pk__in=list(self.layouts), rows__isnull=False).distinct().order_by("pk")
        ):
            shape = (tuple(table.header), encoding or table.encoding, table.delimiter, table.newline)
            shapes.setdefault(shape, []).append(table)
        sizes = {shape: ListingRow.objects.filter(table__in=tables).count() for shape, tables in shapes.items()}
        for number, shape in enumerate(sorted(shapes, key=lambda shape: -sizes[shape]), start=1):
            header, file_encoding, delimiter, newline = shape
            file = self.outputs.open(
                "" if number == 1 else str(number),
                header=header, encoding=file_encoding, delimiter=delimiter, newline=newline,
            )  # fmt: skip
            for table in shapes[shape]:
                for batch in in_batches(original_rows(table), BATCH):
                    self._write_batch(batch, table, file)
            self.outcome.rows += file.rows
        self._tell_missing()

    def _tell_missing(self) -> None:
        """Products of the shop that came in no Shopify file have no rows to give back."""
        rows = ListingRow.objects.filter(listing=OuterRef("pk"), table_id__in=list(self.layouts))
        if missing := Listing.objects.filter(~Exists(rows), shop=self.source.request.shop).count():
            self.outcome.is_partial = True
            self.outcome.notes.append(
                ngettext(
                    "%(count)d product came in no Shopify file and is not in this one.",
                    "%(count)d products came in no Shopify file and are not in this one.",
                    missing,
                )
                % {"count": missing}
            )

    def _write_batch(self, batch: list[Row], table: SourceTable, file: OutputFile) -> None:
        listing_ids = list({listing_id for _number, listing_id, _cells in batch if listing_id})
        copies = self.source.of_listings(listing_ids)
        sources = load_rows(listing_ids, self.layouts)
        written: list[PublishedCopy] = []
        for number, listing_id, cells in batch:
            source = sources.get(listing_id)
            if source is None:
                file.write(cells)
            elif source.table_id == table.pk:
                file.write(self._with_copy(number, cells, source, copies.get(listing_id, {}), written))
                self.outcome.products += number == source.main[0]
            # else: a newer file brought this product again, its rows stand there.
        self.source.mark(written)

    def _with_copy(self, number: int, cells: list[str], source: SourceRows, copies, written) -> list[str]:
        own = set()
        if number == source.main[0]:
            own.update(ROW_FIELDS)
        if number == source.main_image:
            own.add(Field.IMAGE_ALT)
        for field in own & copies.keys() & source.layout.fields:
            place = source.layout.place(field)
            cells = cells + [""] * (place + 1 - len(cells))
            cells[place] = render(copies[field], cells[place])
            self.outcome.count_text(copies[field])
            written.append(copies[field])
        return cells
