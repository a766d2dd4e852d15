"""What a file is: encoding, delimiter, line ends, header. Only its beginning is read here."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports.encodings import detect_encoding
from apps.imports.errors import ImportRefused
from apps.imports.reading import COLUMN_LIMIT, DELIMITERS, TableFormat

SAMPLE_CHARS = 256 * 1024
SAMPLE_RECORDS = 200
_MARKUP = re.compile(r"\s*(<\?xml|<!doctype|<html|<rss|<feed|<[a-z]+[ >])", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[\d.,\s]+[%$€£¥]?$")
_HEADER_CELL_LIMIT = 150


def detect_table(
    path: Path,
    *,
    encoding: str = "",
    delimiter: str = "",
    has_header: bool | None = None,
    knows_header: Callable[[list[str]], bool] = lambda header: False,
) -> TableFormat:
    """Understand the file at `path`; what the caller gives is taken as given.

    `knows_header` tells whether a row of cells is the header of a dialect that is known.
    Raises ImportRefused: empty, binary, encoding, not_a_table, no_rows.
    """
    encoding = encoding or detect_encoding(path)
    sample = _read_sample(path, encoding)
    if not sample.strip():
        raise ImportRefused("empty", _("The file is empty."))
    _refuse_markup(sample)
    delimiter = delimiter or _best_delimiter(sample)
    records = _records(sample, delimiter)
    if not records:
        raise ImportRefused("empty", _("The file is empty."))
    first = records[0]
    known = knows_header(first)
    if has_header is None:
        has_header = known or _looks_like_header(first)
    if not known:
        _refuse_what_is_no_table(records, delimiter)
    if has_header and len(records) == 1 and len(sample) < SAMPLE_CHARS:
        raise ImportRefused("no_rows", _("The file has a header and no rows under it."))
    header = first if has_header else [_("Column %(n)s") % {"n": n + 1} for n in range(len(first))]
    return TableFormat(encoding, delimiter, _newline(sample), has_header, header)


def sample_rows(path: Path, table: TableFormat, count: int = 5) -> list[list[str]]:
    """The first data rows, padded to the header's width, for a person to look at."""
    records = _records(_read_sample(path, table.encoding), table.delimiter)[1 if table.has_header else 0 :]
    width = len(table.header)
    return [(row + [""] * width)[:width] for row in records[:count]]


def _read_sample(path: Path, encoding: str) -> str:
    try:
        with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
            return file.read(SAMPLE_CHARS)
    except (LookupError, UnicodeError):
        message = _("The file is not in %(encoding)s. Choose another encoding, or save it as CSV UTF-8.")
        raise ImportRefused("encoding", message % {"encoding": encoding}) from None


def _refuse_markup(sample: str) -> None:
    if _MARKUP.match(sample):
        raise ImportRefused(
            "not_a_table", _("This is a web page or XML, not a table. Export the table as CSV and upload that.")
        )
    if re.match(r"\s*[\[{]\s*([\"{\[\]}]|$)", sample):
        raise ImportRefused("not_a_table", _("This is JSON, not a table. Export the table as CSV and upload that."))


def _records(sample: str, delimiter: str) -> list[list[str]]:
    records = []
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if cells:
                records.append(cells)
            if len(records) > SAMPLE_RECORDS:
                break
    except csv.Error:
        return records
    # The last record of a sample that was cut off is not whole.
    return records[:-1] if len(records) > 1 and len(sample) >= SAMPLE_CHARS else records


def _best_delimiter(sample: str) -> str:
    return max(DELIMITERS, key=lambda delimiter: _regularity(_records(sample, delimiter)))


def _regularity(records: list[list[str]]) -> float:
    """Columns of the first record, weighted by the share of records as wide as it (or shorter, but no single cell)."""
    if not records or len(records[0]) < 2:
        return 0.0
    width = len(records[0])
    same = sum(len(record) == width or 1 < len(record) < width for record in records) / len(records)
    return same * min(width, 10)


def _refuse_what_is_no_table(records: list[list[str]], delimiter: str) -> None:
    widths = Counter(len(record) for record in records)
    width, count = widths.most_common(1)[0]
    if width < 2 or count < len(records) * 0.4 or len(records[0]) > COLUMN_LIMIT:
        raise ImportRefused(
            "not_a_table",
            _(
                "This is not a table: its lines do not split into the same columns. Export the table as CSV and upload that."
            ),
        )


def _looks_like_header(cells: list[str]) -> bool:
    return not any(
        len(cell) > _HEADER_CELL_LIMIT or cell.strip() and _NUMBER.match(cell.strip()) or "://" in cell
        for cell in cells
    )


def _newline(sample: str) -> str:
    counts = {"\r\n": sample.count("\r\n")}
    counts["\n"] = sample.count("\n") - counts["\r\n"]
    counts["\r"] = sample.count("\r") - counts["\r\n"]
    return max(counts, key=lambda newline: counts[newline])
