"""Accepting a finding at the desk: who may, what of, and for how long."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.models import AuditEvent
from apps.drafts.models import Draft, RuleException
from apps.drafts.services import decisions
from tests import factories
from tests.drafts.test_desk_evidence import delivered, post, sheet_data

pytestmark = pytest.mark.django_db
# A property that can be checked: a person may answer for it. A number: nobody may.
CLAIM = factories.GOOD_TEXT.replace("It suits", "It is waterproof and suits")
NUMBER = factories.GOOD_TEXT.replace("1.7 l", "9 l")


@pytest.fixture
def manager(client):
    user = factories.user("manager")
    client.force_login(user)
    return user


def finding_of(client) -> tuple[dict, dict]:
    (draft,) = sheet_data(client)[0]["drafts"]
    return draft, draft["findings"][0]


def acceptance(draft: dict, finding: dict, **changed) -> dict:
    place = {name: finding[name] for name in ("rule", "start", "end")}
    return {"draftId": draft["id"], "revision": draft["revision"], **place, "reason": "tested in our lab"} | changed


def test_an_accepted_finding_no_longer_blocks_and_is_in_the_trail(client, manager):
    delivered(CLAIM)
    draft, finding = finding_of(client)
    assert (finding["mayExcept"], finding["severity"]) == (True, 3)
    answer = post(client, "accept", acceptance(draft, finding))
    row = RuleException.objects.get(pk=answer.json()["exceptionId"])
    assert (row.by, row.reason) == (manager, "tested in our lab")
    assert AuditEvent.objects.get(verb="accept").data["reason"] == "tested in our lab"
    draft, finding = finding_of(client)
    assert (draft["severity"], "tested in our lab" in finding["message"]) == (1, True)


def test_it_is_void_when_the_facts_change(client, manager):
    made = delivered(CLAIM)
    draft, finding = finding_of(client)
    post(client, "accept", acceptance(draft, finding))
    proposal = {"draftId": made.pk, "name": "Colour", "value": "red", "source": "p. 1", "isConfirmed": True}
    assert post(client, "propose", proposal).status_code == 200
    assert finding_of(client)[0]["severity"] == 3


def test_it_ends_with_its_last_day(client, manager):
    delivered(CLAIM)
    draft, finding = finding_of(client)
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = post(client, "accept", acceptance(draft, finding, until=tomorrow.isoformat()))
    row = RuleException.objects.get(pk=answer.json()["exceptionId"])
    assert timezone.localtime(row.expires_at).date() == tomorrow


def test_a_number_is_accepted_by_nobody(client, manager):
    delivered(NUMBER)
    draft, finding = finding_of(client)
    assert not finding["mayExcept"]
    answer = post(client, "accept", acceptance(draft, finding))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed")
    assert finding_of(client)[0]["severity"] == 3


def test_who_has_no_right_accepts_nothing(client):
    client.force_login(factories.user("reviewer"))
    delivered(CLAIM)
    draft, finding = finding_of(client)
    assert not sheet_data(client)[0]["rights"]["accept"]
    answer = post(client, "accept", acceptance(draft, finding))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed")
    assert not RuleException.objects.exists()


def test_a_text_that_moved_on_and_a_missing_reason_are_refused(client, manager):
    delivered(CLAIM)
    draft, finding = finding_of(client)
    assert post(client, "accept", acceptance(draft, finding, revision=99)).json()["code"] == "stale"
    assert post(client, "accept", acceptance(draft, finding, reason=" ")).json()["code"] == "invalid"


@pytest.mark.parametrize(
    "changed", [{"start": "0"}, {"reason": None}, {"until": "soon"}, {"until": 7}, {"draftId": True}]
)
def test_what_makes_no_sense_is_a_bad_request(client, manager, changed):
    delivered(CLAIM)
    draft, finding = finding_of(client)
    assert post(client, "accept", acceptance(draft, finding, **changed)).status_code == 400


def test_what_was_accepted_can_be_approved(client, manager):
    made = delivered(CLAIM)
    draft, finding = finding_of(client)
    post(client, "accept", acceptance(draft, finding))
    draft, _finding = finding_of(client)
    decisions.approve(
        user=manager, draft_id=made.pk, revision=draft["revision"], check_key=draft["checkKey"], key=uuid.uuid4()
    )
    assert Draft.objects.get().status == "approved"
    assert client.get(reverse("desk:next")).status_code == 204
