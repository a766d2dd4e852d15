"""Accepted findings: who may, what never, how far they reach and when they end."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.models import AuditEvent
from apps.drafts.checking import check_text
from apps.drafts.models import BannedWord, Draft, RuleException, Severity
from apps.drafts.registry import CheckContext
from apps.drafts.services import Refused, exceptions
from apps.drafts.services.editing import recheck
from tests import factories
from tests.drafts.rule_cases import context

pytestmark = pytest.mark.django_db
TEXT = "A kettle of steel that holds 1.7 l. It is a gizmo for a small kitchen as well as for a large one."
WHY = "A term of the trade, see the style guide."


@pytest.fixture
def draft():
    BannedWord.objects.create(word="gizmo")
    return factories.delivered(factories.product(title="Kestrel kettle"), TEXT)


def _accept(draft, rule="banned_word", piece="gizmo", user=None, text=TEXT, **options):
    start = text.index(piece)
    return exceptions.accept_finding(
        user=user or factories.user("manager"), draft_id=draft.pk, revision=draft.revision, rule=rule, start=start,
        end=start + len(piece), **{"reason": WHY} | options,
    )  # fmt: skip


def _severities(draft, rule="banned_word"):
    return [each.severity for each in recheck(drafts=[draft])[draft.pk].findings if each.rule == rule]


def test_an_accepted_finding_is_a_note_that_says_who_and_why(draft):
    user = factories.user("manager", first_name="Mei", last_name="Lin")
    assert draft.severity == Severity.BLOCK
    row = _accept(draft, user=user)
    draft.refresh_from_db()
    assert draft.severity < Severity.BLOCK
    (finding,) = [each for each in recheck(drafts=[draft])[draft.pk].findings if each.rule == "banned_word"]
    assert finding.severity == Severity.INFO
    assert finding.message == f"Accepted by Mei Lin: {WHY} (“gizmo” may not be used.)"
    assert (row.phrase, row.subject_id, row.language, row.by) == ("gizmo", draft.subject_id, "en", user)
    event = AuditEvent.objects.get(subject_kind="rule_exception")
    assert (event.verb, event.actor, event.data["reason"], event.data["draft"]) == ("accept", user, WHY, draft.pk)


def test_the_check_key_changes_with_an_exception_that_applies(draft):
    before = draft.check_key
    row = _accept(draft)
    draft.refresh_from_db()
    assert draft.check_key != before
    exceptions.withdraw(user=factories.user("manager"), exception_id=row.pk)
    recheck(drafts=[draft])
    assert (draft.check_key, draft.severity) == (before, Severity.BLOCK)


def test_an_exception_of_another_product_changes_nothing(draft):
    other = factories.delivered(factories.product(title="Other kettle"), TEXT)
    before = other.check_key
    _accept(draft)
    assert _severities(other) == [Severity.BLOCK]
    assert Draft.objects.get(pk=other.pk).check_key == before


def test_it_is_void_when_the_facts_change(draft):
    from apps.products.models import Product

    _accept(draft)
    assert _severities(draft) == [Severity.INFO]
    Product.objects.update(facts_key="changed")
    assert _severities(draft) == [Severity.BLOCK]


def test_it_ends(draft):
    row = _accept(draft, expires_at=timezone.now() + timedelta(days=1))
    assert _severities(draft) == [Severity.INFO]
    RuleException.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert _severities(draft) == [Severity.BLOCK]


def test_withdrawing_twice_leaves_one_event(draft):
    row = _accept(draft)
    manager = factories.user("manager")
    exceptions.withdraw(user=manager, exception_id=row.pk)
    exceptions.withdraw(user=manager, exception_id=row.pk)
    assert AuditEvent.objects.filter(subject_kind="rule_exception", verb="withdraw").count() == 1
    assert RuleException.objects.count() == 1


NEVER = [
    ("number", "9 l", "A kettle of steel that holds 9 l and suits a small kitchen as well as a large one."),
    ("law-eu", "climate neutral", "A climate neutral kettle of steel that suits a small kitchen and a large one."),
    ("safety", "cures cancer", "A kettle of steel that cures cancer and suits a small kitchen and a large one."),
]


@pytest.mark.parametrize(("rule", "piece", "text"), NEVER)
def test_numbers_law_and_health_can_never_be_accepted(rule, piece, text):
    draft = factories.delivered(factories.product(title="Kestrel kettle"), text)
    with pytest.raises(Refused, match="Nobody may accept") as refused:
        _accept(draft, rule=rule, piece=piece, text=text)
    assert refused.value.code == "not_allowed"
    assert not RuleException.objects.exists()


def test_a_reviewer_may_not(draft):
    with pytest.raises(Refused, match="right"):
        _accept(draft, user=factories.user("reviewer"))


REFUSED = [
    ({"reason": " no "}, "audit trail"),
    ({"expires_at": timezone.now() - timedelta(days=1)}, "future"),
    ({"piece": "kettle"}, "changed"),
]


@pytest.mark.parametrize(("values", "why"), REFUSED)
def test_what_makes_no_sense_is_refused(draft, values, why):
    with pytest.raises(Refused, match=why):
        _accept(draft, **values)


def test_a_text_that_moved_on_is_refused(draft):
    Draft.objects.filter(pk=draft.pk).update(revision=draft.revision + 1)
    with pytest.raises(Refused, match="changed elsewhere"):
        _accept(draft)


SCOPES = [
    ({}, True),
    ({"category": "kettles"}, True),
    ({"category": "Cups"}, False),
    ({"market": "EU"}, True),
    ({"market": "US"}, False),
    ({"language": "en"}, True),
    ({"language": "zh-Hans"}, False),
    ({"phrase": "gizmo"}, True),
    ({"phrase": "thing"}, False),
]


@pytest.mark.parametrize(("scope", "applies"), SCOPES)
def test_an_exception_reaches_as_far_as_its_scope(scope, applies):
    BannedWord.objects.create(word="gizmo")
    row = RuleException(rule="banned_word", reason=WHY, **scope)
    exceptions.add_exception(user=factories.user("manager"), row=row)
    checked = CheckContext("seo_title", "en-GB", category="Kettles", markets=("DE",))
    severity = next(
        each.severity for each in check_text("A GIZMO of steel", checked).findings if each.rule == "banned_word"
    )
    assert (severity == Severity.INFO) is applies


def test_one_query_finds_the_exceptions_of_many_texts(draft, django_assert_num_queries):
    from apps.drafts.accepting import applicable

    _accept(draft)
    contexts = [CheckContext("bullets", "en", kind="description", subject_id=number) for number in range(50)]
    with django_assert_num_queries(1):
        applicable(contexts)


def test_the_desk_accepts(client, draft):
    client.force_login(factories.user("manager"))
    start = TEXT.index("gizmo")
    body = {"draftId": draft.pk, "revision": draft.revision, "rule": "banned_word", "start": start, "end": start + 5}
    url = reverse("desk:accept")
    assert client.post(url, body, content_type="application/json").status_code == 400
    answer = client.post(url, body | {"reason": WHY}, content_type="application/json")
    assert answer.json() == {"exceptionId": RuleException.objects.get().pk}
    client.force_login(factories.user("reviewer"))
    assert client.post(url, body | {"reason": WHY}, content_type="application/json").status_code == 409


LIST = reverse("admin:drafts_ruleexception_changelist")
ADD = reverse("admin:drafts_ruleexception_add")
EMPTY = dict.fromkeys(["phrase", "expires_at", "language", "market", "category"], "")


def test_a_manager_adds_and_withdraws_one_in_the_admin(client):
    client.force_login(factories.user("manager"))
    sent = EMPTY | {"rule": "emoji", "reason": WHY, "market": "us"}
    assert client.post(ADD, sent).status_code == 302
    row = RuleException.objects.get()
    assert (row.rule, row.market, row.reason) == ("emoji", "US", WHY)
    url = reverse("admin:drafts_ruleexception_change", args=[row.pk])
    assert WHY in client.get(url).content.decode()
    day = timezone.localdate() + timedelta(days=7)
    assert client.post(url, {"expires_at": day.isoformat()}).status_code == 302
    row.refresh_from_db()
    assert timezone.localdate(row.expires_at) == day + timedelta(days=1)
    assert f'value="{day.isoformat()}"' in client.get(url).content.decode()
    client.post(reverse("admin:drafts_ruleexception_withdraw_this", args=[row.pk]))
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert "withdrawn" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "values",
    [
        {"rule": "law-cn", "market": "CN"},
        {"rule": "number", "market": "CN"},
        {"reason": "x"},
        {},
        {"market": "Europe"},
        {"market": "US", "expires_at": "2020-01-01"},
    ],
)
def test_an_exception_that_makes_no_sense_is_refused_by_the_form(client, values):
    client.force_login(factories.user("manager"))
    assert client.post(ADD, EMPTY | {"rule": "emoji", "reason": WHY} | values).status_code == 200
    assert not RuleException.objects.exists()


def test_the_list_costs_a_fixed_number_of_queries(client):
    manager = factories.user("manager")
    client.force_login(manager)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert "Kestrel" in client.get(LIST).content.decode()
        return len(captured)

    def accept(number):
        product = factories.product(title=f"Kestrel {number}")
        where = {"kind": "description", "subject_id": product.pk}
        RuleException.objects.create(rule="emoji", reason=WHY, by=manager, **where)

    accept(1)
    first = queries()
    for number in range(5):
        accept(number)
    assert queries() == first


def test_a_reviewer_does_not_see_the_list(client):
    client.force_login(factories.user("reviewer"))
    assert client.get(LIST).status_code == 403


def test_a_finding_of_a_rule_that_failed_can_never_be_accepted(settings):
    settings.SHOPAI_RULES = ["tests.drafts.test_checking.Failing"]
    (finding,) = check_text("text", context()).findings
    assert finding.may_except is False
