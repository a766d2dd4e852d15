"""What people say of a product. A proposed fact supports no text until someone with that right confirms it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core.languages import normalize
from apps.core.services import record_event
from apps.drafts.services.errors import Refused, not_allowed
from apps.products.cleaning import clean_line
from apps.products.models import Fact, Product
from apps.products.services.audit.changes import note_gone
from apps.products.services.facts import canonical, fact_fingerprint, refresh_product

CONFIRM, PROPOSE = "products.confirm_fact", "products.add_fact"
VALUE_LIMIT, NOTE_LIMIT = 2_000, 300


@transaction.atomic
def propose_fact(
    *, user, product_id: int, name: str, value: str, unit: str = "", language: str, variant_id: int | None = None,
    role: str = Fact.Role.ATTRIBUTE, source_note: str = "",
) -> Fact:  # fmt: skip
    """A new fact that supports nothing yet. `source_note` says where it comes from: a data sheet's page, an address.

    Raises Refused for an empty or known one.
    """
    _require(user, PROPOSE)
    product = _product(product_id)
    if variant_id is not None and not product.variants.filter(pk=variant_id).exists():
        raise Refused("invalid", _("This product has no such variant."))
    fact = Fact(product=product, variant_id=variant_id, role=role, name=clean_line(name, 200))
    _fill(fact, value, unit, language)
    fact.source, fact.status, fact.proposed_by = Fact.Source.PERSON, Fact.Status.PROPOSED, user
    fact.source_note = clean_line(source_note, NOTE_LIMIT)
    _save(fact)
    _record(user, "propose_fact", fact, **({"where_from": fact.source_note} if fact.source_note else {}))
    return fact


@transaction.atomic
def confirm_fact(*, user, fact_id: int) -> Fact:
    """Proposed -> confirmed; drafts and published texts of the product learn of it."""
    _require(user, CONFIRM)
    fact = _move(fact_id, Fact.Status.PROPOSED, Fact.Status.CONFIRMED, confirmed_by=user)
    refresh_product([fact.product_id])
    _record(user, "confirm_fact", fact)
    return fact


@transaction.atomic
def set_aside_fact(*, user, fact_id: int) -> Fact:
    """Confirmed -> proposed: the fact stays to be seen, and supports nothing."""
    _require(user, CONFIRM)
    fact = _move(fact_id, Fact.Status.CONFIRMED, Fact.Status.PROPOSED, confirmed_by=None)
    note_gone([fact])
    refresh_product([fact.product_id])
    _record(user, "set_aside_fact", fact)
    return fact


@transaction.atomic
def remove_fact(*, user, fact_id: int) -> Fact:
    """Delete a proposed fact. One that an import brought would come back with the next, so it can only be set aside."""
    fact = _locked(fact_id)
    if not user.has_perm(CONFIRM) and fact.proposed_by_id != user.pk:
        raise not_allowed()
    if fact.source == Fact.Source.IMPORT or fact.status != Fact.Status.PROPOSED:
        raise Refused("invalid", _("Only a proposed fact that no import brought can be removed."))
    _record(user, "remove_fact", fact)
    fact.delete()
    return fact


@transaction.atomic
def change_fact(*, user, fact_id: int, value: str, unit: str = "") -> Fact:
    """A person's own fact takes the place of another: an imported one is set aside, a person's one goes."""
    _require(user, CONFIRM)
    old = _locked(fact_id)
    new = Fact(product_id=old.product_id, variant_id=old.variant_id, role=old.role, name=old.name)
    _fill(new, value, unit, old.language)
    if new.canonical == old.canonical and old.source == Fact.Source.PERSON:
        raise Refused("invalid", _("The fact says this already."))
    new.source, new.status = Fact.Source.PERSON, Fact.Status.CONFIRMED
    new.proposed_by = new.confirmed_by = user
    if old.status == Fact.Status.CONFIRMED:
        note_gone([old])
    if old.source == Fact.Source.IMPORT:
        Fact.objects.filter(pk=old.pk).update(status=Fact.Status.PROPOSED, confirmed_by=None)
    else:
        Fact.objects.filter(pk=old.pk).delete()
    _save(new)
    refresh_product([new.product_id])
    _record(user, "change_fact", new, was=str(old))
    return new


def fact_gone() -> Refused:
    return Refused("gone", _("This fact no longer exists; an import may have replaced it."))


def _require(user, permission: str) -> None:
    if not user.has_perm(permission):
        raise not_allowed()


def _product(product_id: int) -> Product:
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise Refused("gone", _("This product no longer exists."))
    return product


def _locked(fact_id: int) -> Fact:
    fact = Fact.objects.select_for_update().filter(pk=fact_id).first()
    if fact is None:
        raise fact_gone()
    return fact


def _move(fact_id: int, source: str, target: str, **values) -> Fact:
    moved = Fact.objects.filter(pk=fact_id, status=source).update(status=target, **values)
    fact = _locked(fact_id)
    if not moved:
        raise Refused("stale", _("Someone was faster: this fact is now “%s”.") % fact.get_status_display())
    return fact


def _fill(fact: Fact, value: str, unit: str, language: str) -> None:
    fact.value, fact.unit = clean_line(value, VALUE_LIMIT), clean_line(unit, 40)
    if not fact.name or not fact.value:
        raise Refused("invalid", _("A fact needs a name and a value."))
    try:
        fact.language = normalize(language)
    except ValueError as error:
        raise Refused("invalid", str(error)) from None
    fact.canonical = canonical(fact.value, fact.unit)
    fact.fingerprint = fact_fingerprint(
        role=fact.role, name=fact.name, canonical_value=fact.canonical, language=fact.language
    )


def _save(fact: Fact) -> None:
    try:
        with transaction.atomic():
            fact.save()
    except IntegrityError:
        raise Refused("invalid", _("A person has stated this fact before.")) from None


def _record(user, verb: str, fact: Fact, **data) -> None:
    record_event(user=user, verb=verb, kind="product", subject_id=fact.product_id, fact=fact.pk, says=str(fact), **data)
