"""Product tables as a kind of upload (see apps.imports.registry.ImportKind)."""

from collections import defaultdict

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core import languages
from apps.imports.errors import ImportRefused
from apps.imports.models import Import, StagedRow
from apps.imports.registry import BatchOutcome
from apps.products import dialects
from apps.products.dialects import generic
from apps.products.models import Shop, SourceTable
from apps.products.services.import_changes import EXAMPLES, changes_of
from apps.products.services.import_plan import (
    CREATED,
    UPDATED,
    ImportContext,
    ProductPlan,
    is_base_language,
    plan_product,
)
from apps.products.services.import_state import BatchState, load_state
from apps.products.services.import_warnings import warnings_of
from apps.products.services.import_write import numbers_by_key, write_plans


class ProductsKind:
    """`upload.params`: `shop` (its code), `new_shop` (make it), `language` of the texts in the file."""

    kind = "products"
    label = gettext_lazy("Products")

    def options_form(self):
        from apps.products.forms import UploadOptionsForm

        return UploadOptionsForm

    def dialects(self) -> list[tuple[str, str]]:
        return list(dialects.NAMES.items())

    def recognise(self, header: list[str]) -> str:
        return dialects.recognise(header)

    def targets(self) -> list[tuple[str, str]]:
        return generic.TARGETS

    def propose(self, dialect: str, header: list[str]) -> dict:
        return dialects.propose(dialect, header)

    def check(self, upload: Import) -> None:
        find_shop(upload)
        if upload.dialect == generic.NAME:
            generic.check_mapping(upload.header, upload.mapping)
        elif "key" not in upload.mapping and "title" not in upload.mapping:
            raise ImportRefused("mapping", _("The file has neither a handle nor a title column."))

    def row_keys(self, upload: Import):
        return bind_table(upload).row_key

    def preview(self, upload: Import, rows: list[StagedRow]) -> BatchOutcome:
        context, state, plans = _plan(upload, rows)
        outcome = _outcome(plans, rows)
        labels = dict(zip(context.table.columns, upload.header, strict=True))
        for plan in [plan for plan in plans if plan.verdict == UPDATED][:EXAMPLES]:
            outcome.examples.append(
                {"title": plan.stored.listing.product.title, "changes": changes_of(plan, state, labels)}
            )
        return outcome

    def apply(self, upload: Import, rows: list[StagedRow]) -> BatchOutcome:
        with connection.cursor() as cursor:
            # Imports take turns, batch by batch: two of them may bring the same product, be it into two shops.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('shopai-import-products'))")
        context, _state, plans = _plan(upload, rows)
        table = SourceTable.objects.get(pk=upload.params["table"])
        write_plans(context=context, table=table, plans=plans, numbers=numbers_by_key(rows))
        return _outcome(plans, rows)

    def prepare(self, upload: Import) -> None:
        shop = find_shop(upload) or make_shop(upload)
        table = SourceTable.objects.create(
            shop=shop, upload=upload, dialect=upload.dialect, encoding=upload.encoding, delimiter=upload.delimiter,
            newline=upload.params.get("newline", "\n"), header=upload.header, mapping=upload.mapping,
        )  # fmt: skip
        upload.params |= {"table": table.pk, "language": file_language(upload, shop)}

    def finish(self, upload: Import) -> None:
        """Tables of earlier files that no row belongs to any more are gone, too."""
        others = Import.objects.filter(kind=self.kind, state=Import.State.RUNNING).exclude(pk=upload.pk)
        empty = SourceTable.objects.filter(shop__code=upload.params["shop"], rows__isnull=True)
        empty.exclude(upload__in=others).delete()

    def warn(self, upload: Import) -> list[str]:
        return warnings_of(upload, bind_table(upload))

    def next_steps(self, upload: Import) -> list[tuple[str, str]]:
        result = upload.counts.get("result", {})
        count = result.get("products_created", 0) + result.get("products_updated", 0)
        if not count:
            return []
        label = ngettext(
            "Write copy for the %(count)s new or changed product",
            "Write copy for the %(count)s new or changed products",
            count,
        )
        return [(label % {"count": count}, f"{reverse('generate')}?import={upload.pk}")]


def find_shop(upload: Import) -> Shop | None:
    """The shop of an upload; None for one that is to be made. Raises ImportRefused."""
    code = upload.params.get("shop", "")
    shop = Shop.objects.filter(code=code).first()
    if shop is None and not upload.params.get("new_shop"):
        raise ImportRefused("shop", _("There is no shop “%(code)s”. Choose one, or make a new one.") % {"code": code})
    return shop


def choose_shop(*, code: str, new_shop: bool) -> str:
    """The code that is meant; left out, it is the only shop there is. Raises ImportRefused."""
    if code:
        if not Shop.objects.filter(code=code).exists():
            if not new_shop:
                message = _("There is no shop “%(code)s”. Add --new-shop to make it.")
                raise ImportRefused("shop", message % {"code": code})
            Shop._meta.get_field("code").run_validators(code)
        return code
    codes = list(Shop.objects.values_list("code", flat=True)[:2])
    if len(codes) == 1:
        return codes[0]
    raise ImportRefused(
        "shop",
        _("There are several shops: say which one with --shop CODE.")
        if codes
        else _("There is no shop yet: give its code with --shop CODE --new-shop."),
    )


def make_shop(upload: Import) -> Shop:
    code = upload.params["shop"]
    language = file_language(upload, None)
    platform = Shop.Platform.SHOPIFY if upload.dialect == "shopify" else Shop.Platform.OTHER
    name = upload.params.get("shop_name") or code.replace("-", " ").replace("_", " ").title()
    shop, _made = Shop.objects.get_or_create(
        code=code,
        defaults={"name": name, "platform": platform, "base_language": language, "languages": [language]},
    )
    return shop


def file_language(upload: Import, shop: Shop | None) -> str:
    if given := upload.params.get("language"):
        return languages.normalize(given)
    return shop.base_language if shop else "en"


def bind_table(upload: Import, language: str = "en"):
    return dialects.bind(upload.dialect, upload.header, upload.mapping, language)


def _context(upload: Import) -> ImportContext:
    shop = find_shop(upload)
    language = file_language(upload, shop)
    return ImportContext(
        shop=shop,
        table=bind_table(upload, language),
        language=language,
        is_base=is_base_language(shop, language),
        may_drop=not upload.params.get("rows_unread"),
    )


def _plan(upload: Import, rows: list[StagedRow]) -> tuple[ImportContext, BatchState, list[ProductPlan]]:
    context = _context(upload)
    cells = defaultdict(list)
    for row in rows:
        cells[row.key].append(row.cells)
    records = [context.table.parse(key, group) for key, group in cells.items()]
    state = load_state(shop=context.shop, records=records, language=context.language)
    return context, state, [plan_product(context, state, record, cells[record.key]) for record in records]


def _outcome(plans: list[ProductPlan], rows: list[StagedRow]) -> BatchOutcome:
    outcome = BatchOutcome()
    by_key = {}
    for plan in plans:
        by_key[plan.record.key] = plan
        outcome.figures += plan.figures
        if plan.verdict in (CREATED, UPDATED, "unchanged"):
            outcome.figures[f"products_{plan.verdict}"] += 1
            outcome.figures["variants"] += len(plan.record.variants)
    for row in rows:
        plan = by_key[row.key]
        outcome.verdicts[row.pk] = (plan.verdict, plan.code, plan.message)
    return outcome
