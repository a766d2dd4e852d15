"""Any table with a header, through a column mapping that is proposed from the header and confirmed by a person."""

import re

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.imports.errors import ImportRefused
from apps.imports.registry import RowKey
from apps.products.cleaning import clean_line, clean_text, without_text_mark
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

NAME = "generic"
LABEL = gettext_lazy("Any table, with a column mapping")
KEY_LIMIT = 255
FACT, IGNORE = "fact", "ignore"
TARGETS = [
    (IGNORE, gettext_lazy("– leave out –")),
    ("key", gettext_lazy("Handle or id (rows with the same one are one product)")),
    ("sku", gettext_lazy("SKU")),
    ("title", gettext_lazy("Title")),
    ("brand", gettext_lazy("Brand")),
    ("category", gettext_lazy("Category")),
    ("tags", gettext_lazy("Tags")),
    ("barcode", gettext_lazy("Barcode")),
    ("status", gettext_lazy("Status")),
    ("image", gettext_lazy("Image address")),
    ("long_description", gettext_lazy("Long description, text or HTML")),
    ("mobile_description", gettext_lazy("Mobile description")),
    ("bullets", gettext_lazy("Bullets")),
    ("seo_title", gettext_lazy("SEO title")),
    ("seo_meta", gettext_lazy("SEO description")),
    ("image_alt", gettext_lazy("Image text")),
    (FACT, gettext_lazy("A fact, named as the column is")),
]
_SYNONYMS = {
    "key": "handle, url handle, url key, slug, id, product id, item group id, parent sku, parent, style, style code, 货号, 款号, "
    "商品编号, 商品id, 产品编号, 编号, spu",
    "sku": "sku, variant sku, sku code, article, article number, item number, item no, artikelnummer, seller sku, sku编码, 规格编码",
    "title": "title, name, product name, product title, item name, product, titel, bezeichnung, 标题, 商品标题, 商品名称, 产品名称, "
    "名称, 品名, 宝贝标题",
    "brand": "brand, vendor, manufacturer, marke, hersteller, brand name, 品牌, 厂商, 制造商",
    "category": "category, product category, type, product type, categories, kategorie, google product category, 类别, 分类, 类目, "
    "商品分类, 品类",
    "tags": "tags, keywords, labels, 标签, 关键词",
    "barcode": "barcode, ean, gtin, upc, isbn, 条码, 条形码",
    "status": "status, state, 状态",
    "image": "image, image url, image src, image link, picture, photo, images, base image, 图片, 主图, 图片链接, 图片地址",
    "long_description": "description, body, body html, long description, product description, details, text, beschreibung, 描述, "
    "商品描述, 详情, 商品详情, 产品描述, 介绍",
    "mobile_description": "short description, mobile description, summary, 短描述, 手机描述, 简介",
    "bullets": "bullets, bullet points, highlights, features, 卖点, 商品卖点",
    "seo_title": "seo title, meta title, 页面标题, seo标题",
    "seo_meta": "seo description, meta description, seo meta, seo描述, 页面描述",
    "image_alt": "image alt, alt text, image alt text, image text, 图片描述",
}
_BY_NAME = {name.strip(): target for target, names in _SYNONYMS.items() for name in names.split(",")}
# Trade, stock and bookkeeping: no shopper's fact.
_NO_FACT = re.compile(
    r"\b(price|cost|stock|qty|quantity|inventory|tax|created|updated|visibility|date|url|link|published|position|currency|"
    r"availability|store|website|config)\b|价|库存|成本|税|日期|时间|链接"
)


def propose(header: list[str]) -> dict[str, str]:
    """Column number (as text) -> target; each target but `fact` and `ignore` is used once."""
    mapping, used = {}, set()
    for number, cell in enumerate(header):
        name = re.sub(r"[_\-.:/()]+", " ", normal_header(cell))
        name = " ".join(name.split())
        target = _BY_NAME.get(name, "")
        if not target or target in used:
            target = IGNORE if target or _NO_FACT.search(name) or not name or name.startswith("column ") else FACT
        used.add(target)
        mapping[str(number)] = target
    return mapping


