"""What the desk, the lists and the home page say of texts that two people have to read."""

import json
import re
import uuid

import pytest
from django.core.cache import cache
from django.urls import reverse

from apps.drafts.models import Draft
from apps.products.models import Shop
from tests import factories

pytestmark = pytest.mark.django_db
OTHER = factories.GOOD_TEXT + " It is made of steel."


@pytest.fixture
def mei():
    return factories.user("reviewer", username="mei")


@pytest.fixture
def tom():
    return factories.user("manager", username="tom")


@pytest.fixture
def draft():
    return factories.delivered(factories.product(in_shop=factories.shop(second_review=True)))


def decide(client, user, verb, draft):
    client.force_login(user)
    fresh = Draft.objects.get(pk=draft.pk)
    entry = {"verb": verb, "draftId": fresh.pk, "revision": fresh.revision, "checkKey": fresh.check_key}
    body = {"decisions": [entry | {"key": str(uuid.uuid4()), "reason": "tone"}]}
    (result,) = client.post(reverse("desk:decide"), json.dumps(body), content_type="application/json").json()["results"]
    return result


def field_of(client, name="next", *args) -> dict:
    page = client.get(reverse(f"desk:{name}", args=args)).content.decode()
    data = re.search(r'id="desk-data" type="application/json">(.*?)</script>', page).group(1)
    return json.loads(data)["drafts"][0]


def test_the_second_reader_is_told_who_read_it_first(client, draft, mei, tom):
    assert decide(client, mei, "approve", draft)["status"] == "second_review"
    assert client.get(reverse("desk:next")).status_code == 204
    client.force_login(tom)
    shown = field_of(client)
    told = ("status", "firstReader", "isFirstReader", "isChangedSince", "needsSecond", "isDecidable")
    assert [shown[name] for name in told] == ["second_review", "mei", False, False, True, True]


def test_an_edit_is_answered_with_what_it_means_for_the_first_approval(client, draft, mei, tom):
    decide(client, mei, "approve", draft)
    client.force_login(tom)
    for text, is_changed in ((OTHER, True), (draft.text, False)):
        place = {"draftId": draft.pk, "revision": Draft.objects.get().revision}
        answer = client.post(reverse("desk:save"), json.dumps(place | {"text": text}), content_type="application/json")
        assert answer.json()["isChangedSince"] is is_changed
        page = client.get(reverse("admin:drafts_draft_change", args=[draft.pk])).content.decode()
        assert ("The text was changed since." in page) is is_changed


def test_the_first_reader_finds_it_by_its_address_and_is_refused_a_second_approval(client, draft, mei):
    decide(client, mei, "approve", draft)
    shown = field_of(client, "sheet_fragment", "description", draft.subject_id)
    assert (shown["isFirstReader"], shown["isDecidable"]) == (True, True)
    assert decide(client, mei, "approve", draft)["code"] == "second_reader"


def test_a_reader_who_is_gone_is_not_named(client, draft, mei, tom):
    decide(client, mei, "approve", draft)
    Draft.objects.update(reviewed_by=None)
    client.force_login(tom)
    assert field_of(client)["firstReader"] == "a person who is gone"


def test_only_the_one_who_decided_last_is_offered_to_take_it_back(client, draft, mei, tom):
    def offered(user) -> bool:
        client.force_login(user)
        return "data-take-back" in client.get(reverse("desk:panel")).content.decode()

    decide(client, mei, "approve", draft)
    assert offered(mei)
    decide(client, tom, "approve", draft)
    assert (offered(mei), offered(tom)) == (False, True)
    assert decide(client, tom, "take_back", draft)["status"] == "second_review"
    assert (offered(mei), offered(tom)) == (True, False)
    assert decide(client, mei, "take_back", draft)["status"] == "in_review"


def test_my_decisions_and_the_draft_tell_the_story(client, draft, mei, tom):
    decide(client, mei, "approve", draft)
    assert "second reading asked for" in client.get(reverse("desk:decisions")).content.decode()
    client.force_login(tom)
    page = client.get(reverse("admin:drafts_draft_change", args=[draft.pk])).content.decode()
    assert "first read by mei" in page
    assert "changed since" not in page
    decide(client, tom, "approve", draft)
    assert "approved after a second reading" in client.get(reverse("desk:decisions")).content.decode()
    page = client.get(reverse("admin:drafts_draft_change", args=[draft.pk])).content.decode()
    assert "second reading asked for" in page
    assert "approved after a second reading" in page


def test_the_desk_and_the_list_can_be_narrowed_to_second_readings(client, draft, mei, tom):
    decide(client, mei, "approve", draft)
    client.force_login(tom)
    assert client.get(f"{reverse('desk:next')}?status=second_review").status_code == 200
    assert client.get(f"{reverse('desk:next')}?status=in_review").status_code == 204
    assert "second review" in client.get(reverse("desk:filters")).content.decode()
    page = client.get(f"{reverse('admin:drafts_draft_changelist')}?status=second_review").content.decode()
    assert f"/drafts/draft/{draft.pk}/change/" in page


def test_home_counts_what_waits_for_me_and_what_waits_for_others(client, draft, mei, tom):
    def home(user) -> str:
        cache.clear()
        client.force_login(user)
        return client.get(reverse("admin:index")).content.decode()

    assert "second reader" not in home(tom)
    decide(client, mei, "approve", draft)
    assert "texts that wait for you as the second reader" in home(tom)
    assert "another person has to read" not in home(tom)
    assert "texts that you approved and another person has to read" in home(mei)
    assert "second reader" not in home(mei)


def test_bulk_approval_says_how_many_now_wait_for_a_second_reader(client, draft, tom):
    plain = factories.delivered(factories.product())
    client.force_login(tom)
    address = reverse("admin:drafts_draft_changelist")
    form = {"action": "approve_clean", "_selected_action": [draft.pk, plain.pk]}
    page = client.post(address, form, follow=True).content.decode()
    assert "1 draft approved. 1 draft now waits for a second reader." in page
    again = client.post(address, form | {"_selected_action": [draft.pk]}, follow=True).content.decode()
    assert "Another person has to read it" in again


def test_a_manager_asks_for_two_readers_in_the_form_of_the_shop(client, tom):
    shop = factories.shop()
    client.force_login(tom)
    address = reverse("admin:products_shop_change", args=[shop.pk])
    assert "two people" in client.get(address).content.decode().lower()
    values = {"name": shop.name, "code": shop.code, "platform": "shopify", "base_language": "en", "languages": "en"}
    client.post(address, values | {"markets": "", "second_review": "on"})
    assert Shop.objects.get().second_review
