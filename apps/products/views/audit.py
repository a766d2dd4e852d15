"""The audit of live text in the browser: start it, follow it, work through what it found."""

import tempfile
from functools import wraps
from pathlib import Path
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.core import languages
from apps.core.lists import CappedPaginator
from apps.drafts.admin.detail import Piece, pieces_of
from apps.drafts.models import Field, Severity
from apps.drafts.services.errors import Refused
from apps.products.models import AuditRun, LiveText, Shop
from apps.products.services.audit import overview as told
from apps.products.services.audit import runs
from apps.products.services.audit.advice import advice_for, rule_names
from apps.products.services.audit.sending import MOST, send_texts
from apps.products.services.audit.workbook import write_workbook

VIEW = "products.view_auditrun"
PER_PAGE = 30
SHOWN_SENTENCES = 3


def may(permission: str):
    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


@may(VIEW)
def audit_page(request):
    chosen = told.chosen_filters(request.GET)
    seen, names, recent = told.overview(), rule_names(), told.recent_runs()
    page = CappedPaginator(told.with_findings(told.ranked_texts(chosen)), PER_PAGE).get_page(request.GET.get("page"))
    texts = list(page.object_list)
    told.mark_those_on_the_desk(texts)
    for run in recent:
        run.said_cause = told.said_cause(run, names)
    return TemplateResponse(request, "products/audit.html", {
        **admin.site.each_context(request), "title": _("Live text audit"),
        "seen": seen, "tables": [(_("Shop"), "shop", seen.shops), (_("Language"), "language", seen.languages)],
        "recent": recent, "running": [run for run in recent if run.state == AuditRun.State.RUNNING],
        "gaps": _gaps(recent), "shops": Shop.objects.order_by("name"), "choices": _choices(seen),
        "chosen": chosen, "query": urlencode(chosen), "page": page, "rows": [_row(text, names) for text in texts],
        "most": MOST, "outdated": told.outdated_drafts().count(), "may_run": request.user.has_perm(runs.PERMISSION),
        "may_review": request.user.has_perm("drafts.review_draft"),
    })  # fmt: skip


@may(VIEW)
def outdated(request):
    """Every live text that a changed fact or rule has made outdated, with the sentences that it touches."""
    page = CappedPaginator(told.outdated_drafts(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "draft": draft, "language": languages.name(draft.language), "shops": told.shops_of(draft),
            "sentences": [pieces_of(group[0].sentence, group) for group in told.touched_sentences(draft)],
        }
        for draft in page.object_list
    ]  # fmt: skip
    return TemplateResponse(request, "products/audit_outdated.html", {
        **admin.site.each_context(request), "title": _("Outdated text in the shops"), "page": page, "rows": rows,
        "query": "", "may_review": request.user.has_perm("drafts.review_draft"),
    })  # fmt: skip


@may(VIEW)
def progress(request):
    """The part of the page that asks for itself while an audit runs; once none does, the page is loaded again."""
    recent = told.recent_runs()
    running = [run for run in recent if run.state == AuditRun.State.RUNNING]
    if not running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    may_run = request.user.has_perm(runs.PERMISSION)
    names = rule_names()
    for run in running:
        run.said_cause = told.said_cause(run, names)
    return render(request, "products/audit_progress.html", {"running": running, "may_run": may_run})


@may(runs.PERMISSION)
@require_POST
def start(request):
    code = request.POST.get("shop", "")
    shop = get_object_or_404(Shop, code=code) if code else None
    return _told(request, lambda: runs.start_audit(user=request.user, shop=shop), "")


@may(runs.PERMISSION)
@require_POST
def cancel(request, run_id: int):
    return _told(request, lambda: runs.cancel_audit(user=request.user, run_id=run_id), _("The audit was cancelled."))


