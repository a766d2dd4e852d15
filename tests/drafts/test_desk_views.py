"""The desk's pages and endpoints: who may use them, what they answer, what they cost."""

import json
import uuid

import pytest
from django.urls import reverse

from apps.drafts.models import Decision, DeskPreference, Draft, SheetClaim
from tests import factories

pytestmark = pytest.mark.django_db
GOOD = factories.GOOD_TEXT
FALSE = GOOD.replace("1.7", "9")


@pytest.fixture
def reviewer():
    return factories.user("reviewer")


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer)
    return client


def delivered(*texts, **fields):
    return factories.delivered(factories.product(in_shop=factories.shop()), *texts, **fields)


def post(client, name, body):
    return client.post(reverse(f"desk:{name}"), json.dumps(body), content_type="application/json")


def approval(draft, **changed):
    entry = {
        "verb": "approve",
        "draftId": draft.pk,
        "revision": draft.revision,
        "checkKey": draft.check_key,
        "key": str(uuid.uuid4()),
    }
    return entry | changed


def decide(client, *entries):
    return post(client, "decide", {"decisions": list(entries)}).json()["results"]


def test_a_stranger_is_sent_to_the_login_and_a_script_gets_401(client):
    assert client.get(reverse("desk:desk")).status_code == 302
    answer = client.get(reverse("desk:next"))
    assert (answer.status_code, answer.json()["code"]) == (401, "login")


