"""Shopify's product CSV, old and new template, any set of columns."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.imports.registry import RowKey
from apps.products.cleaning import clean_line, clean_text, without_text_mark
from apps.products.dialects import shopify_columns
from apps.products.dialects.base import (
    COPY_FIELDS,
    SINGLE_VARIANT,
    FactRecord,
    ProductRecord,
    VariantRecord,
    collapse,
    column_ids,
    normal_header,
    unique_key,
)
from apps.products.dialects.naming import fact_name

NAME = "shopify"
LABEL = "Shopify"
KEY_LIMIT = 255
_VARIANT_COLUMNS = (
    "option1_value", "option2_value", "option3_value", "sku", "barcode", "price", "grams", "variant_image",
)  # fmt: skip
_SIMPLE_FACTS = ("gender", "age_group", "condition", "mpn")
_GRAMS_PER = {"g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.59237"), "oz": Decimal("28.349523125")}
_NUMERIC = re.compile(r"\d+")


def recognise(header: list[str]) -> bool:
    names = {normal_header(cell) for cell in header}
    known = {shopify_columns.COLUMNS[name] for name in names if name in shopify_columns.COLUMNS}
    distinct = names & shopify_columns.DISTINCT
    return "key" in known and len(known) > 1 or "title" in known and len(distinct) > 1


def propose(header: list[str]) -> dict[str, int]:
    """Column id -> number; of two columns with one meaning the first counts."""
    mapping: dict[str, int] = {}
    for number, cell in enumerate(header):
        if name := shopify_columns.COLUMNS.get(normal_header(cell)):
            mapping.setdefault(name, number)
    return mapping


class ShopifyTable:
    """The dialect bound to a header; see base.TableDialect."""

    name = NAME

    def __init__(self, header: list[str], mapping: dict[str, int], language: str):
        self.at = {name: int(number) for name, number in mapping.items()}
        self.columns = column_ids(header, self.at)
        self.language = language
        self.metafields = self._metafields(header)
        facts = {"title", "brand", "category", "type", "tags", "grams", *_SIMPLE_FACTS}
        self.fact_columns = facts & set(self.at) | {column for column, *_rest in self.metafields}
        self.variant_fact_columns = {"options", "grams"} | {column for column, _n, _name, own in self.metafields if own}
        if "option1_value" in self.at:
            self.fact_columns.add("options")
        if {"type", "category", "google_category"} & set(self.at):
            self.fact_columns.add("category")

    def _metafields(self, header: list[str]) -> list[tuple[str, int, str, bool]]:
        found = []
        for number, cell in enumerate(header):
            match = shopify_columns.METAFIELD.match(" ".join(cell.split()))
            if match and not shopify_columns.is_internal(match["space"], match["key"]):
                name = match["name"] or match["key"].replace("_", " ").replace("-", " ")
                found.append((self.columns[number], number, clean_line(name, 200), match["owner"] == "variant"))
        return found

    def row_key(self, cells: list[str]) -> RowKey:
        key = self._cell(cells, "key")
        if not key and not any(cell.strip() for cell in cells):
            return RowKey("", "blank", _("All cells of the row are empty."), is_ignored=True)
        if not key:
            key = slugify(self._cell(cells, "title"), allow_unicode=True)
        if not key:
            return RowKey("", "no_handle", _("The row has no handle. Fill in the handle of its product."))
        if len(key) > KEY_LIMIT:
            return RowKey("", "long_handle", _("The handle is longer than 255 characters. Shorten it."))
        return RowKey(clean_line(key, KEY_LIMIT))

    def parse(self, key: str, rows: list[list[str]]) -> ProductRecord:
        record = ProductRecord(key=key)
        first = next((cells for cells in rows if self._cell(cells, "title")), rows[0])
        record.title = clean_line(self._cell(first, "title"), 500) if "title" in self.at else None
        if {"status", "published"} & set(self.at):
            record.status = self._status(first)
        record.copy = {name: self._raw(first, name) for name in COPY_FIELDS if name in self.at}
        self._read_images(record, rows)
        names = self._option_names(rows)
        variant_rows = self._read_variants(record, rows, names)
        record.facts = collapse(self._facts(record, first, variant_rows), record.variants)
        return record

    def _cell(self, cells: list[str], column: str) -> str:
        return cells[self.at[column]].strip() if column in self.at else ""

    def _raw(self, cells: list[str], column: str) -> str:
        return cells[self.at[column]] if column in self.at else ""

    def _status(self, cells: list[str]) -> str:
        status = self._cell(cells, "status").lower()
        if not status and self._cell(cells, "published").lower() == "false":
            status = "draft"
        return clean_line(status, 20)

    def _read_images(self, record: ProductRecord, rows: list[list[str]]) -> None:
        if "image" not in self.at:
            return
        pictured = [cells for cells in rows if self._cell(cells, "image")]
        pictured.sort(key=self._image_place)
        record.image_url = clean_line(self._cell(pictured[0], "image"), 1000) if pictured else ""
        if "image_alt" in self.at and pictured:
            record.copy["image_alt"] = self._raw(pictured[0], "image_alt")

    def _image_place(self, cells: list[str]) -> int:
        place = self._cell(cells, "image_position")
        return int(place) if place.isascii() and place.isdigit() and len(place) < 7 else 10**6

    def _option_names(self, rows: list[list[str]]) -> list[str]:
        """Names stand on the product's first row only."""
        names = []
        for n in (1, 2, 3):
            given = (self._cell(cells, f"option{n}_name") for cells in rows)
            names.append(clean_line(next((name for name in given if name), ""), 200))
        return names

    def _read_variants(
        self, record: ProductRecord, rows: list[list[str]], names: list[str]
    ) -> list[tuple[str, list[str]]]:
        """Fill record.variants and record.row_marks; return (variant key, cells) of the rows that are variants."""
        variant_rows: list[tuple[str, list[str]]] = []
        used: dict[str, int] = {}
        for number, cells in enumerate(rows):
            if not any(self._cell(cells, column) for column in _VARIANT_COLUMNS):
                image = self._cell(cells, "image")
                record.row_marks.append(("image", image) if image else ("row", str(number)))
                continue
            options = self._options(cells, names)
            key = " / ".join(f"{name}: {value}" for name, value in options.items())[:480] or SINGLE_VARIANT
            key = unique_key(key, used)
            sku = clean_line(without_text_mark(self._cell(cells, "sku")), 200)
            barcode = clean_line(without_text_mark(self._cell(cells, "barcode")), 100)
            record.variants.append(VariantRecord(key, sku, barcode, options, number))
            record.row_marks.append(("variant", key))
            variant_rows.append((key, cells))
        return variant_rows

    def _options(self, cells: list[str], names: list[str]) -> dict[str, str]:
        options = {}
        for n, name in enumerate(names, start=1):
            value = clean_line(self._cell(cells, f"option{n}_value"), 300)
            if value and not (value.casefold() == "default title" and name.casefold() in ("title", "")):
                options[name or f"Option {n}"] = value
        return options

    def _facts(
        self, record: ProductRecord, first: list[str], variant_rows: list[tuple[str, list[str]]]
    ) -> list[FactRecord]:
        facts = self._identity(record, first)
        if tags := ", ".join(tag for part in self._cell(first, "tags").split(",") if (tag := clean_line(part, 200))):
            facts.append(self._fact("tags", tags))
        for column in _SIMPLE_FACTS:
            if value := clean_line(without_text_mark(self._cell(first, column)), 200):
                facts.append(self._fact(column, value))
        for column, number, name, is_variant in self.metafields:
            for variant, cells in variant_rows if is_variant else [("", first)]:
                text, unit = (
                    shopify_columns.metafield_text(without_text_mark(cells[number].strip()))
                    if cells[number]
                    else ("", "")
                )
                if value := clean_text(text):
                    facts.append(FactRecord("attribute", name, value, clean_line(unit, 40), column, variant))
        for variant in record.variants:
            for name, value in variant.options.items():
                facts.append(FactRecord("attribute", name, value, "", "options", variant.key))
        for variant_key, cells in variant_rows:
            if weight := self._weight(cells):
                name = fact_name("weight", self.language)
                facts.append(FactRecord("attribute", name, weight[0], weight[1], "grams", variant_key))
        return facts

    def _identity(self, record: ProductRecord, first: list[str]) -> list[FactRecord]:
        facts = []
        if record.title:
            facts.append(self._fact("title", record.title, role="title"))
        if brand := clean_line(self._cell(first, "brand"), 200):
            facts.append(self._fact("brand", brand, role="brand"))
        kind = clean_line(self._cell(first, "type"), 200)
        branch = clean_line(self._cell(first, "category")).split(" > ")[-1].strip()[:200]
        if not branch and not _NUMERIC.fullmatch(google := clean_line(self._cell(first, "google_category"))):
            branch = google.split(" > ")[-1].strip()[:200]
        if kind or branch:
            facts.append(self._fact("category", kind or branch, role="category"))
        if kind and branch and kind.casefold() != branch.casefold():
            facts.append(FactRecord("attribute", fact_name("product_category", self.language), branch, "", "category"))
        return facts

    def _fact(self, column: str, value: str, role: str = "attribute") -> FactRecord:
        return FactRecord(role, fact_name(column, self.language), value, "", column)

    def _weight(self, cells: list[str]) -> tuple[str, str] | None:
        """(value, unit) in the unit that the shop displays; None for no weight."""
        try:
            grams = Decimal(without_text_mark(self._cell(cells, "grams")).replace(",", "."))
        except InvalidOperation:
            return None
        if not grams.is_finite() or grams <= 0 or grams > 10**9:
            return None
        unit = self._cell(cells, "weight_unit").lower()
        unit = unit if unit in _GRAMS_PER else "g"
        value = (grams / _GRAMS_PER[unit]).quantize(Decimal("0.001"))
        return (f"{value.normalize():f}", unit) if value else None
