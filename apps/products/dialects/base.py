"""What a dialect makes of the rows of one product, and what the importer and the export need to know of its columns.

A mapping is {column id: column number}. Column ids are the same in every dialect: `key` (handle, id or parent SKU), `title`,
`brand`, `category`, `type`, `tags`, `sku`, `barcode`, `status`, `image`, and for copy the field ids (`long_description`,
`mobile_description`, `bullets`, `seo_title`, `seo_meta`, `image_alt`). A column that no id names is known by its header,
trimmed and without case, so that two exports of one shop can be laid beside each other.
"""

from dataclasses import dataclass, field
from typing import Protocol

from apps.imports.registry import RowKey

COPY_FIELDS = ("long_description", "mobile_description", "bullets", "seo_title", "seo_meta", "image_alt")
SINGLE_VARIANT = "-"


@dataclass
class FactRecord:
    """A fact as the file states it. `column` is the id of the column it came from; `variant` a variant key or ""."""

    role: str
    name: str
    value: str
    unit: str
    column: str
    variant: str = ""


@dataclass
class VariantRecord:
    key: str
    sku: str = ""
    barcode: str = ""
    options: dict[str, str] = field(default_factory=dict)
    row: int = 0


@dataclass
class ProductRecord:
    """All that the rows of one key say. A value of None means that the file has no such column."""

    key: str
    title: str | None = None
    status: str | None = None
    image_url: str | None = None
    # Field id -> the cell as it came (HTML or plain text), only for columns that the file has.
    copy: dict[str, str] = field(default_factory=dict)
    facts: list[FactRecord] = field(default_factory=list)
    variants: list[VariantRecord] = field(default_factory=list)
    # What tells apart the rows of a product, by row: ("variant", key), ("image", address) or ("row", n).
    row_marks: list[tuple[str, str]] = field(default_factory=list)


class TableDialect(Protocol):
    """One dialect bound to a header, a mapping and a language."""

    name: str
    # Ids of all columns, in the order of the file.
    columns: list[str]
    # Column id -> number, for the columns whose meaning is known.
    at: dict[str, int]
    # Ids of the columns from which facts are made, as far as the file has them.
    fact_columns: set[str]
    # Those of them whose facts are stated by variant.
    variant_fact_columns: set[str]

    def row_key(self, cells: list[str]) -> RowKey: ...

    def parse(self, key: str, rows: list[list[str]]) -> ProductRecord: ...


def normal_header(cell: str) -> str:
    return " ".join(cell.replace("\ufeff", "").split()).casefold()


def column_ids(header: list[str], mapping: dict[str, int]) -> list[str]:
    """The id of every column; a repeated one gets `#2`, so that ids are unique."""
    by_number = {number: name for name, number in mapping.items()}
    ids, seen = [], {}
    for number, cell in enumerate(header):
        name = by_number.get(number) or normal_header(cell) or "column"
        seen[name] = seen.get(name, 0) + 1
        ids.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return ids


def unique_key(key: str, used: dict[str, int]) -> str:
    """`key`, or `key #2` and so on where it is used already; `used` counts the uses."""
    number = used.get(key, 0) + 1
    unique = key if number == 1 else f"{key} #{number}"
    while unique in used:
        number += 1
        unique = f"{key} #{number}"
    used[key] = number
    used.setdefault(unique, 1)
    return unique


def collapse(facts: list[FactRecord], variants: list[VariantRecord]) -> list[FactRecord]:
    """What all variants share is the product's: such facts lose their variant, once each."""
    by_statement: dict[tuple, list[FactRecord]] = {}
    for fact in facts:
        by_statement.setdefault((fact.role, fact.name, fact.value, fact.unit, fact.column), []).append(fact)
    collapsed = []
    for same in by_statement.values():
        own = {fact.variant for fact in same}
        if "" in own or len(own) >= len(variants):
            same[0].variant = ""
            collapsed.append(same[0])
        else:
            collapsed.extend({fact.variant: fact for fact in same}.values())
    return collapsed
