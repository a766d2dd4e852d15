"""The columns of Shopify's two product templates that an export reads or writes."""

from dataclasses import dataclass, field
from functools import cached_property

from apps.drafts.models import Field


@dataclass(frozen=True)
class Template:
    """`copy` maps a field id to the column that carries it. What is not in it, Shopify's file can't carry."""

    name: str
    handle: str
    title: str
    image: str
    image_position: str
    copy: dict[str, str] = field(hash=False)


OLD = Template(
    name="old",
    handle="Handle",
    title="Title",
    image="Image Src",
    image_position="Image Position",
    copy={
        Field.LONG_DESCRIPTION: "Body (HTML)",
        Field.SEO_TITLE: "SEO Title",
        Field.SEO_META: "SEO Description",
        Field.IMAGE_ALT: "Image Alt Text",
    },
)
NEW = Template(
    name="new",
    handle="URL handle",
    title="Title",
    image="Product image URL",
    image_position="Image position",
    copy={
        Field.LONG_DESCRIPTION: "Description",
        Field.SEO_TITLE: "SEO title",
        Field.SEO_META: "SEO description",
        Field.IMAGE_ALT: "Image alt text",
    },
)
# Both templates carry the same fields.
CARRIED_FIELDS = frozenset(OLD.copy)


def _plain(header: str) -> str:
    return header.strip().casefold()


@dataclass(frozen=True)
class Layout:
    """Where the columns stand in a file that was imported; padding and case of its headers do not matter."""

    header: tuple[str, ...]

    @cached_property
    def _places(self) -> dict[str, int]:
        places: dict[str, int] = {}
        for place, header in enumerate(self.header):
            places.setdefault(_plain(header), place)
        return places

    @cached_property
    def template(self) -> Template:
        return NEW if _plain(NEW.handle) in self._places else OLD

    def place(self, header: str) -> int | None:
        return self._places.get(_plain(header))

    @property
    def title(self) -> int | None:
        return self.place(self.template.title)

    @property
    def image(self) -> int | None:
        return self.place(self.template.image)

    def of_field(self, name: str) -> int | None:
        """The place of the field's column; an image text without the image's address can't be carried."""
        if name not in CARRIED_FIELDS or (name == Field.IMAGE_ALT and self.image is None):
            return None
        return self.place(self.template.copy[name])

    def cell(self, cells: list[str], header: str) -> str:
        """The cell as it came; blank where the column or, in a ragged row, the cell is missing."""
        place = self.place(header)
        return cells[place] if place is not None and place < len(cells) else ""
