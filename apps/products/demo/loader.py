"""Loading the demo shops through the same services as an operator's uploads."""

import hashlib
from collections import Counter

from django.utils.translation import gettext as _

from apps.drafts.models import BannedWord
from apps.imports.errors import ImportRefused
from apps.imports.models import Import
from apps.imports.services import running, uploading
from apps.products.demo.catalogue import TEXT_KEYS, load, shop_csv, sold_in
from apps.products.models import Product, Shop
from apps.products.services.generation import request_copy


def load_demo(*, user=None) -> dict:
    """Set up the demo shops and ask the model for the first drafts; a second call changes nothing.

    Returns counts: `shops`, `created` and `updated` products (over all files), `banned_words`, `requested` drafts.
    Raises ImportRefused where a file cannot be stored.
    """
    catalogue = load()
    shops = sum(_make_shop(shop) for shop in catalogue["shops"])
    figures = Counter()
    for shop, language, products in _files(catalogue):
        content = shop_csv(products=products, kinds=catalogue["kinds"], shop=shop, language=language)
        figures += _import_once(user, f"demo-{shop['code']}-{language}.csv", content, shop["code"], language)
    return {
        "shops": shops,
        "created": figures["products_created"],
        "updated": figures["products_updated"],
        "banned_words": sum(_ban(user, word) for word in catalogue["banned_words"]),
        "requested": _request(user, catalogue["request"]) if figures["products_created"] else 0,
    }


def _make_shop(shop: dict) -> bool:
    values = {name: value for name, value in shop.items() if name != "code"}
    return Shop.objects.get_or_create(code=shop["code"], defaults=values)[1]


def _files(catalogue: dict):
    """(shop, language, products) of each file: every shop in its own language first, then what has facts in only one.

    A product of both shops has its facts in both languages already; a second file in the shop's other language would
    state them twice.
    """
    shops = catalogue["shops"]
    for shop in shops:
        yield shop, shop["base_language"], sold_in(catalogue, shop)
    for shop in shops:
        only_here = [product for product in sold_in(catalogue, shop) if len(product["shops"]) == 1]
        for language in TEXT_KEYS:
            if language != shop["base_language"]:
                yield shop, language, only_here


def _import_once(user, name: str, content: bytes, shop: str, language: str) -> Counter:
    """The figures of the import; none where this very file was imported before, so that operators' changes stay."""
    done = Import.objects.filter(kind="products", state=Import.State.DONE, params__shop=shop)
    if done.filter(sha256=hashlib.sha256(content).hexdigest()).exists():
        return Counter()
    upload = uploading.upload_file(
        user=user,
        kind="products",
        name=name,
        blocks=[content],
        params={"shop": shop, "new_shop": False, "language": language},
        dialect="shopify",
    )
    running.start_staging(user=user, upload=upload)
    _finish(upload)
    running.confirm(user=user, upload=upload)
    _finish(upload)
    return Counter(upload.counts.get("result", {}))


def _finish(upload: Import) -> None:
    """Advance here, without a worker, until the upload rests."""
    while running.advance(upload.pk, waits=True):
        pass
    upload.refresh_from_db()
    if upload.state not in (Import.State.STAGED, Import.State.DONE):
        raise ImportRefused("stopped", upload.message or _("The import was cancelled."))


def _ban(user, word: dict) -> bool:
    place = {"word__iexact": word["word"], "language": word["language"]}
    return BannedWord.objects.get_or_create(**place, defaults=word | {"created_by": user})[1]


def _request(user, wanted: dict) -> int:
    products = Product.objects.filter(listings__shop__code="web", listings__external_key__in=wanted["handles"])
    outcome = request_copy(
        user=user,
        product_ids=list(products.order_by("pk").values_list("pk", flat=True)),
        fields=wanted["fields"],
        languages=wanted["languages"],
    )
    return outcome.requested
