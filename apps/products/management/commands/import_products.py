"""Import a product table in this process; no worker is needed."""

import contextlib
import json
import time
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import OperationalError
from django.utils.translation import gettext as _

from apps.core import languages
from apps.imports.errors import ImportRefused
from apps.imports.models import Import, StagedRow
from apps.imports.services import running, uploading
from apps.products import dialects
from apps.products.services.importing import choose_shop

REASONS = 10_000
RETRIES = 5
ALL_DONE, DONE_IN_PART, REFUSED = 0, 1, 2


class Command(BaseCommand):
    help = (
        "Import a catalogue. Exit status: 0 all rows taken, 1 some rejected (with reasons), 2 refused, nothing changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("path")
        parser.add_argument("--shop", default="", metavar="CODE", help="may be left out where there is one shop only")
        parser.add_argument("--new-shop", action="store_true", help="make the shop if there is none of this code")
        parser.add_argument(
            "--language", default="", metavar="LANG", help="of the texts in the file; default: the shop's"
        )
        parser.add_argument("--dialect", default="auto", choices=["auto", *dialects.NAMES, *dialects.PLANNED])
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=TARGET",
            help="generic: what a column becomes; repeatable",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args, **options):
        started = time.monotonic()
        is_dry = options["dry_run"]
        try:
            upload = self._staged(options)
            if not is_dry:
                running.confirm(user=None, upload=upload, wakes=False)
                _run_or_cancel(upload)
        except (ImportRefused, ValidationError, OSError) as error:
            self._refuse(_first_line(error), getattr(error, "code", "file"), options)
            return
        report = report_of(upload, section="preview" if is_dry else "result", seconds=time.monotonic() - started)
        if upload.dialect == uploading.GENERIC:
            _tell_mapping(upload, report, is_told=bool(options["map"]))
        if is_dry:
            discard(upload)
            report["import_id"] = None
        elif upload.state != Import.State.DONE:
            report["error"] = upload.message or _("The import was cancelled.")
            self.stderr.write(report["error"])
        self._print(report, options)
        raise SystemExit(DONE_IN_PART if report["rejected"] or "error" in report else ALL_DONE)

    def _staged(self, options: dict) -> Import:
        path = Path(options["path"])
        if options["dialect"] in dialects.PLANNED:
            message = _("The dialect %(name)s cannot be read yet. Use --dialect generic with --map.")
            raise ImportRefused("dialect", message % {"name": options["dialect"]})
        if not path.is_file():
            raise ImportRefused("file", _("There is no file %(path)s.") % {"path": path})
        uploading.refuse_size(path.stat().st_size)
        language = _language(options["language"])
        shop = choose_shop(code=options["shop"], new_shop=options["new_shop"])
        upload = uploading.upload_file(
            user=None,
            kind="products",
            name=path.name,
            blocks=uploading.file_blocks(path),
            params={
                "shop": shop,
                "new_shop": options["new_shop"],
                "language": language,
                "is_direct": not options["dry_run"],
            },
            dialect=options["dialect"],
        )
        try:
            if options["map"]:
                _confirm_mapping(upload, options)
            running.start_staging(user=None, upload=upload, wakes=False)
            _run(upload)
            if upload.state != Import.State.STAGED:
                raise ImportRefused("stopped", upload.message or _("The import was cancelled."))
        except BaseException:
            discard(upload)
            raise
        return upload

    def _refuse(self, message: str, code: str, options: dict) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"error": message, "code": code}, ensure_ascii=False))
        self.stderr.write(message)
        raise SystemExit(REFUSED)

    def _print(self, report: dict, options: dict) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        products = ", ".join(f"{count} {name}" for name, count in report["products"].items())
        self.stdout.write(
            f"{report['rows']} rows: {report['accepted']} accepted, {report['rejected']} rejected, {report['ignored']} ignored. "
            f"Products: {products}; {report['variants']} variants. {report['seconds']} s "
            f"({report['dialect']}, {report['encoding']})"
        )
        for warning in report["warnings"]:
            self.stdout.write(f"! {warning}")
        for reason in report["reasons"]:
            self.stdout.write(f"row {reason['row']}: {reason['message']}")


