"""One upload, five states, each with its own address: choose, understood, preview, running, done."""

import csv
from functools import wraps

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.imports.encodings import CHOICES as ENCODINGS
from apps.imports.errors import ImportRefused
from apps.imports.models import Import, StagedRow
from apps.imports.reading import DELIMITERS
from apps.imports.registry import kind_of
from apps.imports.services import running, uploading
from apps.imports.services.uploading import GENERIC, stored_path, table_of
from apps.imports.tables import sample_rows

SHOWN_REASONS = 50
# The page of each state; an upload that has moved on leads to the page where it is now.
PAGES = {
    "uploaded": "upload-understood", "staging": "upload-running", "staged": "upload-preview",
    "running": "upload-running", "done": "upload-done", "refused": "upload-done", "cancelled": "upload-done",
}  # fmt: skip
_DELIMITER_NAMES = {",": ",", ";": ";", "\t": gettext_lazy("Tab"), "|": "|"}


def page_of(upload: Import) -> HttpResponse:
    return redirect(PAGES[upload.state], upload.pk)


def may(permission: str):
    """The view for people with this permission; strangers are led to the log-in by `admin_view`."""

    def decorate(view):
        @wraps(view)
        def checked(request: HttpRequest, *args, **kwargs):
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return admin.site.admin_view(checked)

    return decorate


def show(request: HttpRequest, template: str, **context) -> HttpResponse:
    return render(request, f"imports/{template}.html", {**admin.site.each_context(request), **context})


@may("imports.add_import")
def choose(request: HttpRequest, kind: str = "products") -> HttpResponse:
    """Choose a file. POST: take it in and say what we understood of it."""
    form = kind_of(kind).options_form()(request.POST or None)
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problem = _("Choose a file.")
        elif form.is_valid():
            try:
                uploading.refuse_size(file.size)
                upload = uploading.upload_file(
                    user=request.user, kind=kind, name=file.name, blocks=file.chunks(), params=form.params()
                )
                return redirect("upload-understood", upload.pk)
            except ImportRefused as refused:
                problem = str(refused)
    most = settings.SHOPAI_MAX_UPLOAD_BYTES
    context = {"form": form, "problem": problem, "title": _("Upload a catalogue"), "most_bytes": most,
               "too_large": uploading.too_large()}  # fmt: skip
    return show(request, "choose", **context)


@may("imports.add_import")
def understood(request: HttpRequest, pk: int) -> HttpResponse:
    """What we understood of the file, all of it changeable. POST `again`: read it as told; `go`: read every row."""
    upload = get_object_or_404(Import, pk=pk)
    if upload.state not in ("uploaded", "staged"):
        return page_of(upload)
    kind, problem = kind_of(upload.kind), ""
    if request.method == "POST":
        try:
            if "again" in request.POST:
                _read_again(request, upload)
                return redirect("upload-understood", pk)
            mapping = _mapping_of(request, upload) if upload.dialect == GENERIC else upload.mapping
            uploading.confirm_mapping(user=request.user, upload=upload, mapping=mapping, params={})
            running.start_staging(user=request.user, upload=upload)
            return redirect("upload-running", pk)
        except ImportRefused as refused:
            problem = str(refused)
            upload.refresh_from_db()
    rows = sample_rows(stored_path(upload), table_of(upload))
    columns = [
        {"place": place, "name": name, "target": upload.mapping.get(str(place), "ignore"),
         "samples": [row[place] for row in rows if place < len(row)]}
        for place, name in enumerate(upload.header)
    ]  # fmt: skip
    return show(
        request, "understood", upload=upload, problem=problem, columns=columns, targets=kind.targets(),
        dialects=kind.dialects(), encodings=ENCODINGS, is_generic=upload.dialect == GENERIC,
        delimiters=[(mark, _DELIMITER_NAMES.get(mark, mark)) for mark in DELIMITERS],
        has_header=upload.params.get("has_header", True), title=upload.original_name,
    )  # fmt: skip


def _read_again(request: HttpRequest, upload: Import) -> None:
    told = request.POST
    uploading.change_understanding(
        user=request.user, upload=upload, dialect=told.get("dialect") or "auto", encoding=told.get("encoding", ""),
        delimiter=told.get("delimiter", ""), has_header=told.get("has_header") == "on",
    )  # fmt: skip


def _mapping_of(request: HttpRequest, upload: Import) -> dict:
    return {str(place): request.POST.get(f"column-{place}", "ignore") for place in range(len(upload.header))}


