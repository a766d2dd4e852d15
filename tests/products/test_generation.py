"""From a request to candidates on the desk, through the queue, with a recording model."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.drafts.models import Candidate, Draft
from apps.drafts.services import Refused
from apps.llm import services as llm
from apps.llm.backends.base import GenerateResult, PermanentLLMError, TransientLLMError
from apps.llm.backends.recording import RecordingBackend
from apps.llm.models import Prompt
from apps.products.services.generation import request_copy
from apps.work import services as work
from apps.work.models import Job, WorkItem
from apps.work.services import jobs, slices
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def backend():
    made = RecordingBackend(answer=lambda request, seed: f"{factories.GOOD_TEXT} Text {seed}.")
    former = llm.set_backend(made)
    yield made
    llm.set_backend(former)


@pytest.fixture
def manager():
    return factories.user("manager")


def request(manager, products, **options):
    options = {"fields": ["long_description"], "languages": ["en"]} | options
    return request_copy(user=manager, product_ids=[product.pk for product in products], **options)


def work_off():
    while lease := work.claim():
        slices.work_on(lease)


def test_one_product_gets_several_candidates_without_a_job(backend, manager):
    outcome = request(manager, [factories.product()])
    work_off()
    draft = Draft.objects.get()
    assert outcome.job is None
    assert (draft.status, draft.candidates.count()) == ("in_review", 4)
    assert draft.text == draft.chosen.text
    assert draft.model_version.name
    assert Prompt.objects.get(hash=draft.prompt_hash).text
    assert draft.sampling["temperature"] > 0
    assert len(set(draft.candidates.values_list("seed", flat=True))) == 4


def test_a_job_writes_two_candidates_each_in_the_order_asked(backend, manager):
    products = [factories.product() for _ in range(6)]
    outcome = request(manager, products)
    work_off()
    outcome.job.refresh_from_db()
    assert outcome.job.state == "done"
    assert Candidate.objects.count() == 12
    ordinals = WorkItem.objects.order_by("ordinal").values_list("target_id", flat=True)
    assert list(ordinals) == outcome.draft_ids


def test_products_without_need_are_skipped_with_the_reason(backend, manager):
    left_alone = factories.product(leave_alone=True)
    bare = factories.product(brand="", category="")
    bare.facts.exclude(role="title").delete()
    open_already = factories.product()
    request(manager, [open_already])
    done = factories.product()
    factories.draft(done, status="live", reviewed_at="2026-01-01T00:00Z", facts_key=done.facts_key)
    outcome = request(manager, [left_alone, bare, open_already, done, factories.product()])
    assert outcome.requested == 1
    assert outcome.skipped == {"leave_alone": 1, "no_facts": 1, "open_draft": 1, "unchanged": 1}


def test_changed_facts_ask_for_new_text(backend, manager):
    product = factories.product()
    factories.draft(product, status="live", reviewed_at="2026-01-01T00:00Z", facts_key="older")
    assert request(manager, [product]).requested == 1


def test_a_sample_is_written_first_and_gates_the_rest(backend, manager):
    outcome = request(manager, [factories.product() for _ in range(8)], has_sample=True)
    work_off()
    assert Draft.objects.filter(status="in_review", is_sample=True).count() == 3
    assert Draft.objects.filter(status="requested").count() == 5
    jobs.release_sample(user=manager, job=outcome.job)
    work_off()
    assert Draft.objects.filter(status="in_review").count() == 8


def test_a_product_deleted_meanwhile_closes_its_work_quietly(backend, manager):
    gone, stays = factories.product(), factories.product()
    request(manager, [gone, stays])
    former = backend.generate

    def generate(requests):
        gone.delete()
        return former(requests)

    backend.generate = generate
    work_off()
    assert Draft.objects.get().subject_id == stays.pk
    assert set(WorkItem.objects.values_list("state", flat=True)) <= {"done", "cancelled"}


def test_a_model_that_is_missing_fails_nothing(backend, manager):
    request(manager, [factories.product()])

    def generate(requests):
        raise PermanentLLMError("The folder holds no model.")

    backend.generate = generate
    slices.work_on(work.claim())
    assert Draft.objects.get().status == "requested"
    assert WorkItem.objects.get().reason == "The folder holds no model."


def test_a_passing_error_of_the_model_is_tried_again(backend, manager):
    request(manager, [factories.product()])
    former = backend.generate

    def generate(requests):
        backend.generate = former
        raise TransientLLMError("out of memory")

    backend.generate = generate
    work_off()
    WorkItem.objects.update(not_before=None)
    work_off()
    assert Draft.objects.get().status == "in_review"


def test_a_prompt_that_is_too_long_fails_alone_and_can_be_retried(backend, manager):
    outcome = request(manager, [factories.product(), factories.product()])
    former = backend.generate
    backend.generate = lambda requests: [GenerateResult(error="The prompt is too long."), *former(requests[1:])]
    work_off()
    assert set(Draft.objects.values_list("status", "reason")) == {
        ("failed", "The prompt is too long."),
        ("in_review", ""),
    }
    backend.generate = former
    jobs.retry_failed(user=manager, job=outcome.job)
    work_off()
    assert set(Draft.objects.values_list("status", flat=True)) == {"in_review"}


def test_cancelling_a_job_cancels_its_drafts(backend, manager):
    outcome = request(manager, [factories.product(), factories.product()])
    jobs.cancel_job(user=manager, job=outcome.job)
    assert set(Draft.objects.values_list("status", flat=True)) == {"cancelled"}


def test_an_unknown_field_or_language_is_refused_and_nothing_is_made(manager):
    for wrong in ({"fields": ["poem"]}, {"languages": ["klingon!"]}, {"languages": []}):
        with pytest.raises(Refused):
            request(manager, [factories.product()], **wrong)
    assert not Job.objects.exists()
    assert not Draft.objects.exists()


def test_asking_takes_its_own_right():
    with pytest.raises(Refused) as caught:
        request(factories.user("reviewer"), [factories.product()])
    assert caught.value.code == "not_allowed"


def test_a_batch_costs_a_fixed_number_of_queries(backend, manager):
    def queries(count):
        request(manager, [factories.product() for _ in range(count)])
        lease = work.claim()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            slices.work_on(lease)
        assert len(lease.rows) == count
        return len(captured)

    # Prompts, facts, checks, candidates and findings are read and written set by set, never row by row.
    queries(2)
    few = queries(2)
    assert queries(4) == few
    assert few < 45
