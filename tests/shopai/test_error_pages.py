"""What a person sees where a page can't be shown: what happened and what to do, never a bare line or a traceback."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_a_missing_page_says_so_and_leads_home(client):
    client.force_login(factories.user("manager"))
    answer = client.get("/admin/products/no-such-page/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "This page does not exist" in html
    assert 'href="/"' in html


def test_a_page_outside_the_role_says_whom_to_ask(client):
    client.force_login(factories.user("reviewer"))
    answer = client.get(reverse("upload-choose"))
    assert answer.status_code == 403
    assert "Ask whoever manages the people here" in answer.content.decode()


def test_a_form_of_an_old_session_says_that_nothing_was_changed():
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user("manager"))
    answer = client.post(reverse("upload-choose"), {"shop": "web"})
    assert answer.status_code == 403
    assert "nothing was changed" in answer.content.decode()


def test_error_pages_speak_the_readers_language(client):
    html = client.get("/no-such-page/", HTTP_ACCEPT_LANGUAGE="zh-Hans").content.decode()
    assert "没有这个页面" in html


def test_browsers_find_the_sign(client):
    assert client.get("/favicon.ico").url.endswith(".svg")


@pytest.mark.parametrize("name", ["products_publishedcopy", "drafts_decision", "work_job", "imports_import"])
def test_an_empty_list_says_what_will_be_there(client, name):
    client.force_login(factories.user("manager"))
    html = client.get(reverse(f"admin:{name}_changelist")).content.decode()
    assert "Nothing is here yet" in html


def test_a_list_that_filters_emptied_says_that_they_did(client):
    client.force_login(factories.user("manager"))
    html = client.get(reverse("admin:products_product_changelist"), {"q": "nothing-is-called-so"}).content.decode()
    assert "Nothing matches" in html
    assert "Write copy for all" not in html