@may("imports.add_import")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the import would do. POST: do it."""
    upload = get_object_or_404(Import, pk=pk)
    if upload.state != "staged":
        return page_of(upload)
    if request.method == "POST":
        try:
            running.confirm(user=request.user, upload=upload)
            return redirect("upload-running", pk)
        except ImportRefused as refused:
            messages.error(request, str(refused))
            return redirect("upload-preview", pk)
    return show(request, "preview", upload=upload, title=upload.original_name, **_figures(upload, "preview"))


@may("imports.view_import")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Follows the upload while it is read or applied; its part asks for itself and then leads on."""
    upload = get_object_or_404(Import, pk=pk)
    if upload.state not in ("staging", "running"):
        target = page_of(upload)
        return HttpResponse(headers={"HX-Redirect": target.url}) if "HX-Request" in request.headers else target
    context = {"upload": upload, "title": upload.original_name, **_progress(upload)}
    if "HX-Request" in request.headers:
        return render(request, "imports/progress.html", context)
    return show(request, "running", **context)


@may("imports.add_import")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """POST only. What was applied before stays."""
    if request.method != "POST":
        raise PermissionDenied
    upload = get_object_or_404(Import, pk=pk)
    try:
        running.cancel(user=request.user, upload=upload)
    except ImportRefused as refused:
        messages.error(request, str(refused))
    upload.refresh_from_db()
    return page_of(upload)


@may("imports.view_import")
def done(request: HttpRequest, pk: int) -> HttpResponse:
    upload = get_object_or_404(Import, pk=pk)
    if upload.state not in ("done", "refused", "cancelled"):
        return page_of(upload)
    steps = kind_of(upload.kind).next_steps(upload) if upload.state == "done" else []
    return show(request, "done", upload=upload, title=upload.original_name, steps=steps, **_figures(upload, "result"))


@may("imports.view_import")
def open_upload(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(get_object_or_404(Import, pk=pk))


@may("imports.view_import")
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The rejected rows as a file like the one uploaded, with a column that says why; to be mended and sent again."""
    upload = get_object_or_404(Import, pk=pk)
    answer = StreamingHttpResponse(_rejected_lines(upload), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejected-{upload.pk}.csv"'
    return answer


class _Echo:
    def write(self, line: str) -> str:
        return line


def _rejected_lines(upload: Import):
    writer = csv.writer(_Echo(), delimiter=upload.delimiter or ",")
    yield "\ufeff"
    width = len(upload.header)
    yield writer.writerow([*upload.header, _("Reason")])
    rows = StagedRow.objects.filter(upload=upload, verdict=StagedRow.Verdict.REJECTED).order_by("row_number")
    for row in rows.iterator(chunk_size=1000):
        cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
        # Spreadsheets run what begins like this; the shop's importer trims the blank again.
        shown = [f" {cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in cells]
        yield writer.writerow([*shown, row.message])


def _figures(upload: Import, section: str) -> dict:
    counts = upload.counts
    figures = counts.get(section, {})
    reasons = StagedRow.objects.filter(upload=upload).exclude(code="").order_by("row_number")
    return {
        "rows": counts.get("rows", 0),
        "rejected": counts.get("rejected", 0),
        "ignored": counts.get("ignored", 0),
        "created": figures.get("products_created", 0),
        "updated": figures.get("products_updated", 0),
        "unchanged": figures.get("products_unchanged", 0),
        "variants": figures.get("variants", 0),
        "warnings": counts.get("warnings", []),
        "examples": counts.get("examples", []) if section == "preview" else [],
        "reasons": reasons[:SHOWN_REASONS],
        "more_reasons": max(0, reasons.count() - SHOWN_REASONS),
    }


def _progress(upload: Import) -> dict:
    """Rows that were read or applied so far; the cursor counts rows of the file."""
    total = upload.counts.get("rows", 0)
    is_applying = upload.state == "running"
    done_rows = min(upload.cursor, total) if is_applying or upload.params.get("is_staged") else total
    seconds = (upload.updated_at - (upload.started_at or upload.created_at)).total_seconds()
    rate = round(done_rows / seconds) if seconds > 1 else 0
    left = round((total - done_rows) / rate / 60) if rate and is_applying else None
    return {
        "total": total, "done_rows": done_rows, "rate": rate if is_applying else 0, "minutes_left": left,
        "percent": 100 * done_rows // total if total and (is_applying or upload.params.get("is_staged")) else None,
        "is_applying": is_applying,
    }  # fmt: skip
