"""Tables of no known system: through a mapping that a person confirms."""

import pytest

from apps.imports.errors import ImportRefused
from apps.products.dialects import generic, recognise
from apps.products.models import Fact, Listing, Product, Variant
from tests.imports.factories import accounted, import_file

pytestmark = pytest.mark.django_db

CHINESE = (
    "货号,商品名称,品牌,类目,描述,材质,容量,价格\n"
    "S-1,不锈钢水壶,澳维欧,水壶,<p>烧水快。</p>,不锈钢,1.7 升,199\n"
    "S-2,陶瓷马克杯,澳维欧,杯子,保温持久。,陶瓷,350 毫升,59\n"
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def send(folder, content: str | bytes, *options: str) -> dict:
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_file(path, *options)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_chinese_table_is_understood_by_its_headers(tmp_path, encoding):
    report = send(tmp_path, CHINESE.encode(encoding), "--language", "zh")
    assert (report["status"], report["dialect"], report["encoding"]) == (0, "generic", encoding)
    assert report["mapping"]["价格"] == "ignore"
    kettle = Product.objects.get(title="不锈钢水壶")
    assert (kettle.brand, kettle.category) == ("澳维欧", "水壶")
    facts = dict(Fact.objects.filter(product=kettle, role="attribute").values_list("name", "value"))
    assert facts == {"材质": "不锈钢", "容量": "1.7 升"}
    assert Listing.objects.get(external_key="S-1").live["long_description"] == "烧水快。"


def test_what_a_person_says_of_a_column_goes_before_what_was_guessed(tmp_path):
    report = send(tmp_path, "Name,Text,Code\nKettle,boils,K\n", "--map", "Text=brand", "--map", "Code=sku")
    assert report["mapping"] == {"Name": "title", "Text": "brand", "Code": "sku"}
    assert Product.objects.get().brand == "boils"
    assert Variant.objects.get().sku == "K"


@pytest.mark.parametrize(
    ("header", "maps", "says"),
    [
        ("Finish,Colour", [], "title"),
        ("Name,Colour", ["Colour=title", "Name=title"], ""),
        ("Name,Colour", ["Nme=title"], "Nme"),
        ("Name,Colour", ["Name=nonsense"], "nonsense"),
        ("Name,Colour", ["Name"], ""),
    ],
)
def test_a_mapping_that_makes_no_product_is_refused(tmp_path, header, maps, says):
    report = send(tmp_path, f"{header}\na,b\nc,d\n", *[option for item in maps for option in ("--map", item)])
    if maps == ["Colour=title", "Name=title"]:
        assert report["mapping"] == {"Name": "title", "Colour": "ignore"}
        return
    assert (report["status"], report["code"]) == (2, "mapping")
    assert says in report["error"]


def test_two_columns_cannot_be_one_thing():
    with pytest.raises(ImportRefused):
        generic.check_mapping(["a", "b"], {"0": "title", "1": "title"})
    generic.check_mapping(["a", "b", "c"], {"0": "title", "1": "fact", "2": "fact"})


def test_rows_of_one_key_are_variants_of_one_product(tmp_path):
    report = send(tmp_path, "Style,Name,SKU,Size\nT1,Tee,T1-S,S\nT1,Tee,T1-L,L\nT2,Cap,T2,One\n")
    assert accounted(report)
    assert report["products"]["created"] == 2
    assert set(Variant.objects.filter(product__title="Tee").values_list("key", flat=True)) == {"T1-S", "T1-L"}
    assert set(Fact.objects.filter(name="Size", variant__isnull=False).values_list("value", flat=True)) == {"S", "L"}


def test_a_row_with_nothing_to_know_it_by_is_rejected_with_its_reason(tmp_path):
    report = send(tmp_path, "Name,SKU,Finish\nKettle,K,matt\n,,gloss\n")
    assert [(reason["row"], reason["code"]) for reason in report["reasons"]] == [(3, "no_handle")]


def test_a_table_with_titles_alone_is_known_by_them_and_imports_unchanged_again(tmp_path):
    content = "Name,Finish\nKettle,matt\nMug,gloss\n"
    assert send(tmp_path, content)["products"]["created"] == 2
    assert send(tmp_path, content)["products"]["unchanged"] == 2


@pytest.mark.parametrize(
    ("header", "dialect"),
    [
        (["Handle", "Title", "Body (HTML)"], "shopify"),
        (["\ufeffHandle ", " title"], "shopify"),
        (["Title", "URL handle", "Description", "Vendor"], "shopify"),
        (["Title", "Variant SKU", "Variant Price"], "shopify"),
        (["Title", "Description", "SKU"], ""),
        (["Handle"], ""),
        (["sku", "name", "attribute_set_code", "product_type"], ""),
        (["货号", "商品名称"], ""),
    ],
)
def test_a_header_is_shopifys_only_where_it_can_be_no_one_elses(header, dialect):
    assert recognise(header) == dialect
