"""The export itself: files and marks in one transaction."""

from pathlib import Path
from time import monotonic

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.core.languages import normalize
from apps.core.services import record_event
from apps.drafts.services.publishing import publish_due
from apps.products.models import Shop, SourceTable
from apps.products.services.export.columns import Layout
from apps.products.services.export.delta import Delta
from apps.products.services.export.files import OutputSet
from apps.products.services.export.full import Full
from apps.products.services.export.other_fields import write_other_fields
from apps.products.services.export.outcome import ExportOutcome, ExportRefused, ExportRequest
from apps.products.services.export.texts import CopySource, waiting_for_undo

DIALECTS = ("shopify",)
PERMISSION = "products.export_product"
_LOCK_SPACE = 0x5E0F


def export_products(
    *, shop: Shop, dialect: str, path, language: str = "", full: bool = False, again: bool = False, user=None
) -> ExportOutcome:
    """Write the shop's approved copy to `path` and mark it exported; raises ExportRefused, and then nothing changed.

    Published texts only, whose undo window has passed. `user` None: the command line. The files appear together, just
    before the marks are committed, so a crash leaves at most files whose texts the next export carries again.
    """
    started = monotonic()
    request = _checked_request(shop, dialect, path, language, full, again, user)
    publish_due()
    try:
        outcome = _write(request, user, encoding=None)
    except UnicodeEncodeError:
        outcome = _write(request, user, encoding="utf-8")
        outcome.notes.append(_("Written as UTF-8: the approved text has characters that the file's encoding lacks."))
    except OSError as error:
        raise ExportRefused(_("The file can't be written: %(error)s") % {"error": error.strerror or error}) from error
    outcome.seconds = monotonic() - started
    return outcome


def _checked_request(shop, dialect, path, language, full, again, user) -> ExportRequest:
    if dialect not in DIALECTS:
        raise ExportRefused(
            _("Exports are written as %(known)s; %(dialect)s is not among them.")
            % {"known": ", ".join(DIALECTS), "dialect": dialect}
        )
    if user is not None and not user.has_perm(PERMISSION):
        raise ExportRefused(_("You may not export products."))
    try:
        language = normalize(language) if language else ""
    except ValueError as error:
        raise ExportRefused(str(error)) from error
    return ExportRequest(shop=shop, path=Path(path), language=language, is_full=full, again=again)


def _layouts(shop) -> dict[int, Layout]:
    tables = SourceTable.objects.filter(shop=shop, dialect__startswith="shopify").values_list("pk", "header")
    return {pk: Layout(tuple(header)) for pk, header in tables}


def _write(request: ExportRequest, user, *, encoding: str | None) -> ExportOutcome:
    outcome = ExportOutcome(path=str(request.path))
    with OutputSet(request.path) as outputs, transaction.atomic():
        _lock_shop(request.shop)
        layouts = _layouts(request.shop)
        if request.is_full and not layouts:
            raise ExportRefused(_("This shop has no imported Shopify file to give back; leave out the full export."))
        source = CopySource(request)
        if request.is_full:
            Full(source, layouts, outputs, outcome).write(encoding=encoding)
        else:
            Delta(source, layouts, outputs, outcome).write()
        write_other_fields(source, outputs, outcome)
        waiting = waiting_for_undo(request.shop)
        outcome.waiting_undo, outcome.waiting_until = waiting.count, waiting.until
        outcome.files = [str(output.path) for output in outputs.files]
        _record(request, outcome, user)
        outputs.put_in_place()
    return outcome


def _lock_shop(shop) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, shop.pk % 2**31])
        if not cursor.fetchone()[0]:
            raise ExportRefused(_("Another export of this shop is running; try again when it is done."))


def _record(request: ExportRequest, outcome: ExportOutcome, user) -> None:
    outcome.event_id = record_event(
        user=user,
        verb="export",
        kind="shop",
        subject_id=request.shop.pk,
        full=request.is_full,
        again=request.again,
        language=request.language,
        rows=outcome.rows,
        products=outcome.products,
        fields=outcome.fields,
        files=[Path(path).name for path in outcome.files],
        folder=request.path.parent.name,
        waiting_undo=outcome.waiting_undo,
        outdated=outcome.outdated,
        repeated=outcome.repeated,
        notes=outcome.notes,
    ).pk
