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


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("A kettle that holds 9 l and is light.", "9 l", "A kettle that holds and is light."),
        ("A kettle that holds 9 l.", "9 l", "A kettle that holds."),
        ("It is light, waterproof, and small.", "waterproof", "It is light, and small."),
        ("It is light, small and waterproof.", "waterproof", "It is light, small."),
        ("It is light, small, and waterproof.", "waterproof", "It is light, small."),
        ("A bag (IPX7) for rain.", "IPX7", "A bag for rain."),
        ("A bag (IPX7).", "IPX7", "A bag."),
        ("A bag (light, IPX7) for rain.", "IPX7", "A bag (light) for rain."),
        ("Waterproof, it lasts.", "Waterproof", "It lasts."),
        ("Waterproof jacket.", "Waterproof", "Jacket."),
        ("It lasts. Certified by TÜV. It shines.", "Certified by TÜV", "It lasts. It shines."),
        ("It lasts. 9 l.", "9 l", "It lasts."),
        ("- steel\n- 9 l\n- light", "9 l", "- steel\n- light"),
        ("- steel\n- 9 l", "9 l", "- steel"),
        ("1. 9 l\n2. steel", "9 l", "2. steel"),
        ("𠮷🎧 holds  9 l  or so", "9 l", "𠮷🎧 holds or so"),
        ("水壶容量9升，重1公斤。", "9升", "水壶容量，重1公斤。"),
        ("采用不锈钢、陶瓷，很轻。", "陶瓷", "采用不锈钢，很轻。"),
        ("采用不锈钢和陶瓷。", "陶瓷", "采用不锈钢。"),
        ("全网第一的水壶。", "全网第一", "的水壶。"),
        ("水壶（IPX7）很轻。", "IPX7", "水壶很轻。"),
        ("很轻。通过德国认证。很好。", "通过德国认证", "很轻。很好。"),
        ("9 l", "9 l", ""),
    ],
)
def test_what_is_taken_out_leaves_no_doubled_space_or_lost_comma(call, text, words, left):
    start = len(text[: text.index(words)].encode("utf-16-le")) // 2
    cut = call("desk-cut.js", "cutOut", text, start, start + len(words.encode("utf-16-le")) // 2)
    units = text.encode("utf-16-le")
    assert (
        units[: 2 * cut["start"]].decode("utf-16-le") + cut["text"] + units[2 * cut["end"] :].decode("utf-16-le")
    ) == left


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("It holds 9 l.", "🎧 It holds 9 l.", "9 l"),
        ("It holds 9 l.", "It holds 9 l. 𠮷", "9 l"),
        ("It holds 9 l.", "  It holds 9 l.\n", "9 l"),
        ("It holds 9 l.", "  It really holds 9 l.\n", "9 l"),
        ("It holds 9 l.", "It holds 9 1/2 l.", "9 1/2 l"),
        ("It holds 9 l.", "It holds it.", None),
        ("It holds 9 l.", "", None),
    ],
)
def test_what_was_found_moves_with_the_text_as_it_is_typed(call, page, before, after, words):
    found = {"start": before.index("9 l"), "end": before.index("9 l") + 3}
    moved = page.evaluate(
        "async ([url, ...rest]) => (await import(url)).moveRanges(...rest, () => true)",
        [page.url.replace("/healthz", "/static/shopai/desk-ranges.js"), [found], before, after],
    )
    units = after.encode("utf-16-le")
    assert [units[2 * each["start"] : 2 * each["end"]].decode("utf-16-le") for each in moved] == (
        [words] if words else []
    )
