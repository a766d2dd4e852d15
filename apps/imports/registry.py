"""The kinds of upload (products, later reviews and questions): the app that owns the rows registers its kind here."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from apps.imports.models import Import, StagedRow


@dataclass
class BatchOutcome:
    """What became of a batch: a verdict for every row of it, and figures to add up over batches.

    `verdicts`: row id -> (verdict, code, message). `figures` and `warnings`: name -> count to add.
    """

    verdicts: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    figures: Counter = field(default_factory=Counter)
    warnings: Counter = field(default_factory=Counter)
    # A preview's examples: {"title": ..., "changes": [{"column", "old", "new"}]}, a few per batch.
    examples: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class RowKey:
    """The key that holds the rows of one thing together; a `code` rejects (or, `is_ignored`, skips) the row."""

    key: str
    code: str = ""
    message: str = ""
    is_ignored: bool = False


class ImportKind(Protocol):
    """`mapping` is target -> column number for dialects that know their columns, column number -> target for `generic`."""

    kind: str
    label: str

    def options_form(self) -> type:
        """The form that asks what the upload's parameters need; its `params()` gives them."""

    def dialects(self) -> list[tuple[str, str]]:
        """(name, label) of every dialect that can be read."""

    def recognise(self, header: list[str]) -> str:
        """The dialect of a header, "" where none knows it."""

    def targets(self) -> list[tuple[str, str]]:
        """(name, label) of what a column of the generic dialect may become."""

    def propose(self, dialect: str, header: list[str]) -> dict:
        """A column mapping for this header."""

    def check(self, upload: Import) -> None:
        """Raise ImportRefused where the upload's parameters or mapping cannot work."""

    def row_keys(self, upload: Import) -> Callable[[list[str]], RowKey]:
        """A function from the cells of a row to its key; called once per pass, in file order."""

    def preview(self, upload: Import, rows: list[StagedRow]) -> BatchOutcome:
        """What `apply` would do to these rows (whole keys), changing nothing."""

    def warn(self, upload: Import) -> list[str]:
        """Sentences about the whole staged file that a person should read before confirming."""

    def prepare(self, upload: Import) -> None:
        """Runs once, when the import is confirmed and before the first batch."""

    def apply(self, upload: Import, rows: list[StagedRow]) -> BatchOutcome:
        """Write these rows (whole keys). Runs in the transaction that moves the cursor."""

    def finish(self, upload: Import) -> None:
        """Runs once, after the last batch, in the transaction that ends the import."""

    def next_steps(self, upload: Import) -> list[tuple[str, str]]:
        """(label, address) of what a person may do after the import."""


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    _kinds[kind.kind] = kind


def kind_of(name: str) -> ImportKind:
    return _kinds[name]
