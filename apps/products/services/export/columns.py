"""The columns of Shopify's two product templates that an export reads or writes, by the column ids of the dialects."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from apps.drafts.models import Field
from apps.products.dialects import shopify
from apps.products.dialects.base import normal_header


@dataclass(frozen=True)
class Template:
    """`columns` maps a column id to its header."""

    name: str
    columns: dict[str, str] = field(hash=False)

    def header(self, ids: Iterable[str]) -> list[str]:
        return [self.columns[name] for name in ids]


OLD = Template(
    "old",
    {
        "key": "Handle",
        "title": "Title",
        Field.LONG_DESCRIPTION: "Body (HTML)",
        Field.SEO_TITLE: "SEO Title",
        Field.SEO_META: "SEO Description",
        "image": "Image Src",
        "image_position": "Image Position",
        Field.IMAGE_ALT: "Image Alt Text",
    },
)
NEW = Template(
    "new",
    {
        "key": "URL handle",
        "title": "Title",
        Field.LONG_DESCRIPTION: "Description",
        Field.SEO_TITLE: "SEO title",
        Field.SEO_META: "SEO description",
        "image": "Product image URL",
        "image_position": "Image position",
        Field.IMAGE_ALT: "Image alt text",
    },
)
_ONLY_NEW = {normal_header(NEW.columns[name]) for name in ("key", "image")}
# What both templates carry, in the order of their columns; an image text stands in the row of its image.
ROW_FIELDS = (Field.LONG_DESCRIPTION, Field.SEO_TITLE, Field.SEO_META)
IMAGE_COLUMNS = ("image", "image_position", Field.IMAGE_ALT)
CARRIED_FIELDS = frozenset({*ROW_FIELDS, Field.IMAGE_ALT})


@dataclass(frozen=True)
class Layout:
    """Where the columns stand in a file that was imported, found as the import found them."""

    header: tuple[str, ...]

    @cached_property
    def _places(self) -> dict[str, int]:
        return shopify.propose(list(self.header))

    @cached_property
    def template(self) -> Template:
        return NEW if _ONLY_NEW & {normal_header(cell) for cell in self.header} else OLD

    @cached_property
    def fields(self) -> frozenset[str]:
        """The copy that the file has columns for; an image text counts only beside the image's address."""
        known = CARRIED_FIELDS & self._places.keys()
        return known if "image" in self._places else known - {Field.IMAGE_ALT}

    def place(self, name: str) -> int:
        return self._places[name]

    def cell(self, cells: list[str], name: str) -> str:
        """The cell as it came; blank where the column or, in a ragged row, the cell is missing."""
        place = self._places.get(name)
        return cells[place] if place is not None and place < len(cells) else ""
