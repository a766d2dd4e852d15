"""Export in the browser: choose, see what will be in it, fetch the files."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.models import AuditEvent
from apps.products.models import Shop
from apps.products.services.export import PERMISSION, ExportRefused
from apps.products.services.export.browser import export_to_keep, kept_file, past_exports, preview

COPY, AGAIN, FULL = "copy", "again", "full"
KINDS = [
    (COPY, _("Changed copy"), _("Handle, title and approved text that was not exported yet; nothing else.")),
    (AGAIN, _("Changed copy, once more"), _("Also what was exported before and was not seen in the shop since.")),
    (FULL, _("The whole file"), _("Every row and column as it was imported, approved text in place.")),
]  # fmt: skip


class ExportForm(forms.Form):
    shop = forms.ModelChoiceField(Shop.objects.order_by("name"), to_field_name="code")
    kind = forms.ChoiceField(choices=[(kind, label) for kind, label, _help in KINDS])


def export_page(request):
    _require(request)
    shops = list(Shop.objects.order_by("name"))
    form = ExportForm(request.POST or request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    shop, kind = chosen.get("shop") or (shops[0] if shops else None), chosen.get("kind") or COPY
    if request.method == "POST" and chosen:
        return _export(request, shop, kind)
    done = (
        AuditEvent.objects.filter(pk=request.GET.get("done") or 0, verb="export").first()
        if _is_number(request)
        else None
    )
    return TemplateResponse(request, "products/export.html", {
        **admin.site.each_context(request),
        "title": _("Export"), "shops": shops, "shop": shop, "kinds": KINDS, "kind": kind,
        "preview": preview(shop=shop, is_full=kind == FULL, again=kind == AGAIN) if shop else None,
        "past": past_exports(shop) if shop else [], "done": done,
    })  # fmt: skip


def _is_number(request) -> bool:
    return request.GET.get("done", "").isdigit()


def _export(request, shop: Shop, kind: str):
    page = f"{reverse('products:export')}?shop={shop.code}&kind={kind}"
    try:
        outcome = export_to_keep(user=request.user, shop=shop, is_full=kind == FULL, again=kind == AGAIN)
    except ExportRefused as error:
        messages.error(request, str(error))
        return redirect(page)
    return redirect(f"{page}&done={outcome.event_id}")


def download(request, event_id: int, name: str):
    _require(request)
    event = get_object_or_404(AuditEvent, pk=event_id, verb="export")
    path = kept_file(event, name)
    if path is None:
        raise Http404(_("This file is no longer kept. Export once more."))
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _require(request) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
