import pytest
from django.core.cache import cache
from django.urls import reverse

from apps.work.models import WorkItem
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(client):
    client.force_login(factories.user("manager"))
    cache.clear()
    return lambda: client.get(reverse("admin:index")).content.decode()


def test_while_the_first_texts_are_written_the_page_says_so_and_looks_again(home):
    factories.product(in_shop=factories.shop())
    WorkItem.objects.create(kind="draft", target_id=1, lane=1, state="open")
    html = home()
    assert "The model is writing." in html
    assert 'hx-trigger="every 5s"' in html


def test_with_nothing_to_do_the_page_rests_and_says_what_to_do(home):
    factories.product(in_shop=factories.shop())
    html = home()
    assert "Choose products and let the model write." in html
    assert "every 5s" not in html
