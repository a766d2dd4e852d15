"""A streaming reader of delimited text: the whole file is never in memory, and no row is dropped in silence.

Rows are numbered as a spreadsheet shows them: the header is row 1, blank lines count.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports.errors import ImportRefused

# One cell, in characters. A quote that is never closed swallows no more than this.
CELL_LIMIT = 1_000_000
COLUMN_LIMIT = 2_000
# One record with all its lines, in characters: quotes that pair up wrongly could join a whole file into one.
RECORD_LIMIT = 2_000_000
# Broken records of one file region, each of which is read again line by line; more of them are no table.
BROKEN_LIMIT = 200
DELIMITERS = [",", ";", "\t", "|"]
# Fed after the last line: it stays inside a cell only where a quote was left open.
_END = "\ue000shopai-end-of-file\ue001"

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

csv.field_size_limit(CELL_LIMIT)


@dataclass(frozen=True)
class TableFormat:
    encoding: str = "utf-8"
    delimiter: str = ","
    newline: str = "\n"
    has_header: bool = True
    header: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SourceRow:
    """`cells` exactly as they stand in the file; `code` and `message` say why a row cannot be used."""

    number: int
    cells: list[str]
    code: str = ""
    message: str = ""


class _RecordTooLong(csv.Error):
    """The record in hand grows past RECORD_LIMIT; `is_one_line` where a single line does."""

    def __init__(self, *, is_one_line: bool):
        super().__init__("record limit")
        self.is_one_line = is_one_line


class _Lines:
    """The reader's source: remembers the lines of the record in hand, so that they can be read again one by one."""

    def __init__(self, file):
        self.file = file
        self.pending: deque[str] = deque()
        self.record: list[str] = []
        self.size = 0
        self.ended = False

    def begin_record(self) -> None:
        self.record.clear()
        self.size = 0

    def __iter__(self):
        return self

    def __next__(self) -> str:
        if self.ended:
            raise StopIteration
        line = self.pending.popleft() if self.pending else self.file.readline(RECORD_LIMIT)
        if not line:
            self.ended = True
            return _END
        self.record.append(line)
        self.size += len(line)
        if self.size >= RECORD_LIMIT:
            is_one_line = len(self.record) == 1
            if is_one_line:
                self._skip_rest_of(line)
            raise _RecordTooLong(is_one_line=is_one_line)
        return line

    def _skip_rest_of(self, line: str) -> None:
        while line and not line.endswith(("\n", "\r")):
            line = self.file.readline(RECORD_LIMIT)


class RecordReader:
    """Records (lists of cells) of an open text file; `tell()` gives a place to go on from later."""

    def __init__(self, path: Path, encoding: str, delimiter: str, *, position: str = "", number: int = 0):
        self._file = path.open(encoding=encoding, errors="surrogateescape", newline="")
        if position:
            self._file.seek(int(position))
        self._lines = _Lines(self._file)
        self._csv = csv.reader(self._lines, delimiter=delimiter)
        self.number = number
        self._broken = 0

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._file.close()

    @property
    def can_pause(self) -> bool:
        return not self._lines.pending

    def tell(self) -> str:
        return str(self._file.tell())

    def __iter__(self) -> Iterator[SourceRow]:
        while True:
            self._lines.begin_record()
            try:
                cells = next(self._csv)
            except StopIteration:
                return
            except csv.Error as error:
                self.number += 1
                yield self._one_line_of_a_broken_record(error)
                continue
            if cells and cells[-1].endswith(_END):
                if cells == [_END]:
                    return
                self.number += 1
                yield self._one_line_of_a_broken_record(csv.Error("end of file"))
                continue
            self.number += 1
            yield SourceRow(self.number, cells)

    def _one_line_of_a_broken_record(self, error: csv.Error) -> SourceRow:
        """The first line as a row that cannot be used; the others are read again. Raises ImportRefused for too many."""
        self._broken += 1
        if self._broken > BROKEN_LIMIT:
            raise ImportRefused(
                "broken_quote",
                _("In more than %(count)s rows the quotation marks do not pair up. Save the file as CSV UTF-8 again.")
                % {"count": BROKEN_LIMIT},
            )
        first, *rest = self._lines.record or [""]
        self._lines.pending.extendleft(reversed(rest))
        self._lines.ended = False
        shown = [_storable(first[:2000].rstrip("\r\n"))]
        if getattr(error, "is_one_line", "field larger" in str(error) and not rest):
            message = _("The row or one of its cells has more than %(limit)s characters. Shorten it.")
            return SourceRow(self.number, shown, "too_long", message % {"limit": f"{CELL_LIMIT:,}"})
        message = _("A quotation mark is opened in this row and never closed. Close it, or double it inside the text.")
        return SourceRow(self.number, shown, "broken_quote", message)


def read_rows(reader: RecordReader, table: TableFormat) -> Iterator[SourceRow]:
    """Data rows of the file from where `reader` stands; blank lines are skipped, short rows are padded."""
    width = len(table.header)
    waits_for_header = table.has_header and reader.number == 0
    for row in reader:
        if not row.cells:
            continue
        if waits_for_header:
            waits_for_header = False
            continue
        yield row if row.code else _checked(row, width, table.encoding)


def _checked(row: SourceRow, width: int, encoding: str) -> SourceRow:
    cells = row.cells
    if len(cells) > width and not any(cells[width:]):
        del cells[width:]
    text = "".join(cells)
    if _UNSTORABLE.search(text) and "\0" not in text:
        message = _("Some bytes of this row are not %(encoding)s. Save the file as CSV UTF-8 and import the row again.")
        return _rejected(row, "encoding", message % {"encoding": encoding})
    if "\0" in text:
        return _rejected(row, "nul", _("The row holds a NUL character. Remove it and import the row again."))
    if len(cells) > width:
        message = _(
            "The row has %(cells)s cells and the header %(width)s. Put texts that hold a delimiter in quotation marks."
        )
        return _rejected(row, "too_many_cells", message % {"cells": len(cells), "width": width})
    if len(cells) < width:
        cells.extend([""] * (width - len(cells)))
    return row


def _rejected(row: SourceRow, code: str, message: str) -> SourceRow:
    return SourceRow(row.number, [_storable(cell) for cell in row.cells], code, message)


def _storable(cell: str) -> str:
    """PostgreSQL keeps neither NUL nor lone surrogates; a rejected row shows U+FFFD in their place."""
    return _UNSTORABLE.sub("\ufffd", cell)
