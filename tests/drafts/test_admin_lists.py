"""The lists: who may see them, how many queries they cost, what their filters and their search find."""

import uuid

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.models import AuditEvent
from apps.core.services import record_event
from apps.drafts.models import BannedWord, Decision, Draft
from apps.drafts.registry import provider_of
from tests import factories

pytestmark = pytest.mark.django_db
DRAFTS = reverse("admin:drafts_draft_changelist")
DECISIONS = reverse("admin:drafts_decision_changelist")
TRAIL = reverse("admin:core_auditevent_changelist")
WORDS = reverse("admin:drafts_bannedword_changelist")


def _decision(draft, user, **fields):
    values = {"verb": "approve", "from_status": "in_review", "to_status": "approved", "revision": 0} | fields
    return Decision.objects.create(
        key=uuid.uuid4(), draft=draft, kind=draft.kind, subject_id=draft.subject_id, field=draft.field,
        language=draft.language, by=user, **values,
    )  # fmt: skip


def _rows(count, user):
    version = factories.model_version()
    for _number in range(count):
        product = factories.product()
        draft = factories.draft(product, status="in_review", severity=0, model_version=version)
        _decision(Draft.objects.get(pk=draft.pk), user)
        record_event(user=user, verb="change", kind="fact", subject_id=product.pk, value="x")
        BannedWord.objects.create(word=f"word {draft.pk}", created_by=user)


# What each list costs, whatever its length: session, user and the two of permissions (4 in all) ...
COSTS = {
    # ... count, rows with their model, products, their facts, their listings, filters: categories, jobs
    DRAFTS: 4 + 7,
    # ... count, rows with their people, products, facts, listings, filters: people
    DECISIONS: 4 + 6,
    # ... count, rows with their people, filters: people, kinds
    TRAIL: 4 + 4,
    # ... count twice (Unfold shows both), rows with their people
    WORDS: 4 + 3,
}


@pytest.mark.parametrize("address", COSTS)
def test_a_list_costs_the_same_queries_for_3_rows_and_for_30(client, address):
    manager = factories.user("manager")
    client.force_login(manager)
    counts = []
    for rows in (3, 27):
        _rows(rows, manager)
        client.get(address)  # content types and the like are remembered by the process
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(address)
        assert page.status_code == 200
        counts.append(len(queries))
    assert counts == [COSTS[address]] * 2, "\n".join(query["sql"][:150] for query in queries.captured_queries)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("reviewer", {DRAFTS, DECISIONS}),
        ("manager", {DRAFTS, DECISIONS, TRAIL, WORDS}),
        ("engineer", {TRAIL}),
        ("", set()),
    ],
)
def test_a_list_opens_for_its_roles_only(client, role, allowed):
    client.force_login(factories.user(role))
    for address in COSTS:
        assert client.get(address).status_code == (200 if address in allowed else 403), address


@pytest.mark.parametrize("address", [DRAFTS, DECISIONS, TRAIL])
def test_nobody_adds_changes_or_deletes_rows_by_hand(client, address):
    root = User.objects.create_superuser("root")
    client.force_login(root)
    _rows(1, root)
    pk = {DRAFTS: Draft, DECISIONS: Decision}.get(address)
    row = pk.objects.first().pk if pk else _last_event()
    assert client.get(f"{address}add/").status_code == 403
    assert client.get(f"{address}{row}/change/").status_code == 200
    assert client.post(f"{address}{row}/change/", {"text": "x"}).status_code == 403
    assert client.get(f"{address}{row}/delete/").status_code == 403
    assert "delete_selected" not in client.get(address).content.decode()


def _last_event():
    return AuditEvent.objects.latest("id").pk


def _titles(page):
    return {row.subject_title for row in page.context["cl"].result_list}


def test_drafts_are_filtered(client):
    client.force_login(factories.user("manager"))
    kettle, lamp = factories.product(title="Kettle"), factories.product(title="Lamp", category="Lamps")
    factories.draft(kettle, status="in_review", severity=3, is_edited=True)
    factories.draft(lamp, status="failed", field="bullets", language="zh-Hans")
    for query in ("status=in_review", "severity=3", "field=long_description", "language=en", "category=Kettles",
                  "is_edited=yes", "parked=no&status=in_review"):  # fmt: skip
        assert _titles(client.get(f"{DRAFTS}?{query}")) == {"Kettle"}, query
    assert _titles(client.get(f"{DRAFTS}?status=failed")) == {"Lamp"}
    assert _titles(client.get(f"{DRAFTS}?job=7")) == set()


@pytest.mark.parametrize("query", ["severity=x", "job=x", "status=x", "q=%00", "p=999", "category='"])
def test_a_filter_that_makes_no_sense_breaks_nothing(client, query):
    client.force_login(factories.user("manager"))
    factories.draft(factories.product())
    assert client.get(f"{DRAFTS}?{query}").status_code in (200, 302)


def test_drafts_are_found_by_product_and_by_number(client, monkeypatch):
    client.force_login(factories.user("manager"))
    kettle, lamp = factories.product(title="Kestrel kettle"), factories.product(title="Heron lamp")
    first, _second = factories.draft(kettle), factories.draft(lamp)
    # The search is the subject's own: whatever its app finds, through its index.
    found = {"heron": [lamp.pk]}
    monkeypatch.setattr(provider_of("description"), "search", lambda text, limit: found.get(text, []))
    assert _titles(client.get(f"{DRAFTS}?q=heron")) == {"Heron lamp"}
    assert _titles(client.get(f"{DRAFTS}?q=%23{first.pk}")) == {"Kestrel kettle"}
    assert _titles(client.get(f"{DRAFTS}?q=nothing")) == set()


def test_decisions_are_filtered_by_person_verb_and_day(client):
    manager, other = factories.user("manager"), factories.user("reviewer")
    client.force_login(manager)
    draft = Draft.objects.get(pk=factories.draft(factories.product(), status="in_review").pk)
    mine, theirs = _decision(draft, manager), _decision(draft, other, verb="reject", to_status="rejected")

    def found(query):
        return [row.pk for row in client.get(f"{DECISIONS}?{query}").context["cl"].result_list]

    day = mine.at.date().isoformat()
    assert found(f"by={other.pk}") == [theirs.pk]
    assert found("verb=approve") == [mine.pk]
    assert found(f"at_from={day}&at_to={day}") == [theirs.pk, mine.pk]
    assert found("at_to=2001-01-01") == []
    assert found("at_from=nonsense") == [theirs.pk, mine.pk]


def test_a_deleted_actor_leaves_the_trail_readable(client):
    actor = factories.user("reviewer")
    record_event(user=actor, verb="change", kind="fact", subject_id=1)
    number = actor.pk
    actor.delete()
    client.force_login(factories.user("manager"))
    assert f"#{number}" in client.get(TRAIL).content.decode()