def _language(given: str) -> str:
    try:
        return languages.normalize(given) if given else ""
    except ValueError as error:
        raise ImportRefused("language", str(error)) from None


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(error.messages)
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _run_or_cancel(upload: Import) -> None:
    """Ctrl-C stops the import, and does not leave it to a worker as a crash would."""
    try:
        _run(upload)
    except KeyboardInterrupt:
        with contextlib.suppress(ImportRefused):
            running.cancel(user=None, upload=upload)
        upload.refresh_from_db()


def _confirm_mapping(upload: Import, options: dict) -> None:
    if upload.dialect != uploading.GENERIC:
        message = _("The columns of the dialect %(name)s are known: use --map with --dialect generic only.")
        raise ImportRefused("mapping", message % {"name": upload.dialect})
    mapping = mapped(upload.header, upload.mapping, options["map"])
    uploading.confirm_mapping(
        user=None, upload=upload, mapping=mapping, params={}, is_remembered=not options["dry_run"]
    )


def _tell_mapping(upload: Import, report: dict, *, is_told: bool) -> None:
    report["mapping"] = {name: upload.mapping.get(str(place), "ignore") for place, name in enumerate(upload.header)}
    if not is_told and not uploading.remembered_mapping(upload):
        shown = ", ".join(f"{name} = {target}" for name, target in report["mapping"].items() if target != "ignore")
        report["warnings"].append(
            _("What the columns are was guessed from their names (%(mapping)s). Correct it with --map COLUMN=TARGET.")
            % {"mapping": shown}
        )


def _run(upload: Import) -> None:
    """Advance until the upload rests: staged, done, refused or cancelled."""
    failures = 0
    while True:
        try:
            if not running.advance_safely(upload.pk, waits=True):
                break
            failures = 0
        except OperationalError:  # A deadlock or a restart of the database undid one batch only.
            failures += 1
            if failures > RETRIES:
                raise
            time.sleep(failures)
    upload.refresh_from_db()


def mapped(header: list[str], proposed: dict, given: list[str]) -> dict:
    """The proposed mapping with `COLUMN=TARGET` put over it; a column that loses its target is left out."""
    mapping = dict(proposed)
    for item in given:
        column, _equals, target = item.rpartition("=")
        places = [str(n) for n, cell in enumerate(header) if cell.strip().casefold() == column.strip().casefold()]
        if not places:
            raise ImportRefused("mapping", _("The file has no column “%(column)s”.") % {"column": column})
        for place, old in mapping.items():
            if old == target and target != "fact":
                mapping[place] = "ignore"
        mapping[places[0]] = target
    return mapping


def discard(upload: Import) -> None:
    uploading.stored_path(upload).unlink(missing_ok=True)
    upload.delete()


def report_of(upload: Import, *, section: str, seconds: float) -> dict:
    """The counts of an import under the keys that scripts rely on."""
    counts, figures = upload.counts, upload.counts.get(section, {})
    rows, rejected, ignored = (counts.get(name, 0) for name in ("rows", "rejected", "ignored"))
    reasons = StagedRow.objects.filter(upload=upload).exclude(code="").order_by("row_number")
    return {
        "rows": rows,
        "accepted": rows - rejected - ignored,
        "rejected": rejected,
        "ignored": ignored,
        "products": {name: figures.get(f"products_{name}", 0) for name in ("created", "updated", "unchanged")},
        "variants": figures.get("variants", 0),
        "seconds": round(seconds, 3),
        "import_id": upload.pk,
        "dialect": upload.dialect,
        "encoding": upload.encoding,
        "warnings": counts.get("warnings", []),
        "reasons": [{"row": row.row_number, "code": row.code, "message": row.message} for row in reasons[:REASONS]],
    }
