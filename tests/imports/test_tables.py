"""What a file is, found out from its beginning; and what is refused before anything is kept."""

import pytest

from apps.imports import tables
from apps.imports.errors import ImportRefused
from apps.imports.tables import detect_table, sample_rows

CHINESE = (
    "标题,品牌,描述\n"
    "钢制水壶,澳维欧,这是一款结实耐用的不锈钢水壶，适合家庭和办公室使用。\n"
    "马克杯,澳维欧,大容量陶瓷马克杯，可以放入洗碗机。\n"
)
GERMAN = (
    "Titel;Marke;Beschreibung\n"
    "Wasserkocher;Müller;Für schöne Küchen, größer als üblich\n"
    "Tasse;Weiß;Hält heiße Getränke länger heiß\n"
)


def detect(tmp_path, content: str | bytes, **given):
    path = tmp_path / "table"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return detect_table(path, **given)


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE * 20, "gb18030", "gb18030"),
        (GERMAN, "cp1252", "cp1252"),
        (GERMAN, "utf-16-le", "utf-16-le"),
    ],
)
def test_the_encoding_is_found_from_the_bytes(tmp_path, text, written, found):
    table = detect(tmp_path, text.encode(written))
    assert table.encoding == found
    assert table.header == text.splitlines()[0].replace(";", ",").split(",")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_columns(tmp_path, delimiter):
    lines = [["Name", "Text"], ["Kettle", "boils, hisses; whistles"], ["Mug", "holds, warms"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    assert detect(tmp_path, text).delimiter == delimiter


def test_one_damaged_row_does_not_change_the_encoding_of_all(tmp_path):
    rows = "".join(f"{n},藏青色\n" for n in range(50)).encode()
    assert detect(tmp_path, b"a,b\n1,caf\xe9\n" + rows).encoding == "utf-8"


def test_a_table_without_a_header_gets_names_for_its_columns(tmp_path):
    table = detect(tmp_path, "12,Kettle,19.90\n13,Mug,9.90\n")
    assert not table.has_header
    assert len(table.header) == 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"Title,Brand\n", "no_rows"),
        (b"%PDF-1.7 ...", "binary"),
        (b"PK\x03\x04" + b"\x00" * 100, "binary"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x00" * 5_000, "empty"),
        (b"<?xml version='1.0'?><rss></rss>", "not_a_table"),
        (b'{"title": "Kettle", "brand": "Auvio"}\n' * 5, "not_a_table"),
        (b"Dear all,\n\nplease find the kettle.\nIt is blue.\nBye\n", "not_a_table"),
        ("a,b\n1,2\n".encode("utf-32"), "encoding"),
    ],
)
def test_what_is_no_table_is_refused_with_a_stable_code_and_one_line(tmp_path, content, code):
    with pytest.raises(ImportRefused) as refused:
        detect(tmp_path, content)
    assert refused.value.code == code
    assert "\n" not in str(refused.value)


def test_a_file_told_to_be_in_an_encoding_that_it_is_not_in_is_refused(tmp_path):
    with pytest.raises(ImportRefused) as refused:
        detect(tmp_path, CHINESE, encoding="utf-16")
    assert refused.value.code == "encoding"


def test_a_first_row_longer_than_the_sample_is_still_a_row(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "SAMPLE_CHARS", 200)
    assert detect(tmp_path, "Title,Body\nKettle," + "x" * 1_000 + "\n").header == ["Title", "Body"]


def test_samples_are_as_wide_as_the_header(tmp_path):
    path = tmp_path / "table"
    path.write_text("a,b\n1\n1,2,3\n1,2\n1,2\n")
    assert sample_rows(path, detect_table(path))[:2] == [["1", ""], ["1", "2"]]
