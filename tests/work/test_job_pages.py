import pytest
from django.urls import reverse

from apps.work.models import Job, WorkItem
from apps.work.services import enqueue, jobs
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = factories.user("manager")
    client.force_login(user)
    return user


def job_with(count: int, **states) -> Job:
    job = jobs.create_job(user=None, kind="description", title=f"Copy for {count}", lane=1, params={"products": count})
    enqueue(kind="draft", target_ids=range(count), job=job)
    rows = iter(WorkItem.objects.filter(job=job).values_list("pk", flat=True))
    for state, number in states.items():
        for _row in range(number):
            WorkItem.objects.filter(pk=next(rows)).update(
                state=state, reason="<b>too long</b>" if state == "failed" else ""
            )
    return job


def page(client, job) -> str:
    return client.get(reverse("admin:work_job_change", args=[job.pk])).content.decode()


def test_a_running_job_shows_its_progress_and_follows_itself(client, manager):
    html = page(client, job_with(10, done=4, failed=1))
    assert "4 of 10 written" in html
    assert "/progress/" in html
    assert "&lt;b&gt;too long&lt;/b&gt;" in html


def test_a_finished_job_asks_no_more(client, manager):
    job = job_with(2, done=2)
    jobs.close_finished()
    html = page(client, job)
    assert "/progress/" not in html
    assert "job=" in html


def test_a_sample_can_be_read_and_then_the_rest_released(client, manager):
    job = jobs.create_job(user=None, kind="description", title="job", lane=1, params={}, has_sample=True)
    enqueue(kind="draft", target_ids=range(10), job=job, held=3)
    assert "The sample is being written" in page(client, job)
    WorkItem.objects.filter(job=job, state="open").update(state="done")
    assert "Write the other 7" in page(client, job)
    client.post(reverse("admin:work_job_do", args=[job.pk]), {"verb": "release"})
    assert WorkItem.objects.filter(job=job, state="open").count() == 7


def test_cancel_and_retry_are_posts_of_those_with_the_right(client, manager):
    job = job_with(3)
    do = reverse("admin:work_job_do", args=[job.pk])
    assert client.get(do).status_code == 403
    client.force_login(factories.user("reviewer"))
    assert client.post(do, {"verb": "cancel"}).status_code == 403
    assert "Cancel the job" not in page(client, job)
    client.force_login(manager)
    client.post(do, {"verb": "cancel"})
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_job_that_does_not_exist_is_not_found(client, manager):
    assert client.get(reverse("admin:work_job_change", args=[99])).status_code == 404


def test_the_list_costs_the_same_queries_for_3_jobs_as_for_30(client, manager, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("admin:work_job_changelist")).status_code == 200
        return len(captured)

    # Session, user, permissions, the page's count and its rows, whose counts are subqueries.
    for _job in range(3):
        job_with(2)
    queries()
    few = queries()
    for _job in range(27):
        job_with(2)
    assert queries() == few
    assert few <= 12
