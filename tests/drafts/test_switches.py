"""Packs and house rules switched by market, language and category."""

import pytest
from django.urls import reverse

from apps.core.models import AuditEvent
from apps.drafts.checking import check_text, check_texts, packs_key, rule_keys
from apps.drafts.models import PackSwitch, Severity
from apps.drafts.registry import CheckContext
from tests import factories

pytestmark = pytest.mark.django_db
LIST = reverse("admin:drafts_packswitch_changelist")
ADD = reverse("admin:drafts_packswitch_add")


def _severity(text="Climate neutral kettle", rule="law-eu", *, language="en", category="", markets=("DE",)):
    result = check_text(text, CheckContext("seo_title", language, category=category, markets=markets))
    return max((each.severity for each in result.findings if each.rule == rule), default=0)


ROWS = [
    ([], 3),
    ([{"is_on": False}], 0),
    ([{"is_on": False, "market": "DE"}], 0),
    ([{"is_on": False, "market": "EU"}], 0),
    ([{"is_on": False, "market": "FR"}], 3),
    ([{"is_on": False, "language": "zh-Hans"}], 3),
    ([{"is_on": False, "category": "kettles"}], 0),
    ([{"is_on": False, "category": "Cups"}], 3),
    ([{"severity": 2}], 2),
    ([{"severity": 1, "category": "Kettles"}], 1),
    ([{"is_on": False}, {"category": "Kettles"}], 3),
    ([{"is_on": False, "category": "Kettles"}, {"market": "DE", "language": "en"}], 0),
    ([{"is_on": False, "market": "DE"}, {"language": "en"}], 0),
]


@pytest.mark.parametrize(("rows", "severity"), ROWS)
def test_the_most_exact_switch_decides(rows, severity):
    for row in rows:
        PackSwitch.objects.create(pack="law-eu", **row)
    assert _severity(category="Kettles") == severity


def test_a_pack_can_be_switched_on_where_it_is_off():
    assert _severity(markets=("JP",)) == 0
    PackSwitch.objects.create(pack="law-eu", market="JP")
    assert _severity(markets=("JP",)) == 3


def test_on_in_one_of_the_markets_is_on():
    PackSwitch.objects.create(pack="law-eu", market="DE", is_on=False)
    assert _severity(markets=("DE",)) == 0
    assert _severity(markets=("DE", "FR")) == 3


def test_a_house_rule_can_be_switched_and_weighed():
    assert _severity("Warm!! coat for you", "exclamation") == Severity.WARN
    PackSwitch.objects.create(pack="exclamation", severity=Severity.BLOCK, category="Coats")
    assert _severity("Warm!! coat for you", "exclamation", category="Coats") == Severity.BLOCK
    assert _severity("Warm!! coat for you", "exclamation") == Severity.WARN


def test_the_keys_change_where_a_switch_counts_and_only_there():
    here, there = (CheckContext("seo_title", "en", category=name, markets=("DE",)) for name in ("Kettles", "Cups"))
    before = [result.key for result in check_texts([("A kettle", here), ("A kettle", there)])]
    packs, rules = packs_key(), rule_keys()
    row = PackSwitch.objects.create(pack="law-eu", category="Kettles", is_on=False)
    after = [result.key for result in check_texts([("A kettle", here), ("A kettle", there)])]
    assert (after[0] != before[0], after[1] == before[1]) == (True, True)
    assert packs_key() != packs
    assert {rule for rule, key in rule_keys().items() if key != rules[rule]} == {"law-eu"}
    row.delete()
    assert [result.key for result in check_texts([("A kettle", here)])] == before[:1]


def test_a_switch_does_not_reach_what_can_not_be_switched():
    PackSwitch.objects.create(pack="empty", is_on=False)
    assert _severity("", "empty") == Severity.BLOCK


def _sent(**values):
    return {"pack": "law-eu", "severity": "", "language": "", "market": "", "category": ""} | values


def test_a_manager_switches_in_the_admin(client):
    manager = factories.user("manager")
    client.force_login(manager)
    assert client.post(ADD, _sent(market="de")).status_code == 302
    row = PackSwitch.objects.get()
    assert (row.pack, row.market, row.is_on, row.changed_by) == ("law-eu", "DE", False, manager)
    assert _severity() == 0
    page = client.get(LIST).content.decode()
    assert "Advertising law, China" in page
    assert "on in EU; where a shop has no markets, in English" in page
    event = AuditEvent.objects.get(subject_kind="pack_switch")
    assert (event.verb, event.data["pack"], event.data["is_on"]) == ("add", "law-eu", False)


@pytest.mark.parametrize("values", [{"pack": "number"}, {"pack": "x"}, {"market": "Europe"}, {"market": "1!"}])
def test_a_switch_that_makes_no_sense_is_refused(client, values):
    client.force_login(factories.user("manager"))
    assert client.post(ADD, _sent(**values)).status_code == 200
    assert not PackSwitch.objects.exists()


def test_the_same_switch_stands_once(client):
    client.force_login(factories.user("manager"))
    client.post(ADD, _sent())
    assert client.post(ADD, _sent()).status_code == 200
    assert PackSwitch.objects.count() == 1


def test_a_reviewer_may_not_switch(client):
    client.force_login(factories.user("reviewer"))
    assert client.get(LIST).status_code == 403
    assert client.post(ADD, _sent()).status_code == 403


def test_markets_and_category_reach_the_rules():
    from apps.drafts.registry import provider_of

    shops = [
        factories.shop(languages=["en"], markets=["us", "GB"]),
        factories.shop(base_language="zh-Hans", languages=["zh-Hans"], markets=["CN"]),
    ]
    product = factories.product(in_shop=shops[0], category="Kettles")
    factories.listing(product, shops[1])
    english, chinese = factories.draft(product), factories.draft(product, language="zh-Hans")
    contexts = provider_of("description").check_contexts([english, chinese])
    assert contexts[english.pk].markets == ("GB", "US")
    assert contexts[chinese.pk].markets == ("CN",)
    assert (contexts[english.pk].category, contexts[english.pk].subject_id) == ("Kettles", product.pk)
