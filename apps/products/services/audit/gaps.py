"""What is missing in the shops: texts by field and language, and facts that products of a category usually have."""

from django.db import connection
from django.db.models import Count

from apps.core import languages
from apps.products.models import Listing, LiveText, Shop

# Among fewer products nothing is usual.
FEWEST = 5
USUAL_SHARE = 0.8
MOST = 40
_FACTS = """
WITH sold AS (
    SELECT p.id, p.category FROM products_product p
    WHERE p.category <> '' AND EXISTS (
        SELECT FROM products_listing l
        WHERE l.product_id = p.id AND (%(shop)s::bigint IS NULL OR l.shop_id = %(shop)s::bigint)
    )
), sizes AS (SELECT category, count(*) AS total FROM sold GROUP BY category HAVING count(*) >= %(fewest)s),
named AS (
    SELECT s.category, f.language, min(f.name) AS name, count(DISTINCT f.product_id) AS known
    FROM products_fact f JOIN sold s ON s.id = f.product_id
    WHERE f.status = 'confirmed' AND f.role = 'attribute' GROUP BY s.category, f.language, lower(f.name)
)
SELECT named.category, named.name, named.language, total - known, total FROM named JOIN sizes USING (category)
WHERE known < total AND known >= %(share)s * total ORDER BY total - known DESC, named.category, named.name LIMIT %(most)s
"""


def gaps_of(shop_id: int | None) -> dict[str, list[dict]]:
    """`texts`: shop, field, language, missing, total (listings); `facts`: category, name, language, missing, total.

    Every shop wants a long description in its own language, and in each of its languages whatever some listing has
    in one of them.
    """
    return {"texts": _texts(shop_id), "facts": _facts(shop_id)}


def _texts(shop_id: int | None) -> list[dict]:
    shops = Shop.objects.filter(pk=shop_id) if shop_id else Shop.objects.all()
    totals = dict(Listing.objects.order_by().values_list("shop").annotate(Count("pk")))
    rows = LiveText.objects.order_by().values_list("shop", "field", "language")
    counted = {tuple(row[:3]): row[3] for row in rows.annotate(Count("listing", distinct=True))}
    found = []
    for shop in shops.order_by("name"):
        total = totals.get(shop.pk, 0)
        fields = dict.fromkeys(["long_description", *(field for pk, field, _tag in counted if pk == shop.pk)])
        for field in fields:
            for tag in dict.fromkeys([shop.base_language, *shop.languages]):
                missing = total - counted.get((shop.pk, field, languages.normalize(tag)), 0)
                if missing > 0:
                    found.append(
                        {"shop": shop.name, "field": field, "language": tag, "missing": missing, "total": total}
                    )
    return sorted(found, key=lambda row: -row["missing"])[:MOST]


def _facts(shop_id: int | None) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"shop": shop_id, "fewest": FEWEST, "share": USUAL_SHARE, "most": MOST})
        names = ("category", "name", "language", "missing", "total")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
