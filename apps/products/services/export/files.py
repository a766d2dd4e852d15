"""The files of an export: written under other names, put in place together, or not at all."""

import contextlib
import csv
import os
from pathlib import Path
from uuid import uuid4

from django.utils.translation import gettext as _

from apps.products.services.export.outcome import ExportRefused

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def defuse(text: str) -> str:
    """Our own text as a cell that no spreadsheet runs.

    A leading space, because shops and our import strip it again; the customary apostrophe would stay in the shop's
    text. Cells that came from the shop are never changed.
    """
    return f" {text}" if text.startswith(_FORMULA_STARTS) else text


class OutputFile:
    """One delimited file; `rows` counts what was written after the header."""

    def __init__(self, path: Path, *, header, encoding="utf-8", delimiter=",", newline="\n"):
        self.path = path
        self.rows = 0
        self._part = path.with_name(f".{path.name}.{uuid4().hex}.part")
        self._stream = self._part.open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._stream, delimiter=delimiter, lineterminator=newline)
        self._writer.writerow(header)

    def write(self, cells: list[str]) -> None:
        self._writer.writerow(cells)
        self.rows += 1

    def finish(self) -> None:
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()

    def put_in_place(self) -> None:
        self._part.replace(self.path)

    def drop(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.close()
        self._part.unlink(missing_ok=True)


class OutputSet:
    """All files of one export. Use as a context: leaving it with an error removes every trace."""

    def __init__(self, path: Path):
        self.path = path
        self.files: list[OutputFile] = []
        self._placed: list[OutputFile] = []

    def __enter__(self):
        if self.path.is_dir():
            raise ExportRefused(_("%(path)s is a folder; name a file.") % {"path": self.path})
        if not self.path.parent.is_dir():
            raise ExportRefused(_("The folder %(path)s does not exist.") % {"path": self.path.parent})
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            return
        for output in self.files:
            output.drop()
        for output in self._placed:
            output.path.unlink(missing_ok=True)

    def open(self, suffix: str = "", **shape) -> OutputFile:
        """`suffix` goes between the asked-for name and its extension."""
        path = self.path.with_name(f"{self.path.stem}.{suffix}{self.path.suffix}") if suffix else self.path
        output = OutputFile(path, **shape)
        self.files.append(output)
        return output

    def put_in_place(self) -> None:
        for output in self.files:
            output.finish()
        for output in self.files:
            output.put_in_place()
            self._placed.append(output)