@pytest.mark.parametrize("name", ["desk", "decisions", "next", "count", "panel", "filters", "empty"])
def test_without_the_right_to_review_nothing_is_shown(client, name):
    client.force_login(factories.user("engineer"))
    assert client.get(reverse(f"desk:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["decide", "save", "choose", "release", "preferences"])
def test_without_the_right_to_review_nothing_is_changed(client, name):
    client.force_login(factories.user("engineer"))
    assert post(client, name, {}).status_code == 403


def test_a_decision_without_a_csrf_token_is_refused(reviewer):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reviewer)
    assert post(strict, "decide", {"decisions": []}).status_code == 403


def test_the_desk_shows_the_first_sheet_and_claims_it(desk, reviewer):
    draft = delivered()
    page = desk.get(reverse("desk:desk")).content.decode()
    assert GOOD in page
    assert "steel" in page
    assert SheetClaim.objects.get().reviewer == reviewer
    assert str(draft.check_key) in page


def test_model_output_and_facts_are_escaped(desk):
    evil = "<script>alert(1)</script></textarea><img src=x onerror=alert(2)>"
    product = factories.product(in_shop=factories.shop(), title=evil, facts={evil: evil})
    factories.delivered(product, evil)
    page = desk.get(reverse("desk:desk")).content.decode()
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_pages_hold_no_inline_script_or_style_of_ours(desk):
    delivered()
    fragment = desk.get(reverse("desk:next")).content.decode()
    assert "style=" not in fragment
    assert "onclick" not in fragment
    assert fragment.count("<script") == 1
    assert 'type="application/json"' in fragment


def test_next_gives_204_when_nothing_waits(desk):
    assert desk.get(reverse("desk:next")).status_code == 204


def test_the_next_sheet_costs_a_fixed_number_of_queries(desk, django_assert_num_queries):
    product = factories.product(in_shop=factories.shop(), facts={f"Fact {n}": f"{n} g" for n in range(20)})
    for field in ("long_description", "mobile_description", "bullets", "seo_title"):
        factories.delivered(product, GOOD, FALSE, GOOD + "!", field=field)
    desk.get(reverse("desk:next"))
    # Session, user, the two of permissions, the reviewer's languages, seventeen of next_sheet, what is being written.
    with django_assert_num_queries(23):
        assert desk.get(reverse("desk:next")).status_code == 200


def test_an_address_shows_its_sheet_and_one_that_is_done_says_so(desk):
    draft = delivered()
    address = reverse("desk:sheet", args=["description", draft.subject_id])
    assert GOOD in desk.get(address).content.decode()
    Draft.objects.update(status="cancelled")
    assert "Nothing on that sheet waits" in desk.get(address).content.decode()
    assert desk.get(reverse("desk:sheet_fragment", args=["description", draft.subject_id])).status_code == 409
    assert desk.get(reverse("desk:sheet", args=["nothing", 1])).status_code == 404


def test_a_sheet_that_is_being_written_says_what_it_waits_for(desk):
    draft = factories.draft(factories.product())
    page = desk.get(reverse("desk:sheet", args=["description", draft.subject_id])).content.decode()
    assert "The model is writing" in page
    assert "Long description (en)" in page


def test_a_sheet_that_another_has_claimed_names_them(desk):
    draft, other = delivered(), factories.user("reviewer")
    from apps.drafts.services import sheets

    sheets.load_sheet(user=other, kind="description", subject_id=draft.subject_id, wants_claim=True)
    page = desk.get(reverse("desk:sheet", args=["description", draft.subject_id])).content.decode()
    assert f"{other.username} is working on this sheet" in page
    assert desk.get(reverse("desk:next")).status_code == 204


def test_decisions_are_taken_in_order_and_one_refusal_stops_none_of_the_others(desk):
    good, blocked, late = delivered(), delivered(FALSE), delivered()
    results = decide(desk, approval(good), approval(blocked), approval(late, revision=99), approval(late))
    assert [result.get("code") for result in results] == [None, "blocked", "stale", None]
    assert all(result["message"] for result in results if not result["ok"])
    assert set(Draft.objects.filter(status="approved").values_list("pk", flat=True)) == {good.pk, late.pk}


def test_a_batch_sent_twice_decides_once(desk):
    entries = [approval(delivered()) for _ in range(3)]
    assert decide(desk, *entries) == decide(desk, *entries)
    assert Decision.objects.count() == 3


def test_every_verb_of_the_desk_reaches_its_service(desk):
    def key():
        return str(uuid.uuid4())

    rejected, parked, again = delivered(), delivered(), delivered()
    place = {"revision": rejected.revision}
    results = decide(
        desk,
        {
            "verb": "reject",
            "draftId": rejected.pk,
            "key": key(),
            "reason": "tone",
            "note": "mail me@shop.example",
            **place,
        },
        {"verb": "park", "draftId": parked.pk, "key": key(), "note": "ask Tom", **place},
        {"verb": "regenerate", "draftId": again.pk, "key": key(), "guidance": "shorter", **place},
        {"verb": "take_back", "draftId": rejected.pk, "key": key()},
        {"verb": "unpark", "draftId": parked.pk, "key": key()},
    )
    assert [result.get("status") for result in results] == [
        "rejected",
        "in_review",
        "requested",
        "in_review",
        "in_review",
    ]
    assert Draft.objects.get(pk=again.pk).guidance == "shorter"
    assert not Decision.objects.filter(note__contains="@").exists()


@pytest.mark.parametrize(
    "entry",
    [None, {}, {"verb": "drop"}, {"verb": "approve", "draftId": "x", "key": "y"}, {"verb": "approve", "key": 1}],
)
def test_an_incomplete_decision_is_answered_not_raised(desk, entry):
    (result,) = decide(desk, entry)
    assert (result["ok"], result["code"]) == (False, "invalid")


@pytest.mark.parametrize("body", [[], {"decisions": []}, {"decisions": "all"}, {"decisions": [{}] * 101}])
def test_what_is_no_list_of_decisions_is_a_bad_request(desk, body):
    assert post(desk, "decide", body).status_code == 400


def test_saving_returns_the_next_revision_and_what_the_rules_found(desk):
    draft = delivered()
    answer = post(desk, "save", {"draftId": draft.pk, "revision": draft.revision, "text": FALSE}).json()
    assert answer["revision"] == draft.revision + 1
    assert answer["isEdited"]
    (finding,) = answer["findings"]
    assert FALSE[finding["start"] : finding["end"]].startswith("9")
    assert (
        decide(desk, approval(draft, revision=answer["revision"], checkKey=answer["checkKey"]))[0]["code"] == "blocked"
    )


def test_a_stale_save_is_a_conflict_with_a_reason(desk):
    draft = delivered()
    place = {"draftId": draft.pk, "revision": draft.revision}
    assert post(desk, "save", place | {"text": "One."}).status_code == 200
    late = post(desk, "save", place | {"text": "Two."})
    assert (late.status_code, late.json()["code"]) == (409, "stale")


def test_choosing_a_candidate_makes_it_the_text(desk):
    draft = delivered(GOOD, GOOD + " It is light.")
    second = draft.candidates.last()
    body = {"draftId": draft.pk, "revision": draft.revision, "candidateId": second.pk}
    assert post(desk, "choose", body).json()["chosenId"] == second.pk
    assert Draft.objects.get().text == second.text


def test_filters_stand_in_the_address_and_nonsense_counts_as_none(desk):
    delivered()
    for query in (
        "category=Kettles",
        "severity=0&field=long_description&language=EN",
        "severity=nine&job=x&field=y&language=!",
    ):
        assert desk.get(f"{reverse('desk:next')}?{query}").status_code == 200, query
    assert desk.get(f"{reverse('desk:next')}?category=Lamps").status_code == 204
    assert "Kettles" in desk.get(reverse("desk:filters")).content.decode()


def test_the_empty_desk_says_what_to_do_next(desk):
    assert "Nothing waits for review" in desk.get(reverse("desk:desk")).content.decode()
    assert "Show every sheet" in desk.get(f"{reverse('desk:desk')}?category=X").content.decode()
    factories.draft(factories.product())
    assert "still writing" in desk.get(reverse("desk:empty")).content.decode()


def test_the_count_tells_how_much_is_left(desk):
    delivered(), delivered()
    assert desk.get(reverse("desk:count"), {"category": "Kettles"}).json() == {"left": 2, "secondsPerSheet": None}


def test_releasing_gives_sheets_to_others(desk):
    draft = delivered()
    desk.get(reverse("desk:next"))
    post(desk, "release", {"sheets": [{"kind": "description", "subjectId": draft.subject_id}, "nonsense"]})
    assert not SheetClaim.objects.exists()


def test_my_decisions_can_be_taken_back_until_they_are_exported(desk):
    draft = delivered()
    decide(desk, approval(draft))
    assert "data-take-back" in desk.get(reverse("desk:decisions")).content.decode()
    assert "data-take-back" in desk.get(reverse("desk:panel")).content.decode()
    Draft.objects.update(status="exported")
    assert "data-take-back" not in desk.get(reverse("desk:decisions")).content.decode()


def test_the_panel_costs_a_fixed_number_of_queries(desk, django_assert_num_queries):
    decide(desk, *[approval(delivered()) for _ in range(4)])
    # Session, user, the two of permissions, decisions with drafts, the three of their products.
    with django_assert_num_queries(8):
        desk.get(reverse("desk:panel"))


def test_keys_are_remembered_and_clashes_refused(desk, reviewer):
    assert (
        post(desk, "preferences", {"languages": ["zh"], "hasKeys": False, "keys": {"reject": "X"}}).status_code == 200
    )
    row = DeskPreference.objects.get(user=reviewer)
    assert (row.languages, row.has_keys, row.keys) == (["zh-Hans"], False, {"reject": "x"})
    for keys in ({"reject": "a"}, {"reject": "Enter"}, {"reject": "1"}, {"fly": "q"}):
        assert post(desk, "preferences", {"keys": keys}).status_code == 400, keys
