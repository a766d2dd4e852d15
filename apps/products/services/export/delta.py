"""The delta: identifiers and approved copy, nothing else."""

from apps.drafts.models import Field
from apps.products.models import Listing, PublishedCopy
from apps.products.services.export.columns import Layout
from apps.products.services.export.files import OutputFile, OutputSet
from apps.products.services.export.outcome import ExportOutcome
from apps.products.services.export.plan import (
    BATCH,
    NO_LAYOUT,
    Class,
    Group,
    carried,
    count_classes,
    default_template,
    due_listings,
    plan_files,
)
from apps.products.services.export.rows import SourceRows, in_batches, load_rows, render
from apps.products.services.export.texts import CopySource


class Delta:
    """Writes the copy that is due, listing by listing, and marks it."""

    def __init__(self, source: CopySource, layouts: dict[int, Layout], outputs: OutputSet, outcome: ExportOutcome):
        self.source = source
        self.layouts = layouts
        self.outputs = outputs
        self.outcome = outcome

    def write(self) -> None:
        plan = plan_files(count_classes(self.source, self.layouts), self.layouts)
        files: dict[Group, OutputFile] = {}
        for number, group in enumerate(dict.fromkeys(plan.values()), start=1):
            files[group] = self.outputs.open("" if number == 1 else str(number), header=group.header)
        if not files:
            self.outputs.open(header=Group(default_template(self.layouts), frozenset()).header)
        for batch in in_batches(due_listings(self.source), BATCH):
            self._write_batch([listing_id for listing_id, _fields in batch], plan, files)
        self.outcome.rows = sum(output.rows for output in self.outputs.files)

    def _write_batch(self, listing_ids: list[int], plan: dict[Class, Group], files: dict[Group, OutputFile]) -> None:
        copies = self.source.of_listings(listing_ids)
        sources = load_rows(listing_ids, self.layouts)
        written: list[PublishedCopy] = []
        for listing in Listing.objects.filter(pk__in=copies).select_related("product").order_by("pk"):
            source = sources.get(listing.pk) or SourceRows(NO_LAYOUT)
            due = [field for field, copy in copies[listing.pk].items() if self.source.is_due(copy)]
            group = plan.get((source.table_id or 0, carried(due, source)))
            # None: a text was taken back since the plan was made; the rest of this product waits for the next export.
            if group is not None:
                written += self._write_listing(listing, source, copies[listing.pk], group, files[group])
        self.source.mark(written)

    def _write_listing(self, listing, source: SourceRows, copies, group: Group, file) -> list[PublishedCopy]:
        number, main = source.main
        layout, written = source.layout, []
        cells = [layout.cell(main, "key") or listing.external_key, layout.cell(main, "title") or listing.product.title]
        for field in group.row_fields:
            cells.append(self._copy_cell(copies.get(field), layout.cell(main, field), listing, written))
        if group.has_images:
            texts = self._image_texts(source, copies.get(Field.IMAGE_ALT), listing, written)
            self._write_with_images(cells, number, source, texts, file)
        else:
            file.write(cells)
        self.outcome.products += 1
        return written

    def _image_texts(self, source: SourceRows, copy, listing, written: list) -> dict[int, str]:
        """By row number; the approved text belongs to the image that the shop shows first."""
        texts = {}
        for number, row in source.image_rows:
            own = copy if number == source.main_image else None
            texts[number] = self._copy_cell(own, source.layout.cell(row, Field.IMAGE_ALT), listing, written)
        return texts

    def _write_with_images(self, cells, number: int, source: SourceRows, texts: dict[int, str], file) -> None:
        """Every image is named as it came: what becomes of an image that the file leaves out is not ours to try."""
        images = {
            row_number: [source.layout.cell(row, "image"), source.layout.cell(row, "image_position"), texts[row_number]]
            for row_number, row in source.image_rows
        }
        file.write([*cells, *images.pop(number, ["", "", ""])])
        for image in images.values():
            file.write([cells[0], *[""] * (len(cells) - 1), *image])

    def _copy_cell(self, copy: PublishedCopy | None, old_cell: str, listing, written: list[PublishedCopy]) -> str:
        if copy is None or not (self.source.is_due(copy) or is_ahead(copy, listing)):
            self.outcome.repeated += bool(old_cell)
            return old_cell
        if self.source.is_due(copy):
            self.outcome.count_text(copy)
            written.append(copy)
        else:
            self.outcome.repeated += 1
        return render(copy, old_cell)


def is_ahead(copy: PublishedCopy, listing: Listing) -> bool:
    """Whether the exported text is newer than what we know of the shop."""
    return listing.seen_at is None or copy.exported_at > listing.seen_at
