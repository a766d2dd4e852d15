"""The dialects of product tables: recognising one, and binding it to a header."""

from apps.products.dialects import generic, shopify
from apps.products.dialects.base import TableDialect

NAMES = {shopify.NAME: shopify.LABEL, generic.NAME: generic.LABEL}
# Dialects that DESIGN names and that cannot be read yet.
PLANNED = ("woocommerce", "google", "magento")


def recognise(header: list[str]) -> str:
    return shopify.NAME if shopify.recognise(header) else ""


def propose(dialect: str, header: list[str]) -> dict:
    return shopify.propose(header) if dialect == shopify.NAME else generic.propose(header)


def bind(dialect: str, header: list[str], mapping: dict, language: str) -> TableDialect:
    """The table reader of a dialect; `language` is that of the texts in the file."""
    table = shopify.ShopifyTable if dialect == shopify.NAME else generic.GenericTable
    return table(header, mapping, language)
