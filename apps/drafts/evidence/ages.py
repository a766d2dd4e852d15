"""Age groups that a range of ages holds: “3-7 years” is for children and preschoolers, not for newborns."""

from fractions import Fraction

from apps.drafts.evidence.bounds import Bound
from apps.drafts.evidence.lexicon import Concept
from apps.drafts.evidence.stated import Stated

# Concept of terms/age.txt -> its months, as people use the word.
_GROUPS = {
    "from-birth": (0, 0), "newborn": (0, 1), "babies": (0, 24), "little-ones": (0, 96), "toddlers": (12, 48),
    "preschoolers": (30, 78), "school-children": (60, 156), "children": (12, 168), "teens": (144, 228),
    "adults": (192, 1200), "men": (192, 1200), "women": (192, 1200), "seniors": (600, 1200),
}  # fmt: skip
_OLDEST = Fraction(1200)


def age_groups(fact) -> list[Stated]:
    """The groups that an age fact (facts.ReadFact) speaks of; “from birth” only where it begins there."""
    months, is_open = [], False
    for measured in fact.measured:
        for dimension, value in measured.quantity.amounts():
            if dimension == "months" and not measured.is_derived:
                months.append(value)
                is_open = is_open or measured.bound in (Bound.LOWER, Bound.ABOVE)
    if not months:
        return []
    low, high = min(months), max(months)
    if is_open or low == high:
        high = _OLDEST
    if len(months) == 1 and fact.measured[0].bound is Bound.UPPER:
        low, high = Fraction(0), months[0]
    return [
        Stated(Concept("age", group), False, 0, len(fact.view.text))
        for group, (start, end) in _GROUPS.items()
        if low <= end and high > start and (group not in ("from-birth", "newborn") or low <= start)
    ]
