"""The script's pure functions, run in the browser that will run them."""

import pytest

pytestmark = [pytest.mark.e2e]


@pytest.fixture
def call(page, live_server):
    """`call("text-offsets.js", "toUtf16", "𠮷a", 1)` runs an exported function."""
    page.goto(f"{live_server.url}/healthz")

    def run(module, name, *arguments):
        return page.evaluate(
            "async ([url, name, args]) => (await import(url))[name](...args)",
            [f"{live_server.url}/static/shopai/{module}", name, list(arguments)],
        )

    return run


@pytest.mark.parametrize("text", ["", "plain", "𠮷野家", "a🎧b👩‍👩‍👧c", "👍🏽𠮷", "é e\u0301"])
def test_offsets_convert_both_ways_for_every_code_point(call, text):
    for offset in range(len(text) + 1):
        utf16 = call("text-offsets.js", "toUtf16", text, offset)
        assert utf16 == len(text[:offset].encode("utf-16-le")) // 2
        assert call("text-offsets.js", "toCodePoints", text, utf16) == offset
    assert call("text-offsets.js", "lengthOf", text) == len(text)


def test_offsets_past_the_end_or_inside_a_pair_stay_in_the_text(call):
    assert call("text-offsets.js", "toUtf16", "𠮷", 9) == 2
    assert call("text-offsets.js", "toCodePoints", "𠮷", 1) == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "new"),
        ("old", ""),
        ("A kettle of tin.", "A kettle of steel."),
        ("钢制水壶", "铁制大水壶"),
        ("a b c", "c b a 🎧"),
    ],
)
def test_a_difference_reads_as_both_texts(call, before, after):
    parts = call("desk-diff.js", "diff", before, after)
    assert "".join(part["text"] for part in parts if part["kind"] != "new") == before
    assert "".join(part["text"] for part in parts if part["kind"] != "old") == after


def test_a_difference_names_the_word_that_changed(call):
    parts = call("desk-diff.js", "diff", "A kettle of tin.", "A kettle of steel.")
    assert [(part["kind"], part["text"]) for part in parts if part["kind"] != "same"] == [
        ("old", "tin"),
        ("new", "steel"),
    ]


def test_a_key_is_a_uuid_also_where_the_browser_makes_none(call, page):
    page.evaluate("delete Crypto.prototype.randomUUID")
    keys = {call("desk-http.js", "newKey") for _ in range(20)}
    assert len(keys) == 20
    import uuid

    assert {uuid.UUID(key).version for key in keys} == {4}
