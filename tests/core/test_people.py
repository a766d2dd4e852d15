import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from apps.core.services import record_event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    user = factories.user("", username="owner", is_superuser=True)
    client.force_login(user)
    return user


def test_a_new_reviewer_is_added_on_one_page(client, owner):
    url = reverse("admin:auth_user_add")
    password = {"usable_password": "true", "password1": "kettle-pass-9", "password2": "kettle-pass-9"}
    assert client.get(url).context["adminform"].form["is_staff"].value() is True
    role = Group.objects.get(name="reviewer")
    answer = client.post(url, {"username": "mei", **password, "is_staff": "on", "groups": [role.pk]})
    assert answer.status_code == 302
    mei = User.objects.get(username="mei")
    assert mei.is_staff
    assert mei.has_perm("drafts.review_draft")


def test_the_page_of_a_person_offers_roles_and_no_single_rights(client, owner):
    html = client.get(reverse("admin:auth_user_change", args=[owner.pk])).content.decode()
    assert html.count('type="checkbox" name="groups"') == 3
    assert "user_permissions" not in html


def test_the_trail_shows_figures_and_not_their_notation(client, owner):
    counts = {"rows": 6, "examples": [{"a": 1}], "result": {"x": 1}}
    record_event(user=owner, verb="import", kind="import", subject_id=1, counts=counts, sha256="0123456789abcdef" * 4)
    html = client.get(reverse("admin:core_auditevent_changelist")).content.decode()
    assert "counts: rows 6; sha256: 0123456789ab…" in html


def test_searching_has_a_name_for_those_who_hear_the_page(client, owner):
    html = client.get(reverse("admin:products_product_changelist")).content.decode()
    assert 'aria-label="Search"' in html
