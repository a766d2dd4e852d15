"""Moving an upload along its road, one committed batch at a time: any process may be killed at any line and any other
goes on from the last commit, since rows and cursor commit together."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.core.services import record_event
from apps.imports.errors import ImportRefused
from apps.imports.models import Import, StagedRow
from apps.imports.registry import BatchOutcome, kind_of
from apps.imports.services.staging import reject_crowded_keys, restart_staging, stage_batch

log = logging.getLogger(__name__)

BATCH_ROWS = 1_000
EXAMPLES = 10
SLICE_SECONDS = 8.0
POKED = "imports:poked"
ACTIVE = [Import.State.STAGING, Import.State.RUNNING]
CANCELLABLE = [Import.State.UPLOADED, Import.State.STAGING, Import.State.STAGED, Import.State.RUNNING]
Verdict = StagedRow.Verdict
Action = Callable[[Import, list[StagedRow]], BatchOutcome]


def start_staging(*, user, upload: Import, wakes: bool = True) -> None:
    """Read the file into staged rows and count what an import would do. Raises ImportRefused.

    `wakes` False: the caller advances the upload itself, and a worker comes only where it falls silent.

    With `params["is_direct"]` nothing is counted beforehand: no one waits for the figures before confirming.
    """
    kind_of(upload.kind).check(upload)
    with transaction.atomic():
        _move(upload, [Import.State.UPLOADED, Import.State.STAGED], Import.State.STAGING)
        restart_staging(upload)
        upload.save()
        if wakes:
            poke_on_commit()


def confirm(*, user, upload: Import, wakes: bool = True) -> None:
    """Start the import of a previewed upload; `wakes` as for `start_staging`. Raises ImportRefused."""
    kind = kind_of(upload.kind)
    kind.check(upload)
    with transaction.atomic():
        _move(upload, [Import.State.STAGED], Import.State.RUNNING)
        upload.cursor, upload.started_at = 0, timezone.now()
        kind.prepare(upload)
        upload.save()
        record_event(user=user, verb="confirm", kind="import", subject_id=upload.pk, counts=upload.counts)
        if wakes:
            poke_on_commit()


def cancel(*, user, upload: Import) -> None:
    """Stop an upload; what was applied before stays. Raises ImportRefused where it has already ended."""
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=upload.pk)
        if locked.state not in CANCELLABLE:
            raise _moved_on()
        _end_early(locked, Import.State.CANCELLED, reason=_("The import was cancelled before this row."))
        record_event(user=user, verb="cancel", kind="import", subject_id=upload.pk)


def _end_early(upload: Import, state: str, *, reason: str) -> None:
    """End a locked upload; rows that a running import did not reach are rejected, so that each has its outcome."""
    if upload.state == Import.State.RUNNING:
        left = StagedRow.objects.filter(upload=upload, verdict=Verdict.STAGED)
        count = left.update(verdict=Verdict.REJECTED, code=StagedRow.NOT_REACHED, message=reason[:500])
        upload.counts["rejected"] = upload.counts.get("rejected", 0) + count
    upload.state, upload.finished_at = state, timezone.now()
    upload.save()


def _moved_on() -> ImportRefused:
    return ImportRefused(
        "state", _("Someone has moved this upload on meanwhile. Reload the page to see how far it is.")
    )


def _move(upload: Import, sources: list[str], target: str) -> None:
    if not Import.objects.filter(pk=upload.pk, state__in=sources).update(state=target):
        raise _moved_on()
    upload.refresh_from_db()


def advance(upload_id: int, *, waits: bool = False) -> bool:
    """Do one batch of an upload and commit it. False where there was nothing to do (ended, or in another's hands)."""
    with transaction.atomic():
        rows = Import.objects.select_for_update(skip_locked=not waits)
        upload = rows.filter(pk=upload_id, state__in=ACTIVE).first()
        if upload is None:
            return False
        with translation.override(upload.params.get("ui_language", "en")):
            if upload.state == Import.State.RUNNING:
                _apply_batch(upload)
            elif upload.params.get("is_staged"):
                _preview_batch(upload)
            elif stage_batch(upload):
                upload.params["is_staged"] = True
                reject_crowded_keys(upload)
                upload.params["rows_unread"] = upload.counts["rejected"]
                if upload.params.get("is_direct"):
                    upload.state = Import.State.STAGED
        upload.save()
    return True


def run_slice(seconds: float = SLICE_SECONDS) -> bool:
    """Advance the uploads that wait, in turn, for about `seconds`; True where work is left."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ids = list(Import.objects.filter(state__in=ACTIVE).order_by("updated_at").values_list("pk", flat=True)[:20])
        moved = [advance_safely(upload_id) for upload_id in ids]
        if not any(moved):
            return False
    return True


def advance_safely(upload_id: int, *, waits: bool = False) -> bool:
    """As `advance`, but an upload that cannot go on (its file is gone, say) ends as refused and stops no other.

    Raises OperationalError, after which it can be called again.
    """
    try:
        return advance(upload_id, waits=waits)
    except OperationalError:
        raise
    except ImportRefused as refused:
        message = str(refused)
    except Exception as error:
        log.exception("Import %s failed", upload_id)
        message = _("The import stopped: %s") % type(error).__name__
    with transaction.atomic():
        upload = Import.objects.select_for_update().filter(pk=upload_id, state__in=ACTIVE).first()
        if upload is not None:
            upload.message = message[:500]
            _end_early(upload, Import.State.REFUSED, reason=message)
    return False


def poke_on_commit() -> None:
    transaction.on_commit(poke, robust=True)


def poke() -> None:
    """Wake a worker, once for many pokes."""
    from apps.imports.tasks import run_imports

    if cache.add(POKED, 1, timeout=30):
        run_imports.delay()


def resume_stalled(quiet_seconds: float = 20.0) -> bool:
    """Beat's tick: wake a worker where an upload waits and none has moved it for a while."""
    before = timezone.now() - timedelta(seconds=quiet_seconds)
    stalled = Import.objects.filter(state__in=ACTIVE, updated_at__lt=before).exists()
    if stalled:
        poke()
    return stalled


def _window(upload: Import) -> list[StagedRow]:
    """The next rows with all other rows of their keys, wherever in the file these are; empty after the last."""
    staged = StagedRow.objects.filter(upload=upload, verdict=Verdict.STAGED)
    ahead = list(
        staged.filter(row_number__gt=upload.cursor).order_by("row_number").values_list("key", "row_number")[:BATCH_ROWS]
    )
    if not ahead:
        return []
    done_before, upload.cursor = upload.cursor, ahead[-1][1]
    rows = list(staged.filter(key__in={key for key, _number in ahead}).order_by("row_number"))
    seen_before = {row.key for row in rows if row.row_number <= done_before}
    return [row for row in rows if row.key not in seen_before]


def _has_more(upload: Import) -> bool:
    return StagedRow.objects.filter(upload=upload, verdict=Verdict.STAGED, row_number__gt=upload.cursor).exists()


def _preview_batch(upload: Import) -> None:
    kind = kind_of(upload.kind)
    outcome = BatchOutcome()
    if rows := _window(upload):
        outcome = _tried(kind.preview, upload, rows)
        _count(upload, outcome, "preview")
        upload.counts["examples"] = [*upload.counts.get("examples", []), *outcome.examples][:EXAMPLES]
        refused = {pk: verdict for pk, verdict in outcome.verdicts.items() if verdict[0] in _FINAL_IN_PREVIEW}
        _write_verdicts(refused)
    if not _has_more(upload):
        upload.counts["warnings"] = kind.warn(upload)
        upload.state, upload.cursor = Import.State.STAGED, 0


_FINAL_IN_PREVIEW = (Verdict.REJECTED, Verdict.IGNORED)


def _apply_batch(upload: Import) -> None:
    kind = kind_of(upload.kind)
    if rows := _window(upload):
        outcome = _tried(kind.apply, upload, rows)
        _count(upload, outcome, "result")
        _write_verdicts(outcome.verdicts)
    if not _has_more(upload):
        if upload.params.get("is_direct"):
            upload.counts["warnings"] = kind.warn(upload)
        kind.finish(upload)
        upload.state, upload.finished_at = Import.State.DONE, timezone.now()
        record_event(user=upload.uploaded_by, verb="import", kind="import", subject_id=upload.pk, counts=upload.counts)


def _tried(action: Action, upload: Import, rows: list[StagedRow]) -> BatchOutcome:
    try:
        with transaction.atomic():
            return action(upload, rows)
    except OperationalError:
        raise
    except Exception:
        # One thing that cannot be read or written must cost its own rows only.
        log.exception("Import %s: a batch failed, its keys are tried one by one", upload.pk)
        return _tried_one_by_one(action, upload, rows)


def _tried_one_by_one(action: Action, upload: Import, rows: list[StagedRow]) -> BatchOutcome:
    total = BatchOutcome()
    groups: dict[str, list[StagedRow]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    for group in groups.values():
        try:
            with transaction.atomic():
                outcome = action(upload, group)
        except OperationalError:
            raise
        except Exception as error:
            log.exception("Import %s: %s could not be taken", upload.pk, group[0].key)
            message = _("This could not be taken (%s). Nothing of it was changed.") % type(error).__name__
            outcome = BatchOutcome(verdicts={row.pk: (Verdict.REJECTED, "error", message) for row in group})
        total.verdicts |= outcome.verdicts
        total.figures += outcome.figures
        total.warnings += outcome.warnings
    return total


def _count(upload: Import, outcome: BatchOutcome, section: str) -> None:
    """Add an outcome's figures to counts[section], and rejected or ignored rows to the totals of the file."""
    figures = upload.counts.setdefault(section, {})
    for name, value in [*outcome.figures.items(), *outcome.warnings.items()]:
        figures[name] = figures.get(name, 0) + value
    for verdict, _code, _message in outcome.verdicts.values():
        if verdict in _FINAL_IN_PREVIEW:
            upload.counts[verdict] = upload.counts.get(verdict, 0) + 1
        else:
            figures[f"rows_{verdict}"] = figures.get(f"rows_{verdict}", 0) + 1


def _write_verdicts(verdicts: dict[int, tuple[str, str, str]]) -> None:
    if not verdicts:
        return
    columns = zip(*[(pk, *(str(part)[:500] for part in verdict)) for pk, verdict in verdicts.items()], strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE imports_stagedrow r SET verdict = v.verdict, code = v.code, message = v.message "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS v(id, verdict, code, message) "
            "WHERE r.id = v.id",
            [list(column) for column in columns],
        )
