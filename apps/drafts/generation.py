"""The work handler for drafts: prompts in, candidates and findings out."""

import logging
from dataclasses import dataclass, replace
from itertools import islice
from time import monotonic

from django.conf import settings
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import languages
from apps.drafts.checking import CheckResult, check_texts
from apps.drafts.models import Candidate, Draft, Finding
from apps.drafts.registry import CheckContext, provider_of
from apps.drafts.services.editing import clean_text
from apps.drafts.services.sampling import candidate_seeds, sampling_for
from apps.drafts.services.transitions import move
from apps.drafts.states import Status
from apps.llm import prompts
from apps.llm.backends.base import Completion, GenerateRequest, PermanentLLMError, TransientLLMError
from apps.llm.models import ModelVersion, Prompt
from apps.llm.services import current_model_version, get_backend, prompt_text, store_prompts
from apps.work import liveness
from apps.work.models import Lane
from apps.work.registry import Failure, Handler, TransientWorkError

logger = logging.getLogger(__name__)
# Eight rows cost hardly more time than one, so a batch is never held smaller on a slow machine.
SMALLEST_BATCH, LARGEST_BATCH = 8, 256
NO_MODEL_SECONDS = 20


@dataclass
class Order:
    """A draft as the model needs it."""

    draft: Draft
    version: ModelVersion
    round: int
    prompt: prompts.RenderedPrompt
    request: GenerateRequest
    context: CheckContext


@dataclass
class Delivery:
    """What the model wrote for a draft, checked."""

    order: Order
    completions: list[Completion]
    results: list[CheckResult]


class DraftHandler(Handler):
    kind = "draft"

    def __init__(self) -> None:
        # By lane, because an interactive draft asks for more candidates than one of a bulk job.
        self._limits: dict[int, int] = {}

    def warm_up(self) -> None:
        try:
            version = current_model_version()
        except (PermanentLLMError, TransientLLMError) as error:
            logger.error("No model: %s", error)
            liveness.report_model(name=settings.SHOPAI_MODEL, loaded=False, reason=str(error))
        else:
            liveness.report_model(name=version.name, loaded=True)

    def limit(self, *, lane: int, seconds: float) -> int:
        return self._limits.get(lane, SMALLEST_BATCH)

    def prepare(self, target_ids: list[int]) -> dict[int, Order | Failure]:
        try:
            style, version = get_backend().info().style, current_model_version()
        except (PermanentLLMError, TransientLLMError) as error:
            raise TransientWorkError(str(error), seconds=NO_MODEL_SECONDS) from error
        rows = Draft.objects.filter(pk__in=target_ids, status=Status.REQUESTED).select_related("job")
        drafts = {draft.pk: draft for draft in rows.annotate(last_round=Max("candidates__round"))}
        contexts, checks = {}, {}
        for kind in {draft.kind for draft in drafts.values()}:
            mine = [draft for draft in drafts.values() if draft.kind == kind]
            contexts |= provider_of(kind).prompt_contexts([draft.pk for draft in mine])
            checks |= provider_of(kind).check_contexts(mine)
        return {
            pk: self._order(draft, style, version, contexts[pk], checks[pk])
            for pk, draft in drafts.items()
            if pk in contexts and pk in checks
        }

    def _order(self, draft: Draft, style: str, version: ModelVersion, context: dict, check: CheckContext):
        if version.languages and not any(languages.same(draft.language, known) for known in version.languages):
            names = ", ".join(languages.name(known) for known in version.languages)
            return Failure(
                _("The model in use writes %(known)s, not %(wanted)s. Choose another model (SHOPAI_MODEL).")
                % {"known": names, "wanted": languages.name(draft.language)}
            )
        task = provider_of(draft.kind).task
        prompt = prompts.render(task=task, language=draft.language, style=style, context=context)
        round_ = (draft.last_round or 0) + 1
        request = GenerateRequest(
            prompt=prompt,
            n=draft.candidates_wanted,
            seeds=candidate_seeds(seed=draft.seed, round=round_, n=draft.candidates_wanted),
            sampling=sampling_for(field=draft.field, style=style),
        )
        return Order(draft, version, round_, prompt, request, check)

    def perform(self, prepared: dict[int, Order | Failure]) -> dict[int, Delivery | Failure]:
        results = {pk: order for pk, order in prepared.items() if isinstance(order, Failure)}
        orders = {pk: order for pk, order in prepared.items() if isinstance(order, Order)}
        if not orders:
            return results
        started = monotonic()
        try:
            answers = get_backend().generate([order.request for order in orders.values()])
        except TransientLLMError as error:
            raise TransientWorkError(str(error)) from error
        except PermanentLLMError as error:
            raise TransientWorkError(str(error), seconds=NO_MODEL_SECONDS) from error
        self._learn(orders, monotonic() - started)
        written = {}
        for (pk, order), answer in zip(orders.items(), answers, strict=True):
            if answer.error:
                results[pk] = Failure(answer.error)
            else:
                written[pk] = (order, answer.completions)
        return results | deliveries(written)

    def _learn(self, orders: dict[int, Order], seconds: float) -> None:
        """Move the lane's limit towards batches that last SHOPAI_BATCH_SECONDS.

        A batch has a price of its own, so time per row says little; scaling the last size by target/measured settles
        where a batch lasts as long as it should. A batch that was small because little waited teaches nothing.
        """
        lane = min(Lane.INTERACTIVE if order.draft.job is None else order.draft.job.lane for order in orders.values())
        limit = self.limit(lane=lane, seconds=0)
        if 2 * len(orders) < limit:
            return
        scale = min(2.0, max(0.5, settings.SHOPAI_BATCH_SECONDS / max(seconds, 1e-3)))
        self._limits[lane] = min(LARGEST_BATCH, max(SMALLEST_BATCH, round(len(orders) * scale)))

    def store(self, results: dict[int, Delivery]) -> None:
        """Candidates, findings and the move to review, set by set; a draft that is no longer requested is left."""
        locked = Draft.objects.select_for_update(of=("self",)).filter(pk__in=results, status=Status.REQUESTED)
        drafts = {draft.pk: draft for draft in locked.order_by("pk")}
        deliveries = [results[pk] for pk in drafts]
        store_prompts([_prompt_row(each.order) for each in deliveries])
        candidates = Candidate.objects.bulk_create(
            candidate for delivery in deliveries for candidate in _candidates(delivery)
        )
        place = {(each.draft_id, each.ordinal): each for each in candidates}
        findings = []
        for delivery in deliveries:
            pk = delivery.order.draft.pk
            best = min(range(len(delivery.results)), key=lambda i, of=delivery: (of.results[i].severity, i))
            _fill(drafts[pk], delivery, best, place[pk, best + 1])
            for ordinal, result in enumerate(delivery.results, 1):
                findings += _findings(pk, place[pk, ordinal], result)
            findings += _findings(pk, None, delivery.results[best])
        Finding.objects.filter(draft__in=drafts, candidate__isnull=True).delete()
        Finding.objects.bulk_create(findings)
        Draft.objects.bulk_update(drafts.values(), _FILLED)
        move(draft_ids=list(drafts), verb="deliver", delivered_at=Now(), updated_at=Now())

    def fail(self, reasons: dict[int, str]) -> None:
        for pk, reason in reasons.items():
            move(draft_ids=[pk], verb="fail", reason=reason[:500], updated_at=Now())

    def cancel(self, target_ids: list[int]) -> None:
        waiting = Draft.objects.filter(pk__in=target_ids, status=Status.REQUESTED).values_list("pk", flat=True)
        move(draft_ids=list(waiting), verb="cancel", updated_at=Now())

    def retry(self, target_ids: list[int]) -> list[int]:
        from apps.drafts.services.retrying import retry_failed

        return retry_failed(draft_ids=target_ids)


