"""Rows for tests, each with what it needs and nothing else."""

import itertools
import uuid

from django.contrib.auth.models import Group, User
from django.db import transaction

from apps.drafts.generation import DraftHandler, Order, deliveries
from apps.drafts.models import Draft
from apps.llm.models import ModelVersion
from apps.products.models import DescriptionDraft, Fact, Listing, Product, Shop, Variant

_numbers = itertools.count(1)
GOOD_TEXT = (
    "A kettle made of steel that holds 1.7 l. It suits a small kitchen as well as a large one, and is from Auvio."
)


def user(role: str = "manager", **fields) -> User:
    fields = {"username": f"{role}-{next(_numbers)}", "is_staff": True} | fields
    made = User.objects.create_user(**fields)
    if role:
        made.groups.add(Group.objects.get(name=role))
    return made


def shop(**fields) -> Shop:
    number = next(_numbers)
    return Shop.objects.create(**{"code": f"shop-{number}", "name": f"Shop {number}", "languages": ["en"]} | fields)


def product(*, in_shop: Shop | None = None, facts: dict[str, str] | None = None, **fields) -> Product:
    number = next(_numbers)
    made = Product.objects.create(
        **{"title": f"Kestrel {number} kettle", "brand": "Auvio", "category": "Kettles", "facts_key": uuid.uuid4().hex}
        | fields
    )
    add_fact(made, "Title", made.title, role="title")
    if made.brand:
        add_fact(made, "Brand", made.brand, role="brand")
    for name, value in (facts or {"Capacity": "1.7 l", "Material": "steel"}).items():
        add_fact(made, name, value)
    if in_shop is not None:
        listing(made, in_shop)
    return made


def listing(of: Product, in_shop: Shop, **fields) -> Listing:
    return Listing.objects.create(
        **{"product": of, "shop": in_shop, "external_key": f"handle-{next(_numbers)}"} | fields
    )


def variant(of: Product, **fields) -> Variant:
    number = next(_numbers)
    return Variant.objects.create(**{"product": of, "key": f"k{number}", "sku": f"SKU-{number}"} | fields)


def add_fact(of: Product, name: str, value: str, **fields) -> Fact:
    fields = {"language": "en", "source": "import", "status": "confirmed", "unit": ""} | fields
    return Fact.objects.create(
        product=of, name=name, value=value, canonical=value.casefold(), fingerprint=uuid.uuid4().hex, **fields
    )


def draft(of: Product, **fields) -> DescriptionDraft:
    fields = {"field": "long_description", "language": "en", "category": of.category} | fields
    return DescriptionDraft.objects.create(kind="description", subject_id=of.pk, product=of, **fields)


def model_version(**fields) -> ModelVersion:
    fields = {"name": "recording", "source": "recording", "fingerprint": uuid.uuid4().hex} | fields
    return ModelVersion.objects.create(**fields)


def delivered(of: Product, *texts: str, **fields) -> Draft:
    """A draft in review whose candidates are these texts, checked and stored by the product's own code."""
    from apps.drafts.registry import provider_of
    from apps.llm import prompts
    from apps.llm.backends.base import Completion, GenerateRequest

    texts = texts or (GOOD_TEXT,)
    made = draft(of, **fields)
    parent = Draft.objects.get(pk=made.pk)
    context = provider_of("description").prompt_contexts([made.pk])[made.pk]
    prompt = prompts.render(task="description", language=made.language, style="plain", context=context)
    seeds = tuple(range(len(texts)))
    check = provider_of("description").check_contexts([parent])[made.pk]
    order = Order(parent, model_version(), 1, prompt, GenerateRequest(prompt=prompt, n=len(texts), seeds=seeds), check)
    completions = [Completion(text, 12, "stop", seed) for text, seed in zip(texts, seeds, strict=True)]
    with transaction.atomic():
        DraftHandler().store(deliveries({made.pk: (order, tuple(completions))}))
    return Draft.objects.get(pk=made.pk)
