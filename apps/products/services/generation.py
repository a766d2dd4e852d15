"""Asking the model for product copy: one product, a selection, a filter or all; a sample first where it is many."""

from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from apps.core import languages as tags
from apps.core.wording import Wording
from apps.drafts.models import Draft, Field
from apps.drafts.services.decisions import new_seed
from apps.drafts.services.errors import Refused, not_allowed
from apps.drafts.states import OPEN_STATUSES
from apps.products.models import DescriptionDraft, Fact, Product, Shop
from apps.work.models import Job, Lane
from apps.work.services import enqueue
from apps.work.services.jobs import create_job

KIND = "description"
SKIP_REASONS = {
    "leave_alone": gettext_lazy("marked “leave alone”"),
    "no_facts": gettext_lazy("no confirmed fact to write from"),
    "open_draft": gettext_lazy("a draft is open already"),
    "unchanged": gettext_lazy("approved text of the same facts exists"),
}
CHUNK = 1000


@dataclass
class RequestOutcome:
    """`requested` drafts; `skipped` counts drafts by reason code; `job` is None for one product or where nothing is."""

    job: Job | None = None
    requested: int = 0
    skipped: Counter = field(default_factory=Counter)
    draft_ids: list[int] = field(default_factory=list)


def request_copy(*, user, product_ids: list[int], fields: list[str], languages: list[str], **options) -> RequestOutcome:
    """Make drafts (product by product, in the order given) and queue them as one job.

    `has_sample`: only the first products (SHOPAI_SAMPLE_SIZE) are written until someone releases the rest.
    `wants_again`: also where approved text of the same facts exists. Raises Refused for an unknown field or language.
    Options: those of `_request`.
    """
    try:
        with transaction.atomic():
            return _request(user=user, product_ids=product_ids, fields=fields, languages=languages, **options)
    except IntegrityError:
        raise Refused("invalid", _("Someone asked for the same drafts at the same moment. Try again.")) from None


def preview_request(*, product_ids: list[int], fields: list[str], languages: list[str], **options) -> RequestOutcome:
    """What `request_copy` with these arguments would ask for and skip; changes nothing. Raises Refused as it does."""
    wanted = _require_request(None, fields, languages)
    outcome = RequestOutcome()
    ids = list(dict.fromkeys(product_ids))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        shop = options.get("shop")
        template = {"scope_id": shop.pk if shop else 0}
        drafts = _wanted_drafts(
            chunk, fields, wanted, shop, template, set(), options.get("wants_again", False), outcome
        )
        outcome.requested += len(drafts)
    return outcome


def _request(
    *, user, product_ids, fields, languages, shop: Shop | None = None, lane: int = Lane.BULK, n: int | None = None,
    guidance: str = "", has_sample: bool = False, wants_again: bool = False, title: Wording | str = "",
) -> RequestOutcome:  # fmt: skip
    wanted = _require_request(user, fields, languages)
    outcome = RequestOutcome()
    ids = list(dict.fromkeys(product_ids))
    has_sample = has_sample and len(ids) > settings.SHOPAI_SAMPLE_SIZE
    is_single = len(ids) == 1
    if not is_single:
        outcome.job = create_job(
            user=user, kind=KIND, title=title or _title(len(ids)), lane=lane, has_sample=has_sample,
            params={"fields": fields, "languages": wanted, "products": len(ids), "guidance": guidance[:500]},
        )  # fmt: skip
    count = n or (settings.SHOPAI_CANDIDATES_SINGLE if is_single else settings.SHOPAI_CANDIDATES_BULK)
    sample = set(ids[: settings.SHOPAI_SAMPLE_SIZE]) if has_sample else set()
    template = {
        "kind": KIND, "scope_id": shop.pk if shop else 0, "job": outcome.job, "candidates_wanted": count,
        "guidance": guidance[:500], "requested_by": user if user and user.pk else None,
    }  # fmt: skip
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        drafts = _wanted_drafts(chunk, fields, wanted, shop, template, sample, wants_again, outcome)
        outcome.draft_ids += insert_drafts(drafts)
    outcome.requested = len(outcome.draft_ids)
    _queue(outcome, lane, sample)
    return outcome


