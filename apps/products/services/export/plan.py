"""Which file of a delta a product goes to.

A blank cell of a column that is present overwrites what the shop has. So a file holds a column only where every
product in it has a value for it: its approved text or, where another product of the file needs the column, what the
shop showed last. A product whose value is not known (its own file never had the column) goes to a further file with
fewer columns.
"""

from collections import Counter
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max

from apps.drafts.models import Field
from apps.products.models import ListingRow
from apps.products.services.export.columns import CARRIED_FIELDS, IMAGE_COLUMNS, OLD, ROW_FIELDS, Layout, Template
from apps.products.services.export.rows import SourceRows, in_batches, load_rows
from apps.products.services.export.texts import CopySource

BATCH = 1000
NO_LAYOUT = Layout(())

# The newest file that a listing came in (none: 0) and the fields that are due for it.
Class = tuple[int, frozenset[str]]


@dataclass(frozen=True)
class Group:
    """The products of one file of the delta: the columns that all of them can fill."""

    template: Template
    fields: frozenset[str]

    @property
    def row_fields(self) -> list[str]:
        return [field for field in ROW_FIELDS if field in self.fields]

    @property
    def has_images(self) -> bool:
        return Field.IMAGE_ALT in self.fields

    @property
    def header(self) -> list[str]:
        return self.template.header(["key", "title", *self.row_fields, *(IMAGE_COLUMNS if self.has_images else [])])


def carried(fields, source: SourceRows | None) -> frozenset[str]:
    """The fields that the delta can carry for a listing; an image text only beside its image's address."""
    has_image = source is not None and bool(source.image_rows)
    return frozenset(field for field in fields if field in CARRIED_FIELDS and (has_image or field != Field.IMAGE_ALT))


def count_classes(source: CopySource, layouts: dict[int, Layout]) -> Counter[Class]:
    classes: Counter[Class] = Counter()
    for batch in in_batches(due_listings(source), BATCH):
        tables = newest_tables([listing_id for listing_id, _fields in batch], layouts)
        with_image_text = load_rows([pk for pk, fields in batch if Field.IMAGE_ALT in fields], layouts)
        for listing_id, fields in batch:
            if known := carried(fields, with_image_text.get(listing_id)):
                classes[tables.get(listing_id, 0), known] += 1
    return classes


def due_listings(source: CopySource):
    """Stream (listing id, fields due in the base language), by listing id."""
    if not source.is_base_wanted:
        return []
    due = source.due().filter(language=source.base_language, field__in=CARRIED_FIELDS)
    grouped = due.order_by("listing_id").values_list("listing_id").annotate(fields=ArrayAgg("field"))
    return grouped.iterator(chunk_size=BATCH)


def newest_tables(listing_ids: list[int], layouts: dict[int, Layout]) -> dict[int, int]:
    rows = ListingRow.objects.filter(listing_id__in=listing_ids, table_id__in=list(layouts))
    return dict(rows.order_by().values_list("listing_id").annotate(newest=Max("table_id")))


def plan_files(classes: Counter[Class], layouts: dict[int, Layout]) -> dict[Class, Group]:
    """The group of every class, largest group first."""
    unions: dict[str, frozenset[str]] = {}
    for table_id, fields in classes:
        template = layouts.get(table_id, NO_LAYOUT).template
        unions[template.name] = unions.get(template.name, frozenset()) | fields
    members: dict[tuple, list[Class]] = {}
    for table_id, fields in classes:
        layout = layouts.get(table_id, NO_LAYOUT)
        union = unions[layout.template.name]
        wanted = union if union <= fields | layout.fields else fields
        members.setdefault((layout.template, wanted), []).append((table_id, fields))
    ordered = sorted(members.items(), key=lambda item: -sum(classes[member] for member in item[1]))
    planned: dict[Class, Group] = {}
    for (template, _wanted), inside in ordered:
        # Only what some product of this very file has approved text for.
        group = Group(template, frozenset().union(*(fields for _table, fields in inside)))
        planned.update(dict.fromkeys(inside, group))
    return planned


def default_template(layouts: dict[int, Layout]) -> Template:
    return layouts[max(layouts)].template if layouts else OLD
