"""Generated shops for benchmarks: products with facts of their own, made set by set. Import after `_system.prepare`."""

import hashlib
import random

from django.contrib.auth.models import User
from django.utils import timezone

from apps.drafts.models import Candidate, Draft
from apps.products.models import DescriptionDraft, Fact, Listing, Product, Shop
from apps.products.services.generation import insert_drafts

_KINDS = {
    "Kettles": [("Capacity", "{} l", 8, 30, 10), ("Power", "{} W", 900, 2400, 1), ("Cord", "{} cm", 60, 150, 1)],
    "Earbuds": [("Battery life", "{} h", 4, 40, 1), ("Weight", "{} g", 30, 90, 10), ("Bluetooth", "{}", 50, 54, 10)],
    "Tents": [
        ("Sleeps", "{} people", 1, 8, 1),
        ("Weight", "{} kg", 9, 80, 10),
        ("Water column", "{} mm", 800, 5000, 1),
    ],
    "Lamps": [("Brightness", "{} lm", 200, 2600, 1), ("Height", "{} cm", 20, 170, 1), ("Power", "{} W", 3, 40, 1)],
    "Mugs": [("Volume", "{} ml", 200, 600, 1), ("Height", "{} cm", 8, 14, 1), ("Weight", "{} g", 180, 520, 1)],
}
_MATERIALS = ["steel", "glass", "oak", "bamboo", "nylon", "aluminium", "stoneware", "cotton"]
_COLOURS = ["navy", "sand", "black", "olive", "rust", "white", "teal"]
_BRANDS = ["Auvio", "Norrland", "Pellin", "Kestrel", "Maruno", "Tavira"]


def make_user(name: str = "bench", *, is_superuser: bool = True) -> User:
    return User.objects.create_user(username=name, password="bench-pass-1", is_staff=True, is_superuser=is_superuser)


def make_shop(code: str = "bench") -> Shop:
    return Shop.objects.create(code=code, name="Bench", base_language="en", languages=["en"])


def make_products(count: int, *, shop: Shop, seed: int = 1, chunk: int = 5000) -> list[int]:
    """`count` products with five or six confirmed facts and a listing each; their ids in order."""
    rng, ids = random.Random(seed), []
    for start in range(0, count, chunk):
        numbers = range(start, min(count, start + chunk))
        kinds = [rng.choice(list(_KINDS)) for _ in numbers]
        products = Product.objects.bulk_create(
            Product(
                title=f"{rng.choice(_BRANDS)} {kind[:-1].lower()} {number:06d}",
                brand=rng.choice(_BRANDS),
                category=kind,
                facts_key=hashlib.sha256(str(number).encode()).hexdigest(),
            )
            for number, kind in zip(numbers, kinds, strict=True)
        )
        Fact.objects.bulk_create((fact for product in products for fact in _facts(product, rng)), batch_size=5000)
        Listing.objects.bulk_create(
            Listing(shop=shop, product=product, external_key=f"handle-{number}")
            for number, product in zip(numbers, products, strict=True)
        )
        ids += [product.pk for product in products]
    return ids


def _facts(product: Product, rng: random.Random):
    rows = [
        ("Title", product.title, "title"),
        ("Brand", product.brand, "brand"),
        ("Category", product.category, "category"),
    ]
    rows += [("Material", rng.choice(_MATERIALS), "attribute"), ("Colour", rng.choice(_COLOURS), "attribute")]
    for name, shape, low, high, divisor in _KINDS[product.category][: rng.randint(1, 3)]:
        number = rng.randint(low, high)
        value = f"{number / divisor:.1f}".removesuffix(".0") if divisor > 1 else str(number)
        rows.append((name, shape.format(value), "attribute"))
    for name, value, role in rows:
        yield Fact(
            product=product, name=name, value=value, role=role, language="en", canonical=value.lower(), source="import",
            status="confirmed", fingerprint=hashlib.sha256(f"{name}\0{value}".encode()).hexdigest(),
        )  # fmt: skip


def make_reviewed_drafts(product_ids: list[int], *, seed: int = 1, chunk: int = 5000) -> int:
    """Drafts in review with two candidates each, real rows in every table that the desk reads; returns how many."""
    rng, made = random.Random(seed), 0
    categories = dict(Product.objects.filter(pk__in=product_ids).values_list("pk", "category"))
    for start in range(0, len(product_ids), chunk):
        ids = product_ids[start : start + chunk]
        now = timezone.now()
        drafts = [
            DescriptionDraft(
                kind="description", subject_id=pk, product_id=pk, category=categories[pk], field="long_description",
                language="en", status="in_review", severity=rng.choice([0, 0, 0, 2, 3]), delivered_at=now,
                check_key="0" * 64, text=f"A thing for the home, number {pk}, made to be used every day for years.",
            )
            for pk in ids
        ]  # fmt: skip
        draft_ids = insert_drafts(drafts)
        Candidate.objects.bulk_create(
            Candidate(
                draft_id=pk, ordinal=ordinal, text=draft.text + " " * (ordinal - 1), seed=ordinal, tokens=20,
                finish_reason="stop", severity=draft.severity,
            )
            for pk, draft in zip(draft_ids, drafts, strict=True)
            for ordinal in (1, 2)
        )  # fmt: skip
        made += len(draft_ids)
    assert Draft.objects.filter(status="in_review").count() >= made
    return made
