"""What an import changes in a product, cell by cell, for the person who has to confirm it."""

from itertools import zip_longest

from apps.products.services.import_plan import ProductPlan
from apps.products.services.import_state import BatchState

EXAMPLES = 3
SHOWN_COLUMNS = 4
SHOWN_CHARACTERS = 120


def changes_of(plan: ProductPlan, state: BatchState, labels: dict[str, str]) -> list[dict[str, str]]:
    """The first difference in each changed column: `column`, `old`, `new`. `labels`: column id -> its header."""
    if plan.rows is None or not plan.stored.rows:
        return []
    stored = plan.stored.rows
    places = {name: number for number, name in enumerate(state.tables[stored[0].table_id].columns)}
    new_places = {name: number for number, name in enumerate(labels)} if plan.rows.is_replacement else places
    after = plan.rows.new_cells
    if not plan.rows.is_replacement:
        after = [plan.rows.changed_rows.get(row.pk, row.cells) for row in stored] + after
    changes = []
    for name in [name for name in labels if name in plan.rows.changed_columns]:
        pairs = [
            (_cell(old.cells if old else [], places.get(name)), _cell(new or [], new_places.get(name)))
            for old, new in zip_longest(stored, after)
        ]
        if found := next((pair for pair in pairs if pair[0] != pair[1]), None):
            old, new = _shown_pair(*found)
            changes.append({"column": labels[name].strip(), "old": old, "new": new})
    return changes[:SHOWN_COLUMNS]


def _cell(cells: list[str], number: int | None) -> str:
    return cells[number] if number is not None and number < len(cells) else ""


def _shown_pair(old: str, new: str) -> tuple[str, str]:
    """Long texts from a little before the place where they part."""
    same = next(
        (n for n, (left, right) in enumerate(zip(old, new, strict=False)) if left != right), min(len(old), len(new))
    )
    start = max(0, same - 30) if max(len(old), len(new)) > SHOWN_CHARACTERS else 0
    return _shown(old, start), _shown(new, start)


def _shown(text: str, start: int) -> str:
    piece = text[start : start + SHOWN_CHARACTERS]
    return ("…" if start and piece else "") + piece + ("…" if len(text) > start + SHOWN_CHARACTERS else "")
