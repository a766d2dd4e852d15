"""The page that asks the model for copy: of one product, a selection, an upload, a filter or all."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import languages as tags
from apps.drafts.models import Draft, Field
from apps.drafts.services import Refused
from apps.drafts.states import TO_READ, Status
from apps.llm.services import model_card
from apps.products.models import Product, Shop
from apps.products.services.generation import KIND, SKIP_REASONS, preview_request, request_copy
from apps.products.services.selection import Selection
from apps.work.models import Lane, WorkItem

SAMPLE_FROM = 10
MAX_CANDIDATES = 5


class GenerateForm(forms.Form):
    """What to write. Languages that the model in use does not write can't be chosen."""

    fields_wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Fields"), choices=Field.choices, widget=forms.CheckboxSelectMultiple,
        initial=[Field.LONG_DESCRIPTION],
    )  # fmt: skip
    languages = forms.MultipleChoiceField(label=gettext_lazy("Languages"), widget=forms.CheckboxSelectMultiple)
    candidates = forms.IntegerField(label=gettext_lazy("Candidates of each"), min_value=1, max_value=MAX_CANDIDATES)
    guidance = forms.CharField(
        label=gettext_lazy("Guidance"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What the text should stress or avoid. It can't add facts."),
    )  # fmt: skip
    sample_first = forms.BooleanField(label=gettext_lazy("A sample of three first"), required=False)
    wants_again = forms.BooleanField(
        label=gettext_lazy("Also where approved text of the same facts exists"), required=False
    )

    def __init__(self, *args, known_languages: list[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = [(tag, tags.name(tag)) for tag in known_languages]

    def options(self) -> dict:
        """Keyword arguments of `request_copy`."""
        data = self.cleaned_data
        return {
            "fields": data["fields_wanted"], "languages": data["languages"], "n": data["candidates"],
            "guidance": data["guidance"], "wants_again": data["wants_again"],
        }  # fmt: skip


@login_required
def generate(request: HttpRequest) -> HttpResponse:
    """GET: what would be asked for; POST with `confirm`: ask for it. Needs drafts.request_draft."""
    if not (request.user.is_staff and request.user.has_perm("drafts.request_draft")):
        raise PermissionDenied
    selection = Selection.from_query(request.POST if request.method == "POST" else request.GET)
    ids = list(selection.products().values_list("pk", flat=True))
    written, unwritten = _languages(selection)
    form = _form(request, ids, written)
    outcome = None
    if form.is_valid() and ids:
        if "confirm" in request.POST:
            return _ask(request, form, selection, ids)
        outcome = preview_request(product_ids=ids, **form.options())
    context = {
        **admin.site.each_context(request), "title": _("Write copy"), "form": form, "count": len(ids),
        "selection": selection, "outcome": outcome, "unwritten": [tags.name(tag) for tag in unwritten],
        "skipped": [(SKIP_REASONS[code], n) for code, n in outcome.skipped.items()] if outcome else [],
        "card": model_card(),
    }  # fmt: skip
    return render(request, "products/generate.html", context)


def _form(request: HttpRequest, ids: list[int], written: list[str]) -> GenerateForm:
    single = len(ids) == 1
    initial = {
        "fields_wanted": [Field.LONG_DESCRIPTION.value],
        "languages": written[:1],
        "candidates": settings.SHOPAI_CANDIDATES_SINGLE if single else settings.SHOPAI_CANDIDATES_BULK,
        "sample_first": len(ids) > SAMPLE_FROM,
    }
    # Bound from the start, so that the page always says what would happen.
    return GenerateForm(request.POST if request.method == "POST" else initial, known_languages=written)


def _languages(selection: Selection) -> tuple[list[str], list[str]]:
    """The shops' languages that the model in use writes, and those that it does not."""
    shops = Shop.objects.filter(code=selection.shop) if selection.shop else Shop.objects.all()
    wanted: dict[str, None] = {}
    for base, more in shops.order_by("pk").values_list("base_language", "languages"):
        wanted |= dict.fromkeys([base, *more])
    known = [tags.normalize(tag) for tag in model_card().get("languages") or []]
    written = [tag for tag in wanted if not known or tags.normalize(tag) in known]
    return written or known[:1] or ["en"], [tag for tag in wanted if tag not in written]


def _ask(request: HttpRequest, form: GenerateForm, selection: Selection, ids: list[int]) -> HttpResponse:
    single = len(ids) == 1
    try:
        outcome = request_copy(
            user=request.user, product_ids=ids, lane=Lane.INTERACTIVE if single else Lane.BULK,
            has_sample=form.cleaned_data["sample_first"], title=selection.title(len(ids)), **form.options(),
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('generate')}?{selection.as_query()}")
    if not outcome.requested:
        messages.info(request, _("Nothing was asked for: every product was skipped."))
        return redirect(f"{reverse('generate')}?{selection.as_query()}")
    if outcome.job:
        return redirect("admin:work_job_change", outcome.job.pk)
    return redirect("generate-wait", ids[0])


@login_required
def wait(request: HttpRequest, product_id: int) -> HttpResponse:
    """Shown while the model writes for one product; leads to its sheet as soon as everything is written.

    Asked by HTMX it answers with the state alone, or with the redirect. Needs drafts.request_draft.
    """
    if not (request.user.is_staff and request.user.has_perm("drafts.request_draft")):
        raise PermissionDenied
    product = Product.objects.filter(pk=product_id).first()
    if product is None and "HX-Request" in request.headers:
        return render(request, "products/waiting_part.html", {"product": None})
    if product is None:
        raise Http404
    drafts = Draft.objects.filter(kind=KIND, subject_id=product_id)
    waiting = drafts.filter(status=Status.REQUESTED).count()
    if not waiting and drafts.filter(status__in=[*TO_READ, Status.ABSTAINED]).exists():
        sheet = reverse("desk:sheet", args=[KIND, product_id])
        return HttpResponse(headers={"HX-Redirect": sheet}) if "HX-Request" in request.headers else redirect(sheet)
    newest = drafts.order_by("-pk").first()
    context = {
        "product": product, "waiting": waiting, "title": product.title,
        "failed": newest.reason if newest and newest.status == Status.FAILED else "",
        "delay": WorkItem.objects.filter(kind="draft", target_id__in=drafts.values("pk"), state="open")
        .exclude(reason="").values_list("reason", flat=True).first(),
    }  # fmt: skip
    if "HX-Request" in request.headers:
        return render(request, "products/waiting_part.html", context)
    return render(request, "products/waiting.html", {**admin.site.each_context(request), **context})
