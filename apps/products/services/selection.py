"""Which products a person means: a selection, an upload, a filter, or all."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.imports.models import Import
from apps.products.models import Listing, ListingRow, Product
from apps.products.services.generation import counted

MAX_IDS = 5000


@dataclass(frozen=True)
class Selection:
    """`ids`: a selection; `upload_id`: what an import brought; the rest narrow the whole catalogue."""

    ids: tuple[int, ...] = ()
    upload_id: int | None = None
    shop: str = ""
    category: str = ""
    words: str = ""
    # "none" or "live", as the product list's filter has it.
    text: str = ""

    @classmethod
    def from_query(cls, query) -> "Selection":
        """From a request's GET or POST; what is no number is ignored."""
        ids = tuple(int(part) for part in query.get("ids", "").split(",") if part.isdecimal())[:MAX_IDS]
        upload = query.get("import", "")
        return cls(
            ids=ids, upload_id=int(upload) if upload.isdecimal() else None, shop=query.get("shop", ""),
            category=query.get("category", ""), words=query.get("q", ""), text=query.get("text", ""),
        )  # fmt: skip

    def as_query(self) -> str:
        pairs = {
            "ids": ",".join(map(str, self.ids)), "import": self.upload_id or "", "shop": self.shop,
            "category": self.category, "q": self.words, "text": self.text,
        }  # fmt: skip
        return urlencode({name: value for name, value in pairs.items() if value})

    def products(self):
        products = Product.objects.order_by("category", "pk")
        if self.ids:
            return products.filter(pk__in=self.ids)
        if self.upload_id:
            listings = ListingRow.objects.filter(table__upload=self.upload_id).values("listing")
            products = products.filter(pk__in=Listing.objects.filter(pk__in=listings).values("product"))
        if self.shop:
            products = products.filter(listings__shop__code=self.shop)
        if self.category:
            products = products.filter(category=self.category)
        if self.text == "none":
            products = products.without_text()
        elif self.text == "live":
            products = products.with_text()
        return products.matching(self.words) if self.words else products

    def title(self, count: int) -> Wording:
        """What the job will be called."""
        number = counted(count)
        if self.upload_id:
            name = Import.objects.filter(pk=self.upload_id).values_list("original_name", flat=True).first()
            return Wording(_("Copy for %(products)s of %(file)s"), products=number, file=name or self.upload_id)
        what = self.words or self.category or self.shop
        if what and not self.ids:
            return Wording(_("Copy for %(products)s: %(what)s"), products=number, what=what)
        return Wording(_("Copy for %(products)s"), products=number)
