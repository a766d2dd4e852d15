"""What an export asks, what it gives back and how it says no."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path


class ExportRefused(Exception):
    """The export can't be made as asked; str() is for the operator. Nothing was written, nothing was marked."""


@dataclass
class ExportOutcome:
    """`fields` counts approved texts by field id, `rows` the data rows of all table files, `products` those in them.

    `repeated`: cells that repeat what the shop showed last, because another product of the same file needs the column.
    `outdated`: exported texts whose facts have changed since they were approved.
    """

    path: str
    files: list[str] = field(default_factory=list)
    other_fields_file: str | None = None
    rows: int = 0
    products: int = 0
    fields: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    outdated: int = 0
    waiting_undo: int = 0
    waiting_until: datetime | None = None
    notes: list[str] = field(default_factory=list)
    is_partial: bool = False
    seconds: float = 0.0
    event_id: int | None = None

    @property
    def texts(self) -> int:
        return sum(self.fields.values())

    def count_text(self, copy) -> None:
        self.fields[copy.field] = self.fields.get(copy.field, 0) + 1
        self.outdated += copy.is_outdated

    def as_json(self) -> dict:
        data = asdict(self)
        data["waiting_until"] = self.waiting_until.isoformat() if self.waiting_until else None
        data["seconds"] = round(self.seconds, 2)
        return data


@dataclass(frozen=True)
class ExportRequest:
    """`language` empty: every language. `again`: also what was exported before and was not yet seen live."""

    shop: object
    path: Path
    language: str = ""
    is_full: bool = False
    again: bool = False
