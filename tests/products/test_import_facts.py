"""What an import states of products: facts, variants, shops; and what it leaves alone."""

import pytest

from apps.drafts.models import Draft
from apps.products.models import Fact, Listing, Product, Variant
from apps.products.services.audit.changes import recheck_changed
from apps.products.services.facts import refresh_product
from tests import factories
from tests.imports.factories import HEADER, import_file, import_rows, row, write_file
from tests.products.factories import publish

pytestmark = pytest.mark.django_db

METAFIELDS = [
    "Material (product.metafields.custom.material)", "Fits (product.metafields.custom.fits)",
    "Length (variant.metafields.custom.length)", "Rating (product.metafields.reviews.rating)",
]  # fmt: skip
WIDE = [*HEADER, *METAFIELDS]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def kettle(**named) -> dict[str, str]:
    return row("kettle", "Kettle", **{"Vendor": "Auvio", "Type": "Kettles", "Variant SKU": "K-1"} | named)


def facts_of(title: str = "Kettle", **filters) -> dict[str, str]:
    found = Fact.objects.filter(product__title=title, **filters)
    return {fact.name: f"{fact.value} {fact.unit}".strip() for fact in found}


def test_columns_become_confirmed_facts_of_the_import(tmp_path):
    import_rows(tmp_path, [kettle(Tags="kitchen, new ,", **{"Variant Grams": "1200", "Variant Weight Unit": "kg"})])
    assert facts_of() == {
        "Title": "Kettle", "Brand": "Auvio", "Category": "Kettles", "Tags": "kitchen, new", "Weight": "1.2 kg",
    }  # fmt: skip
    assert set(Fact.objects.values_list("source", "status")) == {("import", "confirmed")}
    product = Product.objects.get()
    assert (product.brand, product.category) == ("Auvio", "Kettles")


def test_a_chinese_file_names_its_facts_in_chinese(tmp_path):
    import_rows(tmp_path, [kettle()], "--language", "zh")
    assert set(facts_of()) == {"标题", "品牌", "类别"}
    assert set(Fact.objects.values_list("language", flat=True)) == {"zh-Hans"}


def test_markup_is_taken_out_of_facts(tmp_path):
    import_rows(tmp_path, [row("k", "<b>Kettle</b><script>alert(1)</script>", Vendor="A &amp; B", Tags="<i>x</i>")])
    assert Product.objects.get().title == "Kettle"
    assert facts_of()["Brand"] == "A & B"
    assert facts_of()["Tags"] == "x"


def test_metafields_become_facts_and_bookkeeping_does_not(tmp_path):
    named = {METAFIELDS[0]: '["Steel","Oak"]', METAFIELDS[1]: '{"value": 1.7, "unit": "l"}', METAFIELDS[3]: "4.5"}
    import_rows(tmp_path, [kettle(**named)], header=WIDE)
    assert facts_of(source_note__contains="metafields") == {"Material": "Steel, Oak", "Fits": "1.7 l"}


def test_what_all_variants_share_is_the_products_and_the_rest_is_the_variants(tmp_path):
    rows = [
        kettle(**{"Option1 Name": "Size", "Option1 Value": "S", "Variant Grams": "900", METAFIELDS[2]: "10 cm"}),
        row("kettle", **{"Option1 Value": "L", "Variant Grams": "900", METAFIELDS[2]: "20 cm", "Variant SKU": "K-2"}),
    ]
    import_rows(tmp_path, rows, header=WIDE)
    assert facts_of(variant=None)["Weight"] == "900 g"
    own = Fact.objects.filter(variant__isnull=False).order_by("variant__position", "name")
    assert [(fact.variant.sku, fact.name, fact.value) for fact in own] == [
        ("K-1", "Length", "10 cm"), ("K-1", "Size", "S"), ("K-2", "Length", "20 cm"), ("K-2", "Size", "L"),
    ]  # fmt: skip


