"""Reading rows: none is dropped in silence, none can take the memory of the whole file."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from apps.imports import reading
from apps.imports.errors import ImportRefused
from apps.imports.reading import RecordReader, SourceRow, TableFormat, read_rows


def rows_of(path: Path, content: str | bytes, header: list[str], encoding: str = "utf-8") -> list[SourceRow]:
    path = path / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with RecordReader(path, encoding, ",") as reader:
        return list(read_rows(reader, TableFormat(encoding=encoding, header=header)))


def test_short_rows_are_padded_and_empty_cells_beyond_the_header_are_cut(tmp_path):
    rows = rows_of(tmp_path, "a,b,c\n1\n1,2,3,,\n", ["a", "b", "c"])
    assert [row.cells for row in rows] == [["1", "", ""], ["1", "2", "3"]]
    assert not any(row.code for row in rows)


def test_a_row_with_too_many_cells_is_rejected_and_the_next_one_is_read(tmp_path):
    rows = rows_of(tmp_path, "a,b\n1,2,3\n4,5\n", ["a", "b"])
    assert [row.code for row in rows] == ["too_many_cells", ""]
    assert rows[0].cells == ["1", "2", "3"]
    assert "3 cells" in rows[0].message


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    rows = rows_of(tmp_path, 'a,b\n1,"x\ny"\n\n2,z\n', ["a", "b"])
    assert [(row.number, row.cells[0]) for row in rows] == [(2, "1"), (4, "2")]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_all_line_ends_and_mixtures_of_them_are_read(tmp_path, newline):
    rows = rows_of(tmp_path, f'a,b{newline}1,"x\r\ny"{newline}2,z\n', ["a", "b"])
    assert [row.cells for row in rows] == [["1", "x\r\ny"], ["2", "z"]]


def test_a_cell_that_begins_like_a_formula_stays_the_text_that_it_is(tmp_path):
    rows = rows_of(tmp_path, 'a,b\n=1+1,"=HYPERLINK(""http://x"")"\n@SUM(A1),-5\n', ["a", "b"])
    assert [row.cells for row in rows] == [["=1+1", '=HYPERLINK("http://x")'], ["@SUM(A1)", "-5"]]


def test_a_nul_costs_its_row_only(tmp_path):
    rows = rows_of(tmp_path, b"a,b\n1,x\x00y\n2,z\n", ["a", "b"])
    assert [row.code for row in rows] == ["nul", ""]
    assert rows[0].cells == ["1", "x\ufffdy"]


def test_bytes_of_another_encoding_cost_their_row_only(tmp_path):
    rows = rows_of(tmp_path, b"a,b\n1,caf\xe9\n2,caf\xc3\xa9\n", ["a", "b"])
    assert [row.code for row in rows] == ["encoding", ""]
    assert rows[0].cells == ["1", "caf\ufffd"]
    assert rows[1].cells == ["2", "café"]


def test_a_quote_that_is_never_closed_costs_its_line_and_no_other(tmp_path):
    lines = "".join(f"{n},x\n" for n in range(3, 50))
    rows = rows_of(tmp_path, f'a,b\n1,"open\n2,x\n{lines}', ["a", "b"])
    assert [row.code for row in rows] == ["broken_quote", *[""] * 48]
    assert rows[0].number == 2
    assert rows[-1].cells == ["49", "x"]


def test_quotes_that_pair_up_wrongly_do_not_join_the_file_into_one_record(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "RECORD_LIMIT", 2_000)
    content = "a,b\n" + 'x"y,"z\n' * 30 + "\n".join(["1,2"] * 2_000)
    rows = rows_of(tmp_path, content, ["a", "b"])
    assert len(rows) > 1_900
    assert max(len(row.cells) for row in rows) < 100


def test_a_line_longer_than_any_row_is_one_rejected_row(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "RECORD_LIMIT", 2_000)
    rows = rows_of(tmp_path, "a,b\n1," + "x" * 9_000 + "\n2,y\n", ["a", "b"])
    assert [row.code for row in rows] == ["too_long", ""]
    assert rows[1].cells == ["2", "y"]


def test_a_file_whose_quotes_pair_up_nowhere_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "RECORD_LIMIT", 2_000)
    with pytest.raises(ImportRefused) as refused:
        rows_of(tmp_path, "a,b\n" + 'x"y,"z\n' * 3_000, ["a", "b"])
    assert refused.value.code == "broken_quote"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252", "big5"])
def test_reading_goes_on_where_it_stopped(tmp_path, encoding):
    word = "café" if encoding == "cp1252" else "藏青"
    path = tmp_path / "table.csv"
    content = "a,b\n" + "".join(f'{n},"{word}\n{n}"\n' for n in range(3_000))
    path.write_bytes(content.encode(encoding, "ignore"))
    table = TableFormat(encoding=encoding, header=["a", "b"])
    with RecordReader(path, encoding, ",") as reader:
        whole = [(row.number, row.cells) for row in read_rows(reader, table)]
    parts, position, number = [], "", 0
    while True:
        with RecordReader(path, encoding, ",", position=position, number=number) as reader:
            part = [(row.number, row.cells) for row in itertools.islice(read_rows(reader, table), 700)]
            position, number = reader.tell(), reader.number
        parts += part
        if len(part) < 700:
            break
    assert len(whole) == 3_000
    assert parts == whole


_PEAK = """
import resource, sys
from pathlib import Path
from apps.imports.reading import RecordReader, read_rows
from apps.imports.tables import detect_table
path = Path(sys.argv[1])
table = detect_table(path)
with RecordReader(path, table.encoding, table.delimiter) as reader:
    count = sum(1 for row in read_rows(reader, table))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_reading_200_mb_takes_no_more_memory_than_reading_2_mb(tmp_path):
    line = "1," + "x" * 1_000 + "\n"
    peaks = {}
    for name, count in (("small", 2_000), ("large", 200_000)):
        path = tmp_path / name
        with path.open("w") as file:
            file.write("a,b\n")
            for _ in range(count // 1_000):
                file.write(line * 1_000)
        done = subprocess.run(
            [sys.executable, "-c", _PEAK, str(path)], capture_output=True, text=True, check=True, timeout=120
        )
        read, peaks[name] = map(int, done.stdout.split())
        assert read == count
    assert peaks["large"] < peaks["small"] + 20
