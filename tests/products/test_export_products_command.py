import json

import pytest
from django.core.management import call_command

from tests.products.factories import make_listing, make_row, make_shop, make_table, publish

pytestmark = pytest.mark.django_db


def call(capsys, *arguments):
    """Run the command; returns (exit status, standard output, standard error)."""
    with pytest.raises(SystemExit) as exit_info:
        call_command("export_products", *arguments)
    written = capsys.readouterr()
    return exit_info.value.code, written.out, written.err


def test_json_is_one_object_with_the_stable_keys(capsys, tmp_path):
    shop = make_shop()
    listing = make_listing(shop, "hat")
    make_row(make_table(shop), listing, **{"Title": "Hat"})
    publish(listing, "Body.")

    status, out, _err = call(capsys, str(tmp_path / "o.csv"), "--dialect", "shopify", "--json")

    data = json.loads(out)
    assert status == 0
    assert {key: data[key] for key in ("rows", "products", "fields", "waiting_undo", "other_fields_file", "path")} == {
        "rows": 1, "products": 1, "fields": {"long_description": 1}, "waiting_undo": 0, "other_fields_file": None,
        "path": str(tmp_path / "o.csv"),
    }  # fmt: skip
    assert data["seconds"] >= 0


def test_a_refusal_ends_with_two_and_writes_nothing(capsys, tmp_path):
    make_shop()

    status, out, err = call(capsys, str(tmp_path / "o.csv"), "--dialect", "magento", "--json")

    assert (status, json.loads(out)["refused"]) == (2, err.strip())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("shops", "arguments", "message"), [
    (0, [], "no shop yet"), (2, [], "--shop"), (1, ["--shop", "none"], "code none"),
])  # fmt: skip
def test_the_shop_must_be_clear(capsys, tmp_path, shops, arguments, message):
    for _ in range(shops):
        make_shop()

    status, _out, err = call(capsys, str(tmp_path / "o.csv"), "--dialect", "shopify", *arguments)

    assert status == 2
    assert message in err


def test_an_export_in_part_ends_with_one(capsys, tmp_path):
    shop = make_shop()
    make_row(make_table(shop), make_listing(shop, "hat"), **{"Title": "Hat"})
    make_listing(shop)

    assert call(capsys, str(tmp_path / "o.csv"), "--dialect", "shopify", "--full")[0] == 1
