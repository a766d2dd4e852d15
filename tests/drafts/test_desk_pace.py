"""The time that is left, from the times of a reviewer's last decisions."""

import uuid
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from apps.drafts.models import Decision
from apps.drafts.views.pace import median_seconds_per_sheet
from tests import factories

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 9, tzinfo=UTC)


def decide(user, *, sheet: int, seconds: float, is_bulk: bool = False) -> None:
    with mock.patch("django.utils.timezone.now", return_value=START + timedelta(seconds=seconds)):
        Decision.objects.create(
            key=uuid.uuid4(), draft_id=1, kind="description", subject_id=sheet, field="bullets", language="en",
            by=user, verb="approve", from_status="in_review", to_status="approved", revision=1, is_bulk=is_bulk,
        )  # fmt: skip


def test_the_pace_is_the_median_from_sheet_to_sheet_however_many_fields_a_sheet_has():
    user = factories.user("reviewer")
    for sheet, seconds in enumerate([0, 4, 10, 18, 20]):
        decide(user, sheet=sheet, seconds=seconds)
        decide(user, sheet=sheet, seconds=seconds + 0.1)
    assert median_seconds_per_sheet(user=user) == pytest.approx(5)


def test_a_pause_is_no_decision_and_bulk_says_nothing_about_reading():
    user = factories.user("reviewer")
    for sheet, seconds in enumerate([0, 4, 8, 12, 5000, 5004]):
        decide(user, sheet=sheet, seconds=seconds)
    decide(user, sheet=99, seconds=5005, is_bulk=True)
    assert median_seconds_per_sheet(user=user) == 4


def test_before_four_sheets_there_is_no_pace_and_others_do_not_count():
    user, other = factories.user("reviewer"), factories.user("reviewer")
    for sheet in range(3):
        decide(user, sheet=sheet, seconds=sheet * 5)
        decide(other, sheet=sheet, seconds=sheet * 5)
    assert median_seconds_per_sheet(user=user) is None