@may(runs.PERMISSION)
@require_POST
def send(request):
    """Send one text to the desk, or the ticked ones, or all that the filters show."""
    chosen = told.chosen_filters(request.POST)
    if "all" in request.POST:
        ids = list(told.ranked_texts(chosen).values_list("pk", flat=True)[:MOST])
    else:
        asked = request.POST.getlist("one") or request.POST.getlist("text")
        ids = [int(pk) for pk in asked if pk.isascii() and pk.isdecimal() and len(pk) < 18]
    if not ids:
        messages.warning(request, _("Tick the texts that are to go to the desk."))
    else:
        sent, gone = send_texts(user=request.user, text_ids=ids)
        messages.success(request, _said(sent, gone))
    return redirect(f"{reverse('products:audit')}?{urlencode(chosen)}")


@may(VIEW)
def workbook(request):
    chosen = told.chosen_filters(request.GET)
    # Deleted as soon as it is open: the answer reads it from the open file.
    with tempfile.TemporaryDirectory(prefix="shopai-audit-") as folder:
        path = Path(folder) / "audit.xlsx"
        write_workbook(path, chosen=chosen)
        file = path.open("rb")
    name = f"audit-{timezone.localdate():%Y-%m-%d}.xlsx"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)


def _told(request, act, done: str):
    try:
        act()
        if done:
            messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("products:audit")


def _said(sent, gone: int) -> str:
    parts = [
        ngettext("%(n)d text is on the desk now.", "%(n)d texts are on the desk now.", sent.sent) % {"n": sent.sent}
    ]
    if sent.waiting:
        parts.append(
            ngettext("%(n)d was there already.", "%(n)d were there already.", sent.waiting) % {"n": sent.waiting}
        )
    if gone:
        parts.append(ngettext("%(n)d has no finding any more.", "%(n)d have no finding any more.", gone) % {"n": gone})
    return " ".join(parts)


def _choices(seen: told.Overview) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(name in the address, label, [(value, label)]) of each filter."""
    severities = [(str(value), label) for value, label in Severity.choices if value]
    return [
        ("rule", _("Rule"), [(rule, name) for rule, name, _findings, _texts in seen.rules]),
        ("severity", _("Worst finding"), severities[::-1]),
        ("shop", _("Shop"), [(tally.value, tally.name) for tally in seen.shops]),
        ("language", _("Language"), [(tally.value, tally.name) for tally in seen.languages]),
        ("category", _("Category"), [(name, name) for name in seen.categories]),
    ]


def _row(text: LiveText, names: dict[str, str]) -> dict:
    findings = list(text.findings.all())
    sentences: dict[int, list] = {}
    for found in findings:
        sentences.setdefault(found.sentence_start, []).append(found)
    shown = list(sentences.values())[:SHOWN_SENTENCES]
    return {
        "text": text,
        "language": languages.name(text.language),
        "sentences": [{"pieces": _pieces(group), "findings": _told_findings(group, names)} for group in shown],
        "advice": list(dict.fromkeys(advice_for(found.rule) for group in shown for found in group)),
        "more": len(findings) - sum(len(group) for group in shown),
    }


def _told_findings(group: list, names: dict[str, str]) -> list[dict]:
    """Each message once, with its rule."""
    told_once = {
        (found.rule, found.shown): {
            "rule": names.get(found.rule, found.rule), "severity": found.severity, "message": found.shown,
        }
        for found in group
    }  # fmt: skip
    return list(told_once.values())


def _pieces(group: list) -> list[Piece]:
    for found in group:
        found.start, found.end = found.start - found.sentence_start, found.end - found.sentence_start
    return pieces_of(group[0].sentence, group)


def _gaps(recent: list[AuditRun]) -> dict:
    """What the last finished run counted as missing."""
    done = next((run for run in recent if run.state == AuditRun.State.DONE), None)
    fields = dict(Field.choices)
    gaps = done.gaps if done else {}
    return {
        "texts": [
            row | {"field": fields.get(row["field"]), "language": languages.name(row["language"])}
            for row in gaps.get("texts", [])
        ],
        "facts": [row | {"language": languages.name(row["language"])} for row in gaps.get("facts", [])],
    }  # fmt: skip
