"""Real shops' files: imported, approved, exported, imported again. They lie beside the project and may be missing."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from apps.products.html import body_to_text, media_of
from apps.products.models import Fact, Listing, Product, PublishedCopy, Shop, Variant
from tests.products.factories import publish

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "catalogues"
FILES = [
    "shopify_official_apparel.csv",
    "shopify_official_home-and-garden.csv",
    "shopify_official_jewelery.csv",
    "shopify_real_patak.csv",
]
TEXT = "Made to last.\n\nIt is simple, quiet & useful:\n\n- one\n- two"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(params=FILES)
def source(request) -> Path:
    path = FOLDER / request.param
    if not path.is_file():
        pytest.skip(f"{path} is missing")
    return path


def run(name: str, *arguments) -> dict:
    """The command's JSON, with its exit status as `status`."""
    out = io.StringIO()
    with pytest.raises(SystemExit) as exit_info:
        call_command(name, *map(str, arguments), "--json", stdout=out)
    return {**json.loads(out.getvalue()), "status": exit_info.value.code or 0}


def import_file(path: Path) -> dict:
    return run("import_products", path, "--shop", "web", "--new-shop")


def export(path: Path, *arguments) -> list[list[str]]:
    run("export_products", path, "--dialect", "shopify", *arguments)
    return read(path)


def read(path: Path) -> list[list[str]]:
    with open(path, newline="", encoding="utf-8-sig") as stream:
        return list(csv.reader(stream))


def with_header(rows: list[list[str]]) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def approve_every_other() -> dict[str, Listing]:
    """Published long descriptions for every other listing, by handle."""
    chosen = {listing.external_key: listing for listing in Listing.objects.order_by("pk")[::2]}
    for listing in chosen.values():
        publish(listing, TEXT)
    return chosen


def catalogue() -> tuple:
    """What an import of our own export must not change, but for the text that it confirms."""
    return (
        list(Product.objects.order_by("pk").values_list("pk", "title", "brand", "category", "facts_key")),
        list(Variant.objects.order_by("pk").values_list("pk", "key", "sku", "barcode")),
        list(Fact.objects.order_by("pk").values_list("pk", "value")),
        list(Listing.objects.order_by("pk").values_list("pk", "status")),
    )


def test_full_export_without_approved_text_is_the_file_itself(source, tmp_path):
    import_file(source)

    assert export(tmp_path / "full.csv", "--full") == read(source)


def test_delta_holds_exactly_the_approved_text(source, tmp_path):
    import_file(source)
    bodies = dict(Listing.objects.values_list("external_key", "body_html"))
    chosen = approve_every_other()

    rows = with_header(export(tmp_path / "delta.csv"))

    assert [list(row) for row in rows[:1]] == [["Handle", "Title", "Body (HTML)"]]
    assert {row["Handle"] for row in rows} == set(chosen)
    for row in rows:
        assert body_to_text(row["Body (HTML)"]) == TEXT
        assert media_of(row["Body (HTML)"]) == media_of(bodies[row["Handle"]])


def test_full_export_changes_the_approved_cells_and_no_other(source, tmp_path):
    import_file(source)
    before = read(source)
    chosen = approve_every_other()

    after = export(tmp_path / "full.csv", "--full")

    body = before[0].index("Body (HTML)")
    changed = [
        (number, place)
        for number, (old, new) in enumerate(zip(before, after, strict=True))
        for place in range(max(len(old), len(new)))
        if old[place : place + 1] != new[place : place + 1]
    ]
    assert {place for _number, place in changed} == {body}
    assert {before[number][0] for number, _place in changed} == set(chosen)
    assert len(changed) == len(chosen)


@pytest.mark.parametrize("kind", [[], ["--full"]])
def test_an_export_that_is_imported_again_changes_nothing_and_confirms_what_is_live(source, tmp_path, kind):
    import_file(source)
    approve_every_other()
    before = catalogue()
    export(tmp_path / "out.csv", *kind)

    report = import_file(tmp_path / "out.csv")

    assert report["rejected"] == 0
    assert report["products"]["created"] == report["products"]["updated"] == 0
    assert catalogue() == before
    assert not PublishedCopy.objects.filter(live_at__isnull=True).exists()
    assert {copy.draft.status for copy in PublishedCopy.objects.select_related("draft")} == {"live"}
    # And what is live is not exported once more.
    assert export(tmp_path / "next.csv")[1:] == []


def test_a_full_export_after_its_import_is_itself_again(source, tmp_path):
    import_file(source)
    approve_every_other()
    first = export(tmp_path / "first.csv", "--full")
    import_file(tmp_path / "first.csv")

    assert export(tmp_path / "second.csv", "--full") == first


def test_every_field_goes_round(tmp_path):
    """A small file of our own, so that this holds without the real ones."""
    path = tmp_path / "in.csv"
    path.write_text(
        "Handle,Title,Body (HTML),Variant Price,Image Src,Image Position,Image Alt Text,SEO Title,SEO Description\n"
        'mug,Mug,"<p>Old.</p><table><tr><td>x</td></tr></table>",9.00,https://x.example/2.jpg,2,side,Old,Old\n'
        "mug,,,,https://x.example/1.jpg,1,front,,\n"
        "cup,Cup,<p>Cup.</p>,3.00,,,,,Cup\n",
        encoding="utf-8",
    )
    import_file(path)
    mug = Listing.objects.get(external_key="mug")
    texts = {"long_description": TEXT, "seo_title": "=Mug & more", "seo_meta": "A mug.", "image_alt": "A mug, front"}
    for field, text in texts.items():
        publish(mug, text, field)

    rows = export(tmp_path / "out.csv")
    import_file(tmp_path / "out.csv")

    assert [row[:2] + row[-3:] for row in rows[1:]] == [
        ["mug", "Mug", "https://x.example/2.jpg", "2", "side"],
        ["mug", "", "https://x.example/1.jpg", "1", "A mug, front"],
    ]
    assert rows[1][2].endswith("<table><tr><td>x</td></tr></table>")
    assert PublishedCopy.objects.filter(live_at__isnull=True).values_list("field", flat=True).first() is None
    assert Shop.objects.count() == 1
