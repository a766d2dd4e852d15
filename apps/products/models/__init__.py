from apps.products.models.audit import AuditRun, ChangedProduct, EndedException, LiveFinding, LiveText, RulesSeen
from apps.products.models.catalogue import (
    DescriptionDraft,
    Fact,
    Listing,
    ListingRow,
    Product,
    PublishedCopy,
    Shop,
    SourceTable,
    Variant,
)

__all__ = [
    "AuditRun", "ChangedProduct", "DescriptionDraft", "EndedException", "Fact", "Listing", "ListingRow", "LiveFinding",
    "LiveText", "Product", "PublishedCopy", "RulesSeen", "Shop", "SourceTable", "Variant",
]  # fmt: skip
