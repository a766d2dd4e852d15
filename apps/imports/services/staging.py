"""From the file to staged rows, in slices that can be killed and go on from where the last one committed."""

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from apps.imports.errors import ImportRefused
from apps.imports.models import Import, StagedRow
from apps.imports.reading import RecordReader, SourceRow, TableFormat, read_rows
from apps.imports.registry import RowKey, kind_of
from apps.imports.services.uploading import stored_path, table_of

BATCH_ROWS = 2_000
# Shop systems stop at a few thousand variants and pictures; more rows of one key are a wrong mapping.
KEY_ROWS_LIMIT = 5_000
_COPY = "COPY imports_stagedrow (upload_id, row_number, key, cells, verdict, code, message) FROM STDIN"


def stage_batch(upload: Import) -> bool:
    """Copy the next rows of the file; True when the whole file is staged. Runs in the caller's transaction.

    `params` keeps the place in the file (`position`, `row_number`), so that the next call goes on from there.
    """
    try:
        return _stage_batch(upload, table_of(upload))
    except UnicodeError:
        message = _("The file is not in %(encoding)s throughout. Save it as CSV UTF-8 and upload it again.")
        raise ImportRefused("encoding", message % {"encoding": upload.encoding}) from None


def _stage_batch(upload: Import, table: TableFormat) -> bool:
    key_of = kind_of(upload.kind).row_keys(upload)
    position, number = upload.params.get("position", ""), upload.params.get("row_number", 0)
    count = rejected = ignored = 0
    with (
        RecordReader(stored_path(upload), table.encoding, table.delimiter, position=position, number=number) as reader,
        connection.cursor() as cursor,
    ):
        is_done = True
        with cursor.copy(_COPY) as copy:
            for row in read_rows(reader, table):
                key, verdict = _judge(row, key_of)
                copy.write_row((upload.pk, row.number, key.key, Jsonb(row.cells), verdict, key.code, key.message[:500]))
                count += 1
                rejected += verdict == StagedRow.Verdict.REJECTED
                ignored += verdict == StagedRow.Verdict.IGNORED
                if count >= BATCH_ROWS and reader.can_pause:
                    is_done = False
                    break
        upload.params |= {"position": reader.tell(), "row_number": reader.number}
    counts = upload.counts
    counts["rows"] = counts.get("rows", 0) + count
    counts["rejected"] = counts.get("rejected", 0) + rejected
    counts["ignored"] = counts.get("ignored", 0) + ignored
    return is_done


def _judge(row: SourceRow, key_of) -> tuple[RowKey, str]:
    key = RowKey("", row.code, row.message) if row.code else key_of(row.cells)
    if not key.code:
        return key, StagedRow.Verdict.STAGED
    return key, StagedRow.Verdict.IGNORED if key.is_ignored else StagedRow.Verdict.REJECTED


def reject_crowded_keys(upload: Import) -> None:
    """Rows of one key are read together, so a key that half the file shares must not get that far."""
    message = _(
        "More than %(limit)s rows belong to one product. Look whether the right column is mapped to the handle."
    )
    staged = StagedRow.objects.filter(upload=upload, verdict=StagedRow.Verdict.STAGED)
    crowded = staged.values("key").annotate(rows=Count("pk")).filter(rows__gt=KEY_ROWS_LIMIT)
    # As a list: of rows this new the planner knows nothing, and would count them anew for each row of a subquery.
    crowded = list(crowded.values_list("key", flat=True))
    count = staged.filter(key__in=crowded).update(
        verdict=StagedRow.Verdict.REJECTED, code="too_many_rows", message=message % {"limit": f"{KEY_ROWS_LIMIT:,}"}
    )
    upload.counts["rejected"] = upload.counts.get("rejected", 0) + count


def restart_staging(upload: Import) -> None:
    """Forget what was staged, as the file is to be read in another way."""
    with transaction.atomic():
        StagedRow.objects.filter(upload=upload).delete()
        for name in ("position", "row_number", "is_staged"):
            upload.params.pop(name, None)
        upload.counts, upload.cursor = {}, 0