def _require_request(user, fields: list[str], languages: list[str]) -> list[str]:
    if user is not None and not user.has_perm("drafts.request_draft"):
        raise not_allowed()
    if not fields:
        raise Refused("invalid", _("Choose a field."))
    if unknown := [name for name in fields if name not in Field.values]:
        raise Refused("invalid", _("Unknown field: %(names)s") % {"names": ", ".join(unknown)})
    if not languages:
        raise Refused("invalid", _("Choose a language."))
    try:
        return list(dict.fromkeys(tags.normalize(language) for language in languages))
    except ValueError as error:
        raise Refused("invalid", str(error)) from None


def _title(count: int) -> Wording:
    return Wording(gettext_noop("Copy for %(products)s"), products=counted(count))


def counted(count: int) -> Wording:
    if count == 1:
        return Wording(gettext_noop("one product"))
    return Wording(gettext_noop("%(n)d products"), n=count)


def _wanted_drafts(
    ids, fields, languages, shop, template, sample, wants_again, outcome: RequestOutcome
) -> list[DescriptionDraft]:
    """Drafts (not saved) of a chunk of products; counts in `outcome` what is skipped."""
    products = Product.objects.in_bulk(ids)
    has_facts = set(
        Fact.objects.confirmed()
        .filter(product__in=ids)
        .exclude(role=Fact.Role.TITLE)
        .values_list("product_id", flat=True)
        .distinct()
    )
    taken = _taken(ids, template["scope_id"], wants_again)
    drafts = []
    for pk in ids:
        product = products.get(pk)
        if product is None:
            continue
        reason = "leave_alone" if product.leave_alone else "" if pk in has_facts else "no_facts"
        for language in languages:
            for name in fields:
                place = taken.get((pk, name, language), {})
                skip = reason or place.get("open") or place.get(product.facts_key)
                if skip:
                    outcome.skipped[skip] += 1
                    continue
                drafts.append(
                    DescriptionDraft(
                        **template, subject_id=pk, product=product, shop=shop, category=product.category, field=name,
                        language=language, seed=new_seed(), is_sample=pk in sample, facts_key=product.facts_key,
                    )
                )  # fmt: skip
    return drafts


def _taken(ids, scope_id: int, wants_again: bool) -> dict:
    """(product, field, language) -> {"open": reason} or {facts key: reason} for what needs no new draft."""
    taken: dict[tuple, dict[str, str]] = {}
    rows = Draft.objects.filter(kind=KIND, subject_id__in=ids, scope_id=scope_id)
    done = [] if wants_again else ["published", "exported", "live"]
    rows = rows.filter(status__in=[*OPEN_STATUSES, *done])
    for pk, name, language, status, facts_key in rows.values_list(
        "subject_id", "field", "language", "status", "facts_key"
    ):
        place = taken.setdefault((pk, name, language), {})
        if status in OPEN_STATUSES:
            place["open"] = "open_draft"
        else:
            place[facts_key] = "unchanged"
    return taken


def insert_drafts(drafts: list[DescriptionDraft]) -> list[int]:
    """Insert parents and children in two statements; Django's bulk_create can't do it for a multi-table child."""
    parent_fields = [each for each in Draft._meta.local_concrete_fields if not each.primary_key]
    parents = [Draft(**{each.attname: getattr(draft, each.attname) for each in parent_fields}) for draft in drafts]
    Draft.objects.bulk_create(parents, batch_size=CHUNK)
    if parents:
        rows = [(parent.pk, draft.product_id, draft.shop_id) for parent, draft in zip(parents, drafts, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {DescriptionDraft._meta.db_table} (draft_ptr_id, product_id, shop_id) "
                "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])",
                [list(column) for column in zip(*rows, strict=True)],
            )
    return [parent.pk for parent in parents]


def _queue(outcome: RequestOutcome, lane: int, sample: set[int]) -> None:
    if not outcome.draft_ids:
        if outcome.job:
            Job.objects.filter(pk=outcome.job.pk).delete()
            outcome.job = None
        return
    held_from = 0
    if sample:
        held_from = Draft.objects.filter(pk__in=outcome.draft_ids, is_sample=True).count()
        if not held_from or held_from == len(outcome.draft_ids):
            Job.objects.filter(pk=outcome.job.pk).update(state=Job.State.RUNNING)
            held_from = 0
    enqueue(kind="draft", target_ids=outcome.draft_ids, lane=lane, job=outcome.job, held=held_from)
