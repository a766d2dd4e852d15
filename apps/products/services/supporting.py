"""Which facts may support a text: confirmed, in the right language, and for a parent only what all variants share."""

from collections.abc import Iterable

from apps.drafts.evidence.variants import merge
from apps.drafts.registry import FactView
from apps.products.models import Fact


def view(fact: Fact) -> FactView:
    return FactView(
        name=fact.name, value=fact.value, unit=fact.unit, language=fact.language, role=fact.role, id=fact.pk,
        status=fact.status, source=fact.source, source_note=fact.source_note,
    )  # fmt: skip


def supporting_facts(facts: Iterable[Fact], variant_count: int) -> tuple[FactView, ...]:
    """What copy of the parent may state: its own confirmed facts, and of its variants' what all share, a range, or the
    list of what there is to choose from."""
    confirmed = [fact for fact in facts if fact.status == Fact.Status.CONFIRMED]
    own = [view(fact) for fact in confirmed if fact.variant_id is None]
    groups: dict[tuple[str, str, str], list[FactView]] = {}
    # In the order of the variants, so that the values of different facts stand side by side.
    for fact in sorted((fact for fact in confirmed if fact.variant_id), key=lambda fact: fact.variant_id):
        groups.setdefault((fact.language, fact.name, fact.unit), []).append(view(fact))
    taken = {(fact.language, fact.name.casefold()) for fact in own}
    merged = [merge(group, variant_count) for key, group in groups.items() if (key[0], key[1].casefold()) not in taken]
    return tuple(dict.fromkeys([*own, *(fact for fact in merged if fact)]))


def in_language(facts: tuple[FactView, ...], language: str, base: str) -> tuple[FactView, ...]:
    """The facts to write from: those in the language, else those in the shop's base language, else all."""
    for wanted in (language, base):
        chosen = tuple(fact for fact in facts if fact.language.lower() == wanted.lower())
        if any(fact.role == "attribute" for fact in chosen):
            return chosen
    return facts