def test_an_import_replaces_its_own_facts_and_no_one_elses(tmp_path):
    import_rows(tmp_path, [kettle(Tags="old")])
    product = Product.objects.get()
    factories.add_fact(product, "Capacity", "1.7 l", source="person")
    factories.add_fact(product, "Finish", "matt", source="text", status="proposed")
    import_rows(tmp_path, [kettle(Tags="new", Vendor="Other")])
    assert facts_of() == {
        "Title": "Kettle", "Brand": "Other", "Category": "Kettles", "Tags": "new", "Capacity": "1.7 l", "Finish": "matt",
    }  # fmt: skip
    assert Fact.objects.get(name="Finish").status == "proposed"


def test_a_blank_column_removes_what_it_stated_and_an_absent_one_does_not(tmp_path):
    import_rows(tmp_path, [kettle(Tags="old")])
    report = import_rows(tmp_path, [kettle()], header=[name for name in HEADER if name != "Tags"])
    assert report["products"]["unchanged"] == 1
    assert facts_of()["Tags"] == "old"
    report = import_rows(tmp_path, [kettle()])
    assert "Tags" not in facts_of()
    assert any("“Tags”" in warning for warning in report["warnings"])


def test_a_google_category_alone_gives_a_category(tmp_path):
    header = ["Handle", "Title", "Variant SKU", "Google Shopping / Google Product Category"]
    import_rows(tmp_path, [{"Handle": "k", "Title": "Kettle", header[3]: "Home > Kitchen > Kettles"}], header=header)
    assert Product.objects.get().category == "Kettles"


def test_the_facts_key_changes_with_confirmed_facts_only(tmp_path):
    import_rows(tmp_path, [kettle()])
    first = Product.objects.get().facts_key
    import_rows(tmp_path, [kettle(**{"Body (HTML)": "<p>New text</p>", "SEO Title": "x", "Status": "draft"})])
    product = Product.objects.get()
    factories.add_fact(product, "Finish", "matt", source="text", status="proposed")
    refresh_product([product.pk])
    assert Product.objects.get().facts_key == first
    import_rows(tmp_path, [kettle(Vendor="Other")])
    assert Product.objects.get().facts_key != first
    import_rows(tmp_path, [kettle()])
    assert Product.objects.get().facts_key == first


@pytest.mark.parametrize("status", ["published", "exported", "live"])
def test_changed_facts_mark_the_text_that_rests_on_them_as_outdated(tmp_path, status):
    import_rows(tmp_path, [kettle(), row("mug", "Mug", Vendor="Auvio")])
    copies = [publish(listing, "A good one from Auvio.") for listing in Listing.objects.order_by("external_key")]
    Draft.objects.update(status=status)
    import_rows(tmp_path, [kettle(Vendor="Other"), row("mug", "Mug", Vendor="Auvio")])
    assert recheck_changed() == 1
    statuses = [Draft.objects.get(pk=copy.draft_id).status for copy in copies]
    assert statuses == ["outdated", status]
    assert "Auvio" in Draft.objects.get(pk=copies[0].draft_id).outdated_reason


def test_two_products_with_one_sku_stay_two_and_a_warning_names_their_rows(tmp_path):
    report = import_rows(tmp_path, [kettle(), row("mug", "Mug", **{"Variant SKU": "K-1"})])
    assert Product.objects.count() == 2
    assert Variant.objects.filter(sku="K-1").count() == 2
    assert any("K-1 in rows 2, 3" in warning for warning in report["warnings"])


def test_a_variant_whose_option_was_renamed_is_the_same_variant(tmp_path):
    import_rows(tmp_path, [kettle(**{"Option1 Name": "Colour", "Option1 Value": "Blue"})])
    before = Variant.objects.get().pk
    import_rows(tmp_path, [kettle(**{"Option1 Name": "Color", "Option1 Value": "Navy"})])
    variant = Variant.objects.get()
    assert (variant.pk, variant.options) == (before, {"Color": "Navy"})


