import pytest

from apps.drafts.models import Draft
from apps.drafts.services.transitions import move, move_one
from apps.drafts.states import TRANSITIONS, InvalidTransition, Status
from tests import factories

pytestmark = pytest.mark.django_db


def draft_in(status) -> Draft:
    from django.utils import timezone

    made = factories.draft(factories.product(), status=status, reviewed_at=timezone.now())
    return Draft.objects.get(pk=made.pk)


@pytest.mark.parametrize("verb", TRANSITIONS)
@pytest.mark.parametrize("status", Status.values)
def test_a_draft_moves_only_along_the_table(verb, status):
    transition = TRANSITIONS[verb]
    draft = draft_in(status)
    allowed = status in transition.sources
    if transition.by_person:
        if allowed:
            move_one(draft=draft, verb=verb, seen=0)
        else:
            with pytest.raises(InvalidTransition):
                move_one(draft=draft, verb=verb, seen=0)
    else:
        assert move(draft_ids=[draft.pk], verb=verb) == int(allowed)
    assert Draft.objects.get().status == (transition.target if allowed else status)


def test_every_status_can_be_reached_and_is_named_once():
    reached = {transition.target for transition in TRANSITIONS.values()} | {Status.REQUESTED}
    assert reached == set(Status.values)


def test_a_persons_transition_names_the_revision():
    draft = draft_in("in_review")
    with pytest.raises(InvalidTransition):
        move_one(draft=draft, verb="approve", seen=1)
