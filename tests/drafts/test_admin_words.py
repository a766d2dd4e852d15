import pytest
from django.urls import reverse

from apps.core.models import AuditEvent
from apps.drafts.checking import check_text
from apps.drafts.models import BannedWord
from tests import factories
from tests.drafts.rule_cases import context

pytestmark = pytest.mark.django_db
LIST = reverse("admin:drafts_bannedword_changelist")
ADD = reverse("admin:drafts_bannedword_add")

EMPTY = dict.fromkeys(["instead", "note", "language", "market", "category", "field"], "") | {"kind": "banned"}


@pytest.fixture
def manager(client):
    manager = factories.user("manager")
    client.force_login(manager)
    return manager


def _add(client, **values):
    return client.post(ADD, EMPTY | {"word": "gizmo", "severity": "3"} | values)


def test_a_banned_word_counts_from_the_next_check_on(client, manager):
    assert check_text("A gizmo", context("seo_title")).severity < 3
    assert _add(client, word="  gizmo  ", note="Say what it does.").status_code == 302
    row = BannedWord.objects.get()
    assert (row.word, row.created_by) == ("gizmo", manager)
    assert check_text("A gizmo", context("seo_title")).severity == 3


def test_every_change_of_the_list_is_in_the_trail(client, manager):
    _add(client)
    row = BannedWord.objects.get()
    client.post(
        reverse("admin:drafts_bannedword_change", args=[row.pk]),
        EMPTY | {"word": "wonder", "language": "en", "severity": "2"},
    )
    client.post(reverse("admin:drafts_bannedword_delete", args=[row.pk]), {"post": "yes"})
    assert not BannedWord.objects.exists()
    events = AuditEvent.objects.filter(subject_kind="banned_word").order_by("id")
    assert [(event.verb, event.data["word"], event.actor) for event in events] == [
        ("add", "gizmo", manager),
        ("change", "wonder", manager),
        ("delete", "wonder", manager),
    ]


def test_deleting_many_leaves_one_event_each(client, manager):
    rows = [BannedWord.objects.create(word=word) for word in ("one", "two")]
    client.post(
        LIST, {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}, follow=True
    )
    assert AuditEvent.objects.filter(verb="delete", subject_kind="banned_word").count() == 2


@pytest.mark.parametrize(
    "values", [{"word": "\u200b"}, {"word": "   "}, {"language": "klingon"}, {"severity": "1"}, {"word": "x" * 201}]
)
def test_a_row_that_makes_no_sense_is_refused(client, manager, values):
    assert _add(client, **values).status_code == 200
    assert not BannedWord.objects.exists()


def test_the_same_word_stands_once_per_language(client, manager):
    _add(client)
    assert "on the list already" in _add(client, word="GIZMO").content.decode()
    assert _add(client, language="en").status_code == 302


def test_the_list_is_searched_and_filtered(client, manager):
    BannedWord.objects.create(word="最好", language="zh-Hans", severity=2)
    BannedWord.objects.create(word="cheap")

    def found(query):
        return {row.word for row in client.get(f"{LIST}?{query}").context["cl"].result_list}

    assert found("q=最") == {"最好"}
    assert found("language=zh-Hans") == {"最好"}
    assert found("language=-") == {"cheap"}
    assert found("severity=3") == {"cheap"}
    assert client.get(f"{LIST}?severity=x").status_code == 200


def test_a_reviewer_may_not_touch_the_list(client):
    client.force_login(factories.user("reviewer"))
    assert client.get(LIST).status_code == 403
    assert _add(client).status_code == 403
