"""Between a shop's HTML and plain copy: what is read, what is written, and what stays byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.products.html import body_to_text, media_of, replace_body, text_to_html

WORD = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=12)
LINE = st.lists(
    WORD | st.sampled_from(["&", "<b>", "5 < 6", "a&amp;b", "“x”", "藏青", "𠮷", "1.5 l"]), min_size=1, max_size=6
)
PARAGRAPH = LINE.map(" ".join)
ITEMS = st.lists(PARAGRAPH.map("- {}".format), min_size=1, max_size=4).map("\n".join)


@st.composite
def copies(draw) -> str:
    """Copy as it is stored: paragraphs, lists, never two lists in a row, NFC."""
    blocks = draw(st.lists(PARAGRAPH, min_size=1, max_size=4))
    with_lists = []
    for block in blocks:
        with_lists.append(block)
        if draw(st.booleans()):
            with_lists.append(draw(ITEMS))
    return body_to_text(text_to_html("\n\n".join(with_lists)))


@given(copies())
def test_copy_that_goes_to_the_shop_and_comes_back_is_the_same_copy(text):
    assert body_to_text(text_to_html(text)) == text


@given(st.text(max_size=300))
def test_no_text_becomes_a_tag(text):
    html = text_to_html(text)
    for tag in ("<p>", "</p>", "<br>", "<ul>", "</ul>", "<li>", "</li>"):
        html = html.replace(tag, "")
    assert "<" not in html
    assert ">" not in html


@given(st.text(max_size=400) | st.lists(st.sampled_from(
    ["<p>", "</p>", "<!", "<?", "<li>", "<table>", "</table>", "<script>", "</script>", "<img ", "x", "&lt;", "&", "\x00", "<svg/>"]
), max_size=30).map("".join))  # fmt: skip
def test_any_body_can_be_read_and_searched_for_media(body):
    text = body_to_text(body)
    assert "\x00" not in text
    for piece in media_of(body):
        assert piece in body


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("plain text", "plain text"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<ul><li>one</li><li><p>two</p></li></ul>after", "- one\n- two\n\nafter"),
        ("<p>a &amp; b &lt;c&gt;</p>", "a & b <c>"),
        ("<p>Good.</p><script>bad()</script><style>p{}</style><!-- bad -->", "Good."),
        ("<table><tr><td>1</td></tr></table><p>Good.</p>", "Good."),
        ("<p>5 < 6 and <! odd</p>after", None),
        ("<p>cafe\u0301</p>", "caf\u00e9"),
    ],
)
def test_the_words_of_a_body_are_those_that_a_shopper_reads(body, text):
    read = body_to_text(body)
    if text is None:
        assert "after" in read
    else:
        assert read == text


MEDIA = [
    "<img src=\"a.jpg\"  ALT='x > y' />",
    '<table class="sizes">\n<tr><td>1<table><tr><td>2</td></tr></table></td></tr></table>',
    '<video controls><source src="v.mp4"></video>',
    '<iframe src="https://video.example/1"></iframe>',
    "<picture><source srcset='a.webp'><img src='a.jpg'></picture>",
]


@given(st.lists(st.sampled_from(MEDIA), max_size=5), copies(), st.sampled_from(["\n", "\r\n", ""]))
def test_images_videos_and_tables_of_the_old_body_stay_byte_for_byte_and_in_order(media, text, newline):
    body = "<p>Old words that go.</p>" + "".join(f"<div>{piece}</div>{newline}" for piece in media)
    replaced = replace_body(body, text)
    assert media_of(body) == media
    assert media_of(replaced) == media
    assert body_to_text(replaced) == text
    assert "Old words" not in replaced


def test_a_body_that_says_the_same_already_comes_back_as_it_is():
    body = '<div class="rte"><P>Boils  water.</P></div>'
    assert replace_body(body, "Boils water.") == body


def test_approved_copy_is_never_markup_in_the_shop():
    assert replace_body("", "<script>x()</script>") == "<p>&lt;script&gt;x()&lt;/script&gt;</p>"
