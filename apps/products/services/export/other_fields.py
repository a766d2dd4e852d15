"""The file beside the export: approved text that the shop's own file can't carry."""

from django.db.models import Q

from apps.drafts.models import Field
from apps.products.services.export.columns import CARRIED_FIELDS
from apps.products.services.export.files import OutputSet, defuse
from apps.products.services.export.outcome import ExportOutcome
from apps.products.services.export.rows import in_batches
from apps.products.services.export.texts import CopySource

BATCH = 1000
HEADER = ["handle", "field", "language", "text"]


def write_other_fields(source: CopySource, outputs: OutputSet, outcome: ExportOutcome) -> None:
    """Write and mark what is due and stands in no other file of this export; opens no file where there is nothing."""
    left = source.left_over()
    if not source.request.is_full:
        # A body or an SEO text of the base language always has a column: one that is left was approved meanwhile.
        left = left.exclude(Q(language=source.base_language) & Q(field__in=CARRIED_FIELDS - {Field.IMAGE_ALT}))
    ids = left.order_by("listing_id", "language", "field").values_list("pk", "listing_id").iterator(chunk_size=BATCH)
    file = None
    for batch in in_batches(ids, BATCH):
        source.lock_drafts([listing_id for _pk, listing_id in batch])
        copies = source.annotated(left.filter(pk__in=[pk for pk, _listing_id in batch])).select_related("listing")
        copies = list(copies.order_by("listing_id", "language", "field"))
        if copies and file is None:
            file = outputs.open("other-fields", header=HEADER)
            outcome.other_fields_file = str(file.path)
        for copy in copies:
            file.write([copy.listing.external_key, copy.field, copy.language, defuse(copy.text)])
            outcome.count_text(copy)
        source.mark(copies)
