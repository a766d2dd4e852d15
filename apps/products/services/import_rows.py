"""The original rows of a listing, kept for the round trip: replaced by a file that has all their columns, and laid over by
one that has only some of them (such as our own export of changed copy)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apps.products.services.import_plan import ImportContext, ProductPlan
    from apps.products.services.import_state import BatchState, StoredRow


@dataclass
class RowsPlan:
    """`changed_columns`: ids of the columns in which some cell differs from what is stored."""

    is_replacement: bool
    changed_columns: set[str] = field(default_factory=set)
    new_cells: list[list[str]] = field(default_factory=list)
    # Row id -> its cells from now on.
    changed_rows: dict[int, list[str]] = field(default_factory=dict)


def plan_rows(context: ImportContext, state: BatchState, plan: ProductPlan, cells: list[list[str]]) -> RowsPlan:
    columns = context.table.columns
    stored = plan.stored.rows if plan.stored else []
    tables = {row.table_id for row in stored}
    if len(tables) != 1:
        return RowsPlan(True, set(columns) if plan.stored else set(), new_cells=cells)
    old_columns = state.tables[tables.pop()].columns
    if set(old_columns) <= set(columns):
        return RowsPlan(True, _differing(columns, cells, old_columns, stored), new_cells=cells)
    return _overlay(context, state, plan, cells)


def _differing(
    columns: list[str], cells: list[list[str]], old_columns: list[str], stored: Sequence[StoredRow]
) -> set[str]:
    if len(cells) != len(stored):
        return set(columns)
    if columns == old_columns:
        return {
            columns[n]
            for row, old in zip(cells, stored, strict=True)
            if row != old.cells
            for n in range(len(columns))
            if row[n] != _cell(old.cells, n)
        }
    places = {name: number for number, name in enumerate(old_columns)}
    return {
        name
        for row, old in zip(cells, stored, strict=True)
        for n, name in enumerate(columns)
        if row[n] != (_cell(old.cells, places[name]) if name in places else "")
    }


def _cell(cells: list[str], number: int) -> str:
    return cells[number] if number < len(cells) else ""


def _overlay(context: ImportContext, state: BatchState, plan: ProductPlan, cells: list[list[str]]) -> RowsPlan:
    """Cells of the file's columns go onto the stored row of the same variant or image; other stored cells stay.

    A row that matches none is a new one only where it is more than the product's first row without its variant. Columns
    that the stored table does not have are not kept for the round trip; their facts and texts are.
    """
    stored = plan.stored.rows
    old_table = state.tables[stored[0].table_id]
    places = {name: number for number, name in enumerate(old_table.columns)}
    shared = [(n, name, places[name]) for n, name in enumerate(context.table.columns) if name in places]
    width = len(old_table.columns)
    marks = old_table.parse(plan.record.key, [_padded(row.cells, width) for row in stored]).row_marks
    at = dict(zip(reversed(marks), reversed(stored), strict=True))
    rows = RowsPlan(False)
    for number, (row, mark) in enumerate(zip(cells, plan.record.row_marks, strict=True)):
        old = at.get(mark) if mark[0] != "row" else None
        old = old or (stored[0] if number == 0 else None)
        if old is None:
            new = [""] * width
            for n, _name, place in shared:
                new[place] = row[n]
            rows.new_cells.append(new)
            rows.changed_columns.update(name for _n, name, _place in shared)
            continue
        merged = rows.changed_rows.get(old.pk) or _padded(old.cells, width)
        for n, name, place in shared:
            if merged[place] != row[n]:
                merged[place] = row[n]
                rows.changed_columns.add(name)
        if merged != old.cells:
            rows.changed_rows[old.pk] = merged
    return rows


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))
