"""The REST API as a client meets it."""

import subprocess
import sys
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from apps.drafts.models import Draft
from apps.drafts.services import decisions, publishing
from tests import factories

pytestmark = pytest.mark.django_db


def client_of(role: str) -> APIClient:
    client = APIClient()
    token = Token.objects.create(user=factories.user(role))
    client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
    return client


@pytest.fixture
def manager():
    return client_of("manager")


def publish(draft: Draft) -> None:
    user = factories.user("reviewer")
    decisions.approve(
        user=user, draft_id=draft.pk, revision=draft.revision, check_key=draft.check_key, key=uuid.uuid4()
    )  # fmt: skip
    Draft.objects.filter(pk=draft.pk).update(reviewed_at=timezone.now() - timedelta(hours=1))
    publishing.publish_due()


def test_a_stranger_gets_401_and_a_client_without_the_right_403():
    assert APIClient().get("/api/v1/products/").status_code == 401
    assert client_of("engineer").get("/api/v1/products/").status_code == 403
    reviewer = client_of("reviewer")
    assert reviewer.get("/api/v1/products/").status_code == 200
    wanted = {"products": [factories.product().pk], "fields": ["bullets"], "languages": ["en"]}
    answer = reviewer.post("/api/v1/products/generate/", wanted, format="json")
    assert (answer.status_code, answer.json()["detail"][:3]) == (403, "You")


def test_products_come_with_facts_and_listings_and_can_be_searched_by_shop(manager):
    shop = factories.shop(code="web")
    inside = factories.product(in_shop=shop)
    factories.product()
    page = manager.get("/api/v1/products/", {"shop": "web"}).json()
    assert [row["id"] for row in page["results"]] == [inside.pk]
    assert page["results"][0]["listings"][0]["shop"] == "web"
    assert {
        "name": "Material",
        "value": "steel",
        "unit": "",
        "language": "en",
        "status": "confirmed",
        "source": "import",
    } in (page["results"][0]["facts"])


def test_only_published_text_is_served_the_current_version_by_language_without_case(manager):
    product = factories.product(in_shop=factories.shop())
    draft = factories.delivered(product)
    assert manager.get("/api/v1/copy/").json()["results"] == []
    publish(draft)
    rows = manager.get("/api/v1/copy/", {"language": "EN", "field": "long_description"}).json()["results"]
    assert [(row["text"], row["origin"], row["version"]) for row in rows] == [(factories.GOOD_TEXT, "model", 1)]
    assert manager.get("/api/v1/copy/", {"language": "zh"}).json()["results"] == []
    assert manager.get("/api/v1/copy/", {"language": "klingon!"}).status_code == 400


def test_asking_for_copy_and_following_the_job(manager):
    ids = [factories.product().pk, factories.product().pk]
    wanted = {"products": ids, "fields": ["long_description"], "languages": ["en"]}
    answer = manager.post("/api/v1/products/generate/", wanted, format="json")
    assert answer.status_code == 202
    asked = answer.json()
    assert (asked["requested"], len(asked["drafts"])) == (2, 2)
    job = manager.get(f"/api/v1/jobs/{asked['job']}/").json()
    assert (job["state"], job["progress"]["waiting"], job["progress"]["total"]) == ("running", 2, 2)
    again = manager.post("/api/v1/products/generate/", wanted, format="json").json()
    assert (again["requested"], again["skipped"], again["job"]) == (0, {"open_draft": 2}, None)


@pytest.mark.parametrize(
    "wrong",
    [{"products": []}, {"products": "all"}, {"fields": ["poem"]}, {"languages": ["klingon!"]}, {"products": ["x"]}],
)
def test_a_wrong_request_is_400_and_makes_nothing(manager, wrong):
    wanted = {"products": [factories.product().pk], "fields": ["bullets"], "languages": ["en"]} | wrong
    assert manager.post("/api/v1/products/generate/", wanted, format="json").status_code == 400
    assert not Draft.objects.exists()


def test_the_lists_cost_the_same_queries_for_3_rows_as_for_30(manager):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    shop = factories.shop()

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(url).status_code == 200
        return len(captured)

    # Token with user, permissions (two), the count, the page, and per relation (listings with shops, facts) one.
    for url in ("/api/v1/products/", "/api/v1/copy/"):
        for count in (3, 27):
            for _row in range(count):
                publish(factories.delivered(factories.product(in_shop=shop)))
            if count == 3:
                few = queries(url)
        assert queries(url) == few
        assert few <= 9


def test_the_schema_is_valid_and_its_page_opens(manager):
    command = [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert manager.get("/api/v1/schema/").status_code == 200
    page = manager.get("/api/v1/docs/").content.decode()
    assert "drf_spectacular_sidecar" in page
    assert "cdn" not in page
