"""What a person should read before an import is confirmed: sentences about the whole staged file."""

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.imports.models import Import
from apps.products.dialects.base import TableDialect

EXAMPLES = 3
SHOWN_ROWS = 4


def warnings_of(upload: Import, table: TableDialect) -> list[str]:
    """From the counts of the preview (of the import itself where there was none) and from the staged rows."""
    figures = upload.counts.get("result") or upload.counts.get("preview", {})
    return [
        *_blanks(upload, table, figures),
        *_differing_copy(figures),
        *_doubled_skus(upload, table),
        *_scripts(upload, table),
    ]


def _blanks(upload: Import, table: TableDialect, figures: dict[str, int]) -> list[str]:
    labels = dict(zip(table.columns, upload.header, strict=True))
    blanks = {name.removeprefix("blanks_"): count for name, count in figures.items() if name.startswith("blanks_")}
    return [
        ngettext(
            "The column “%(column)s” is there but blank for %(count)s product: what it has will be removed.",
            "The column “%(column)s” is there but blank for %(count)s products: what they have will be removed.",
            count,
        )
        % {"column": labels.get(name, name).strip(), "count": count}
        for name, count in sorted(blanks.items())
    ]


def _differing_copy(figures: dict[str, int]) -> list[str]:
    count = figures.get("copy_differs", 0)
    message = ngettext(
        "%(count)s text differs from the copy that was approved here.",
        "%(count)s texts differ from the copy that was approved here.",
        count,
    )
    return [message % {"count": count}] if count else []


def _doubled_skus(upload: Import, table: TableDialect) -> list[str]:
    place = table.at.get("sku")
    if place is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT btrim(cells->>%s) AS sku, array_agg(row_number ORDER BY row_number) FROM imports_stagedrow "
            "WHERE upload_id = %s AND verdict <> 'rejected' AND btrim(cells->>%s) <> '' GROUP BY 1 HAVING count(*) > 1",
            [place, upload.pk, place],
        )
        doubled = cursor.fetchall()
    if not doubled:
        return []
    examples = "; ".join(
        _("%(sku)s in rows %(rows)s") % {"sku": sku, "rows": _listed(rows)} for sku, rows in doubled[:EXAMPLES]
    )
    message = ngettext(
        "%(count)s SKU stands in more than one row (%(examples)s). All are imported; variants are known by their options.",
        "%(count)s SKUs stand in more than one row (%(examples)s). All are imported; variants are known by their options.",
        len(doubled),
    )
    return [message % {"count": len(doubled), "examples": examples}]


def _scripts(upload: Import, table: TableDialect) -> list[str]:
    place = table.at.get("long_description")
    if place is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(row_number ORDER BY row_number) FROM imports_stagedrow "
            "WHERE upload_id = %s AND verdict <> 'rejected' AND cells->>%s ~* '<(script|iframe)'",
            [upload.pk, place],
        )
        rows = cursor.fetchone()[0] or []
    message = ngettext(
        "%(count)s body holds scripts or embedded frames (row %(rows)s). It is kept for the export and never run here.",
        "%(count)s bodies hold scripts or embedded frames (rows %(rows)s). They are kept for the export and never run here.",
        len(rows),
    )
    return [message % {"count": len(rows), "rows": _listed(rows)}] if rows else []


def _listed(rows: list[int]) -> str:
    return ", ".join(str(row) for row in rows[:SHOWN_ROWS]) + (" …" if len(rows) > SHOWN_ROWS else "")
