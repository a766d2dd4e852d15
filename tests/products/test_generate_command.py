import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.drafts.models import Draft
from tests import factories

pytestmark = pytest.mark.django_db


def generate(*arguments: str) -> dict:
    out = StringIO()
    call_command("generate", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        generate(*arguments)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_all_asks_for_the_long_description_in_the_shops_base_language():
    shop = factories.shop(base_language="zh-Hans")
    factories.product(in_shop=shop), factories.product(in_shop=shop)
    report = generate("--shop", shop.code, "--all")
    assert (report["requested"], report["skipped"], report["failed"], report["in_review"]) == (2, 0, 0, 0)
    assert set(Draft.objects.values_list("field", "language")) == {("long_description", "zh-Hans")}


def test_a_sku_a_handle_and_a_limit_choose_products():
    shop = factories.shop()
    first, second, third = (factories.product(in_shop=shop) for _ in range(3))
    factories.variant(first, sku="A-1")
    generate("--sku", "A-1", second.listings.get().external_key)
    assert set(Draft.objects.values_list("subject_id", flat=True)) == {first.pk, second.pk}
    assert generate("--limit", "1")["skipped"] == 1
    assert generate("--all")["requested"] == 1


def test_what_can_not_be_meant_is_refused_with_the_way_out():
    shop = factories.shop()
    assert "--all" in refused()
    assert shop.code in refused("--shop", "nowhere", "--all")
    assert "B-9" in refused("--sku", "B-9")
    assert "language tag" in refused("--all", "--language", "klingon!")
    factories.shop(base_language="de")
    assert "--language" in refused("--all")
    assert not Draft.objects.exists()


def test_waiting_without_a_worker_says_so_and_asks_for_nothing():
    factories.product(in_shop=factories.shop())
    assert "worker" in refused("--all", "--wait")
    assert not Draft.objects.exists()
