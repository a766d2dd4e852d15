import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from apps.llm.models import ModelVersion, Prompt

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client):
    user = get_user_model().objects.create_user("viewer", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_modelversion", "view_prompt"]))
    client.force_login(user)
    return client


def test_model_versions_and_prompts_can_be_viewed_but_not_changed(viewer):
    version = ModelVersion.objects.create(
        name="Mini", source="weights/mini", languages=["en", "zh-Hans"], fingerprint="f"
    )
    prompt = Prompt.objects.create(hash="ab", task="describe", language="en", text="Write <b>this</b>.")
    assert "en, zh-Hans" in viewer.get(reverse("admin:llm_modelversion_changelist")).content.decode()
    page = viewer.get(reverse("admin:llm_prompt_change", args=[prompt.pk]))
    assert "Write &lt;b&gt;this&lt;/b&gt;." in page.content.decode()
    change = reverse("admin:llm_modelversion_change", args=[version.pk])
    assert viewer.get(change).status_code == 200
    assert viewer.post(change, {"name": "Other"}).status_code == 403
    assert viewer.get(reverse("admin:llm_modelversion_add")).status_code == 403
    assert viewer.post(reverse("admin:llm_prompt_delete", args=[prompt.pk]), {"post": "yes"}).status_code == 403


def test_without_the_permission_nothing_is_shown(client):
    client.force_login(get_user_model().objects.create_user("other", password="x", is_staff=True))
    assert client.get(reverse("admin:llm_prompt_changelist")).status_code == 403
