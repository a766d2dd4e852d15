import pytest
from django.contrib.auth.models import User

from apps.core.lists import CappedPaginator, distinct_values
from apps.core.models import AuditEvent
from apps.core.services import record_event

pytestmark = pytest.mark.django_db


def _events(*kinds):
    for kind in kinds:
        record_event(user=None, verb="change", kind=kind)


def test_counting_stops_at_the_cap(monkeypatch):
    monkeypatch.setattr(CappedPaginator, "MOST", 2)
    _events(*"abcd")
    paginator = CappedPaginator(AuditEvent.objects.order_by("-id"), 1)
    assert (paginator.count, paginator.num_pages, paginator.is_capped) == (2, 2, True)


def test_counting_below_the_cap_is_exact(monkeypatch):
    monkeypatch.setattr(CappedPaginator, "MOST", 2)
    _events("a", "b")
    paginator = CappedPaginator(AuditEvent.objects.order_by("-id"), 1)
    assert (paginator.count, paginator.is_capped) == (2, False)


def test_distinct_values_come_in_order_in_one_query(django_assert_num_queries):
    _events("fact", "draft", "fact", "job", "draft")
    with django_assert_num_queries(1):
        assert distinct_values(AuditEvent, "subject_kind") == ["draft", "fact", "job"]

    assert distinct_values(AuditEvent, "subject_kind", limit=2) == ["draft", "fact"]
    assert distinct_values(AuditEvent, "subject_kind", condition="subject_kind > 'e'") == ["fact", "job"]
    assert distinct_values(User, "username") == []