def check_mapping(header: list[str], mapping: dict[str, str]) -> None:
    """Raise ImportRefused for a mapping that makes no product."""
    targets = [target for target in mapping.values() if target not in (FACT, IGNORE)]
    labels = dict(TARGETS)
    for target in targets:
        if target not in labels:
            raise ImportRefused("mapping", _("No column can become %(target)s.") % {"target": target})
        if targets.count(target) > 1:
            message = _("Two columns are mapped to %(target)s. Keep one of them.")
            raise ImportRefused("mapping", message % {"target": labels[target]})
    if any(not number.isdigit() or int(number) >= len(header) for number in mapping):
        raise ImportRefused("mapping", _("The mapping names a column that the file does not have."))
    if not {"key", "sku", "title"} & set(targets):
        raise ImportRefused("mapping", _("Map one column to the title, and one to the handle, id or SKU."))


class GenericTable:
    """The dialect bound to a header and a confirmed mapping; see base.TableDialect."""

    name = NAME

    def __init__(self, header: list[str], mapping: dict[str, str], language: str):
        self.at = {target: int(number) for number, target in mapping.items() if target not in (FACT, IGNORE)}
        self.columns = column_ids(header, self.at)
        self.language = language
        self.facts = [
            (int(number), clean_line(header[int(number)], 200)) for number, target in mapping.items() if target == FACT
        ]
        self.fact_columns = {"title", "brand", "category", "tags"} & set(self.at)
        self.variant_fact_columns = {self.columns[number] for number, _name in self.facts}
        self.fact_columns |= self.variant_fact_columns

    def row_key(self, cells: list[str]) -> RowKey:
        if not any(cell.strip() for cell in cells):
            return RowKey("", "blank", _("All cells of the row are empty."), is_ignored=True)
        key = (
            self._cell(cells, "key")
            or self._cell(cells, "sku")
            or slugify(self._cell(cells, "title"), allow_unicode=True)
        )
        key = clean_line(without_text_mark(key), KEY_LIMIT + 1)
        if not key:
            return RowKey(
                "", "no_handle", _("The row has neither a handle, an id, a SKU nor a title. Fill in one of them.")
            )
        if len(key) > KEY_LIMIT:
            return RowKey("", "long_handle", _("The handle is longer than 255 characters. Shorten it."))
        return RowKey(key)

    def parse(self, key: str, rows: list[list[str]]) -> ProductRecord:
        record = ProductRecord(key=key)
        record.title = clean_line(self._first(rows, "title"), 500) if "title" in self.at else None
        record.status = clean_line(self._first(rows, "status"), 20).lower() if "status" in self.at else None
        if "image" in self.at:
            record.image_url = clean_line(self._first(rows, "image").split(",")[0], 1000)
        record.copy = {name: self._first_raw(rows, name) for name in COPY_FIELDS if name in self.at}
        self._read_variants(record, rows)
        record.facts = collapse(self._facts(record, rows), record.variants)
        return record

    def _cell(self, cells: list[str], column: str) -> str:
        return cells[self.at[column]].strip() if column in self.at else ""

    def _first(self, rows: list[list[str]], column: str) -> str:
        return self._first_raw(rows, column).strip()

    def _first_raw(self, rows: list[list[str]], column: str) -> str:
        if column not in self.at:
            return ""
        return next((cells[self.at[column]] for cells in rows if cells[self.at[column]].strip()), "")

    def _read_variants(self, record: ProductRecord, rows: list[list[str]]) -> None:
        used: dict[str, int] = {}
        for number, cells in enumerate(rows):
            sku = clean_line(without_text_mark(self._cell(cells, "sku")), 200)
            key = unique_key(sku or SINGLE_VARIANT, used)
            barcode = clean_line(without_text_mark(self._cell(cells, "barcode")), 100)
            record.variants.append(VariantRecord(key, sku, barcode, {}, number))
            record.row_marks.append(("variant", key))

    def _facts(self, record: ProductRecord, rows: list[list[str]]) -> list[FactRecord]:
        facts = (
            [FactRecord("title", fact_name("title", self.language), record.title, "", "title")] if record.title else []
        )
        for role in ("brand", "category"):
            if value := clean_line(self._first(rows, role), 200):
                value = value.split(" > ")[-1].strip() if role == "category" else value
                facts.append(FactRecord(role, fact_name(role, self.language), value, "", role))
        tags = [clean_line(tag, 200) for tag in re.split(r"[,;|，、]", self._first(rows, "tags"))]
        if tags := ", ".join(tag for tag in tags if tag):
            facts.append(FactRecord("attribute", fact_name("tags", self.language), tags, "", "tags"))
        for number, name in self.facts:
            for variant in record.variants:
                if value := clean_text(without_text_mark(rows[variant.row][number].strip())):
                    facts.append(FactRecord("attribute", name, value, "", self.columns[number], variant.key))
        return facts
