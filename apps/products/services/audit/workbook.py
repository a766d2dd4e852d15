"""The audit as an Excel file: figures, the ranked findings, what is missing."""

import re
from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from apps.core import languages
from apps.drafts.models import Field, Severity
from apps.products.models import AuditRun
from apps.products.services.audit import overview as told
from apps.products.services.audit.advice import advice_for, rule_names

# Nobody works through more in a spreadsheet; the gravest come first.
MOST_TEXTS = 10_000
CHUNK = 1_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value) -> str | int:
    """What may stand in a cell: text that a spreadsheet would run gets a blank before it."""
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)[:32_000]
    return f" {text}" if text.startswith(_FORMULA) else text


def write_workbook(path: Path, *, chosen: dict[str, str]) -> int:
    """Write the file; returns the number of findings in it. `chosen` as of `overview.chosen_filters`."""
    book = Workbook(write_only=True)
    _figures(book)
    count = _findings(book, chosen)
    _outdated(book)
    _gaps(book)
    book.save(path)
    return count


def _sheet(book: Workbook, title: str, heads: list[str], widths: list[int]):
    sheet = book.create_sheet(cell(title)[:31])
    for place, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFGHIJKLMNO"[place]].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, head) for head in heads])
    return sheet


def _bold(sheet, text: str) -> WriteOnlyCell:
    made = WriteOnlyCell(sheet, value=cell(text))
    made.font, made.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return made


def _figures(book: Workbook) -> None:
    seen = told.overview()
    heads = [_("What"), _("Texts"), _("with findings"), _("not to be approved")]
    sheet = _sheet(book, _("Overview"), heads, [44, 12, 16, 20])
    rows = [(_("All live texts"), seen.total)]
    rows += [(_("Shop: %(name)s") % {"name": tally.name}, tally) for tally in seen.shops]
    rows += [(_("Language: %(name)s") % {"name": tally.name}, tally) for tally in seen.languages]
    for name, tally in rows:
        sheet.append([cell(name), tally.texts, tally.flagged, tally.blocked])
    sheet.append([])
    sheet.append([_bold(sheet, _("Rule")), _bold(sheet, _("Texts")), _bold(sheet, _("Findings"))])
    for _rule, name, findings, texts in seen.rules:
        sheet.append([cell(name), texts, findings])


def _findings(book: Workbook, chosen: dict[str, str]) -> int:
    heads = [
        _("Worst finding"), _("Rule"), _("Product"), _("Shop"), _("Language"), _("Field"), _("Category"), _("Words"),
        _("Sentence"), _("Why"), _("What to do"), _("Product id"),
    ]  # fmt: skip
    sheet = _sheet(book, _("Findings"), heads, [16, 28, 36, 16, 12, 18, 18, 24, 60, 50, 50, 10])
    names, fields, severities = rule_names(), dict(Field.choices), dict(Severity.choices)
    advice: dict[str, str] = {}
    texts, count = told.with_findings(told.ranked_texts(chosen))[:MOST_TEXTS], 0
    for text in texts.iterator(chunk_size=CHUNK):
        for found in text.findings.all():
            start = found.start - found.sentence_start
            words = found.sentence[max(0, start) : max(0, found.end - found.sentence_start)]
            what_to_do = advice.setdefault(found.rule, advice_for(found.rule))
            row = [
                severities[found.severity], names.get(found.rule, found.rule), text.product.title, text.shop.name,
                languages.name(text.language), fields.get(text.field, text.field), text.category, words, found.sentence,
                found.shown, what_to_do, text.product_id,
            ]  # fmt: skip
            sheet.append([cell(str(value)) if not isinstance(value, int) else value for value in row])
            count += 1
    return count


def _outdated(book: Workbook) -> None:
    heads = [_("Product"), _("Shop"), _("Language"), _("Field"), _("Why"), _("Sentence"), _("Product id")]
    sheet, fields = _sheet(book, _("Outdated"), heads, [36, 16, 12, 18, 50, 60, 10]), dict(Field.choices)
    for draft in told.outdated_drafts()[:MOST_TEXTS].iterator(chunk_size=CHUNK):
        row = [
            draft.product.title, ", ".join(told.shops_of(draft)), languages.name(draft.language),
            fields.get(draft.field, draft.field), draft.outdated_reason,
        ]  # fmt: skip
        for group in told.touched_sentences(draft) or [[told.Touch(draft.text[:400], 0, 0, 0)]]:
            sheet.append([*[cell(str(value)) for value in row], cell(group[0].sentence), draft.product_id])


def _gaps(book: Workbook) -> None:
    heads = [_("What is missing"), _("Where"), _("Language"), _("Missing"), _("of")]
    sheet = _sheet(book, _("Missing"), heads, [36, 30, 18, 12, 12])
    run = AuditRun.objects.filter(state=AuditRun.State.DONE).order_by("-pk").first()
    gaps, fields = (run.gaps if run else {}), dict(Field.choices)
    for row in gaps.get("texts", []):
        what = str(fields.get(row["field"], row["field"]))
        sheet.append([cell(what), cell(row["shop"]), languages.name(row["language"]), row["missing"], row["total"]])
    for row in gaps.get("facts", []):
        what = _("Fact: %(name)s") % {"name": row["name"]}
        sheet.append([cell(what), cell(row["category"]), languages.name(row["language"]), row["missing"], row["total"]])