def test_a_variant_that_is_gone_goes_unless_a_row_of_the_file_could_not_be_read(tmp_path):
    small, large = (
        kettle(**{"Option1 Name": "Size", "Option1 Value": "S"}),
        row("kettle", **{"Option1 Value": "L", "Variant SKU": "K-2"}),
    )
    import_rows(tmp_path, [small, large])
    path = write_file(tmp_path / "catalogue.csv", [small])
    path.write_text(path.read_text() + "kettle,this,may,be,it" + ",x" * 20 + "\n")
    import_file(path)
    assert Variant.objects.count() == 2
    import_rows(tmp_path, [small, row("ghost", Vendor="this is not it")])
    assert [variant.sku for variant in Variant.objects.all()] == ["K-1"]


def test_rows_with_the_same_options_are_variants_of_their_own(tmp_path):
    rows = [kettle(**{"Option1 Name": "Size", "Option1 Value": "S"})]
    rows += [row("kettle", **{"Option1 Value": value, "Variant SKU": value}) for value in ("S", "S", "S #2")]
    report = import_rows(tmp_path, rows)
    assert (report["status"], report["variants"]) == (0, 4)
    assert len(set(Variant.objects.values_list("key", flat=True))) == 4


@pytest.mark.parametrize(
    ("title", "sku", "products"), [("KETTLE", "other", 1), ("Bouilloire", "K-1", 1), ("Bouilloire", "other", 2)]
)
def test_one_handle_in_two_shops_is_one_product_where_title_or_sku_agree(tmp_path, title, sku, products):
    import_rows(tmp_path, [kettle()], shop="web")
    import_rows(tmp_path, [row("kettle", title, **{"Variant SKU": sku})], shop="store")
    assert Product.objects.count() == products
    assert sorted(Listing.objects.values_list("shop__code", flat=True)) == ["store", "web"]
    again = import_rows(tmp_path, [row("kettle", title, **{"Variant SKU": sku})], shop="store")
    assert again["products"]["unchanged"] == 1


def test_a_second_shops_file_leaves_the_first_shops_facts_alone(tmp_path):
    import_rows(tmp_path, [kettle()], shop="web")
    import_rows(tmp_path, [row("kettle", "Kettle", Vendor="Other")], shop="store")
    import_rows(tmp_path, [row("kettle", "Kettle", Vendor="Third")], shop="store")
    brands = Fact.objects.filter(role="brand").order_by("listing_id").values_list("listing__shop__code", "value")
    assert list(brands) == [("web", "Auvio"), ("store", "Third")]
    assert Product.objects.get().brand == "Auvio"


def test_a_cell_with_a_number_too_long_for_a_number_is_no_error(tmp_path):
    rows = [
        kettle(**{"Image Src": "https://shop.example/1.jpg", "Image Position": "9" * 5_000, "Variant Grams": "1e9999"}),
        row("kettle", **{"Image Src": "https://shop.example/2.jpg", "Image Position": "2"}),
    ]
    assert import_rows(tmp_path, rows)["status"] == 0
    assert Product.objects.get().image_url.endswith("2.jpg")


@pytest.mark.parametrize(
    ("query", "found"),
    [("kettle", True), ("AUVIO", True), ("K-1", True), ("藏青", True), ("水壶", True), ("mug", False)],
)
def test_an_imported_product_is_found_by_its_words_in_english_and_chinese(tmp_path, query, found):
    import_rows(tmp_path, [kettle(Tags="藏青色, 不锈钢水壶")])
    assert Product.objects.matching(query).exists() is found


def test_a_changed_fact_is_found_and_the_old_one_no_longer(tmp_path):
    import_rows(tmp_path, [kettle(Tags="scarlet")])
    import_rows(tmp_path, [kettle(Tags="navy")])
    assert Product.objects.matching("navy").exists()
    assert not Product.objects.matching("scarlet").exists()


def test_a_pasted_page_is_searched_by_its_first_words(tmp_path, django_assert_num_queries):
    import_rows(tmp_path, [kettle()])
    with django_assert_num_queries(1):
        assert Product.objects.matching("kettle " * 20_000).exists()
