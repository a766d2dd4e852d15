"""What the variants' facts say of the product as a whole."""

from collections.abc import Sequence
from dataclasses import replace

from apps.drafts.registry import FactView

MAX_LISTED_VALUES = 12
# Whose values are kept apart; a text about more variants names none of them with all its values.
MAX_VARIANTS = 100


def merge(group: Sequence[FactView], variant_count: int) -> FactView | None:
    """One fact of the parent from the facts of the same name, unit and language that its variants have, a fact each, in
    the order of the variants.

    All share one value: that value. Numbers: their range. Else a list; range and list keep the values as `choices`,
    and `by_variant` says which variant has which. None where only some of the variants say it at all.
    """
    values = list(dict.fromkeys(fact.value for fact in group))
    if len(values) == 1:
        return group[0] if len(group) >= variant_count else None
    numbers = _numbers(values)
    if numbers and group[0].unit:
        value = f"{values[numbers.index(min(numbers))]}–{values[numbers.index(max(numbers))]}"
    else:
        value = ", ".join(values[:MAX_LISTED_VALUES])
    is_whole = len(group) == variant_count <= MAX_VARIANTS
    by_variant = tuple(fact.value for fact in group) if is_whole else ()
    return replace(group[0], value=value, id=0, choices=tuple(values[:MAX_LISTED_VALUES]), by_variant=by_variant)


def _numbers(values: list[str]) -> list[float]:
    try:
        return [float(value.replace(",", ".")) for value in values]
    except ValueError:
        return []
