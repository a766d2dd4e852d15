"""From the file to staged rows, in slices that can be killed and go on from where the last one committed."""

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from apps.imports.models import Import, StagedRow
from apps.imports.reading import RecordReader, SourceRow, read_rows
from apps.imports.registry import RowKey, kind_of
from apps.imports.services.uploading import stored_path, table_of

BATCH_ROWS = 2_000
_COPY = "COPY imports_stagedrow (upload_id, row_number, key, cells, verdict, code, message) FROM STDIN"


def stage_batch(upload: Import) -> bool:
    """Copy the next rows of the file; True when the whole file is staged. Runs in the caller's transaction.

    `params` keeps the place in the file (`position`, `row_number`), so that the next call goes on from there.
    """
    table = table_of(upload)
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


def restart_staging(upload: Import) -> None:
    """Forget what was staged, as the file is to be read in another way."""
    with transaction.atomic():
        StagedRow.objects.filter(upload=upload).delete()
        for name in ("position", "row_number"):
            upload.params.pop(name, None)
        upload.counts, upload.cursor = {}, 0
