"""What the variants' facts say of the product as a whole."""

from collections.abc import Sequence
from dataclasses import replace

from apps.drafts.registry import FactView

MAX_LISTED_VALUES = 12


def merge(group: Sequence[FactView], variant_count: int) -> FactView | None:
    """One fact of the parent from the facts of the same name, unit and language that its variants have.

    All share one value: that value. Numbers: their range. Else a list; range and list keep the values as `choices`.
    None where only some of the variants say it at all.
    """
    values = list(dict.fromkeys(fact.value for fact in group))
    if len(values) == 1:
        return group[0] if len(group) >= variant_count else None
    numbers = _numbers(values)
    if numbers and group[0].unit:
        value = f"{values[numbers.index(min(numbers))]}–{values[numbers.index(max(numbers))]}"
    else:
        value = ", ".join(values[:MAX_LISTED_VALUES])
    return replace(group[0], value=value, id=0, choices=tuple(values[:MAX_LISTED_VALUES]))


def _numbers(values: list[str]) -> list[float]:
    try:
        return [float(value.replace(",", ".")) for value in values]
    except ValueError:
        return []