def deliveries(written: dict[int, tuple[Order, tuple[Completion, ...]]]) -> dict[int, Delivery | Failure]:
    """Clean, drop doubles and check what the model wrote, by draft id; all texts of the batch are checked in one go."""
    kept: dict[int, list[Completion]] = {}
    for pk, (_order, completions) in written.items():
        texts = {clean_text(each.text): each for each in reversed(completions)}
        texts.pop("", None)
        kept[pk] = [replace(each, text=text) for text, each in reversed(texts.items())]
    items = [
        (each.text, replace(written[pk][0].context, finish_reason=each.finish_reason))
        for pk, completions in kept.items()
        for each in completions
    ]
    checked = iter(check_texts(items))
    return {
        pk: Delivery(written[pk][0], completions, list(islice(checked, len(completions))))
        if completions
        else Failure(_("The model wrote nothing for this."))
        for pk, completions in kept.items()
    }


_FILLED = [
    "text", "chosen", "is_edited", "severity", "check_key", "facts_key", "model_version", "prompt_hash", "sampling",
]  # fmt: skip


def _fill(draft: Draft, delivery: Delivery, best: int, chosen: Candidate) -> None:
    draft.text, draft.chosen, draft.is_edited = chosen.text, chosen, False
    draft.severity, draft.check_key = delivery.results[best].severity, delivery.results[best].key
    draft.facts_key = delivery.order.context.facts_key
    draft.model_version, draft.prompt_hash = delivery.order.version, delivery.order.prompt.hash
    draft.sampling = delivery.order.request.sampling.as_dict()
    draft.updated_at = timezone.now()


def _candidates(delivery: Delivery):
    for ordinal, (each, result) in enumerate(zip(delivery.completions, delivery.results, strict=True), 1):
        yield Candidate(
            draft_id=delivery.order.draft.pk, round=delivery.order.round, ordinal=ordinal, text=each.text,
            seed=each.seed, tokens=each.tokens, finish_reason=each.finish_reason, severity=result.severity,
        )  # fmt: skip


def _findings(draft_id: int, candidate: Candidate | None, result: CheckResult) -> list[Finding]:
    return [
        Finding(
            draft_id=draft_id, candidate=candidate, rule=found.rule, severity=found.severity,
            start=found.start, end=found.end, message=found.message[:500], wording=found.wording,
        )
        for found in result.findings
    ]  # fmt: skip


def _prompt_row(order: Order) -> Prompt:
    task = provider_of(order.draft.kind).task
    text = prompt_text(order.prompt)
    return Prompt(hash=order.prompt.hash, task=task, language=order.draft.language, text=text)
