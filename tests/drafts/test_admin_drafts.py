"""A draft's page and what a manager does with many drafts at once."""

import uuid

import pytest
from django.urls import reverse

from apps.core.models import AuditEvent
from apps.drafts.admin.detail import pieces_of
from apps.drafts.models import Decision, Draft, Finding
from apps.llm.models import Prompt
from apps.work.models import WorkItem
from apps.work.services import enqueue
from tests import factories

pytestmark = pytest.mark.django_db
LIST = reverse("admin:drafts_draft_changelist")


def _act(client, action, drafts, **data):
    return client.post(LIST, {"action": action, "_selected_action": [d.pk for d in drafts], **data}, follow=True)


def _messages(page):
    return " ".join(str(message) for message in page.context["messages"])


def _page(client, draft):
    return client.get(reverse("admin:drafts_draft_change", args=[draft.pk])).content.decode()


def test_the_page_shows_texts_findings_decisions_and_how_it_was_written(client):
    manager = factories.user("manager")
    client.force_login(manager)
    draft = factories.delivered(factories.product(title="Kestrel kettle"), factories.GOOD_TEXT, "It weighs 9 kg <b>.")
    page = _page(client, draft)
    assert "Kestrel kettle" in page
    assert factories.GOOD_TEXT in page
    assert "No confirmed fact says “9 kg”" in page
    assert "&lt;b&gt;" in page
    assert "<b>." not in page
    assert reverse("desk:sheet", args=[draft.kind, draft.subject_id]) in page
    assert "Show the prompt" in page
    assert Prompt.objects.get(pk=draft.prompt_hash).text.split("\n")[0][:30] in page


def test_the_prompt_is_only_for_those_who_may_see_prompts(client):
    draft = factories.delivered(factories.product())
    client.force_login(factories.user("reviewer"))
    assert "Show the prompt" not in _page(client, draft)


def test_a_draft_without_texts_has_a_page(client):
    client.force_login(factories.user("reviewer"))
    draft = factories.draft(factories.product(), status="failed", reason="The model was away.")
    page = _page(client, draft)
    assert "The model was away." in page
    assert "Nothing yet" in page


def test_a_page_of_a_draft_that_is_gone_leads_back(client):
    client.force_login(factories.user("reviewer"))
    assert client.get(reverse("admin:drafts_draft_change", args=[999999])).status_code == 302


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [("abcdef", 0)]),
        ([(1, 3, 2)], [("a", 0), ("bc", 2), ("def", 0)]),
        ([(1, 4, 2), (3, 6, 3)], [("a", 0), ("bc", 2), ("d", 3), ("ef", 3)]),
        ([(4, 99, 3)], [("abcd", 0), ("ef", 3)]),
        ([(2, 2, 3), (9, 12, 3)], [("abcdef", 0)]),
    ],
)
def test_text_is_cut_where_findings_begin_and_end(spans, expected):
    findings = [Finding(start=start, end=end, severity=severity, message="m") for start, end, severity in spans]
    assert [(piece.text, piece.severity) for piece in pieces_of("abcdef", findings)] == expected


def test_bulk_approval_takes_the_clean_and_says_why_not_the_others(client):
    client.force_login(factories.user("manager"))
    clean = factories.delivered(factories.product())
    flagged = factories.delivered(
        factories.product(), "It weighs 9 kg and keeps the water hot for as long as you like."
    )
    page = _act(client, "approve_clean", [clean, flagged])
    clean.refresh_from_db()
    flagged.refresh_from_db()
    assert (clean.status, flagged.status) == ("approved", "in_review")
    assert "1 draft approved." in _messages(page)
    assert f"#{flagged.pk}" in _messages(page)
    assert "9 kg" in _messages(page)


def test_bulk_rejection_asks_for_a_reason_first(client):
    client.force_login(factories.user("manager"))
    drafts = [factories.delivered(factories.product()) for _number in range(2)]
    asked = _act(client, "reject", drafts)
    assert "2 drafts are rejected" in asked.content.decode()
    assert Decision.objects.count() == 0
    form = {"confirmed": "1", "key": str(uuid.uuid4()), "draft_ids": ",".join(str(d.pk) for d in drafts)}
    answer = form | {"reason": "tone", "note": "Too loud."}
    for _twice in range(2):
        page = client.post(LIST, {"action": "reject", "_selected_action": drafts[0].pk, **answer}, follow=True)
        assert "2 drafts rejected." in _messages(page)
    assert (
        list(Decision.objects.values_list("verb", "reason", "note", "is_bulk"))
        == [("reject", "tone", "Too loud.", True)] * 2
    )


@pytest.mark.parametrize(
    "changed", [{"reason": ""}, {"reason": "because"}, {"key": "no key"}, {"draft_ids": "x, 1; DROP"}]
)
def test_a_rejection_that_makes_no_sense_changes_nothing(client, changed):
    client.force_login(factories.user("manager"))
    draft = factories.delivered(factories.product())
    form = {"confirmed": "1", "key": str(uuid.uuid4()), "draft_ids": str(draft.pk), "reason": "tone"} | changed
    page = client.post(LIST, {"action": "reject", "_selected_action": draft.pk, **form}, follow=True)
    assert page.status_code == 200
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("action", ["approve_clean", "reject", "retry_failed", "cancel"])
def test_a_reviewer_has_no_bulk_actions(client, action):
    client.force_login(factories.user("reviewer"))
    draft = factories.delivered(factories.product())
    assert f'value="{action}"' not in client.get(LIST).content.decode()
    _act(client, action, [draft], confirmed="1", key=str(uuid.uuid4()), draft_ids=str(draft.pk), reason="tone")
    assert Draft.objects.get(pk=draft.pk).status == "in_review"


def test_failed_drafts_get_another_try_in_their_job(client):
    client.force_login(factories.user("manager"))
    failed = factories.draft(factories.product(), status="failed", reason="The model was away.")
    enqueue(kind="draft", target_ids=[failed.pk])
    WorkItem.objects.update(state="failed", deaths=3, reason="The model was away.")
    other = factories.delivered(factories.product())
    page = _act(client, "retry_failed", [failed, other])
    assert "1 draft waits for the model again." in _messages(page)
    assert Draft.objects.get(pk=failed.pk).status == "requested"
    assert list(WorkItem.objects.values_list("target_id", "state", "deaths")) == [(failed.pk, "open", 0)]
    assert AuditEvent.objects.filter(verb="retry", subject_kind="draft").count() == 1


def test_cancelling_takes_what_waits_and_leaves_what_is_written(client):
    client.force_login(factories.user("manager"))
    waiting, written = factories.draft(factories.product()), factories.delivered(factories.product())
    enqueue(kind="draft", target_ids=[waiting.pk])
    page = _act(client, "cancel", [waiting, written])
    assert "1 draft cancelled." in _messages(page)
    assert Draft.objects.get(pk=waiting.pk).status == "cancelled"
    assert Draft.objects.get(pk=written.pk).status == "in_review"
    assert WorkItem.objects.get().state == "cancelled"


def test_a_huge_selection_is_done_in_parts(client, monkeypatch):
    monkeypatch.setattr("apps.drafts.admin.drafts.MOST_AT_ONCE", 2)
    client.force_login(factories.user("manager"))
    drafts = [factories.delivered(factories.product()) for _number in range(3)]
    page = _act(client, "approve_clean", drafts)
    assert "Only the first 2 were taken." in _messages(page)
    assert Draft.objects.filter(status="approved").count() == 2
