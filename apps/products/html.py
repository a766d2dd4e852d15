"""Between a shop's HTML and copy, which is plain text: paragraphs apart by an empty line, list items begin with `- `."""

import html
import re
import unicodedata
from html.parser import HTMLParser

from apps.products.cleaning import clean_text, without_text_mark

TEXT_LIMIT = 100_000
_SILENT = {
    "script",
    "style",
    "noscript",
    "template",
    "table",
    "video",
    "audio",
    "iframe",
    "object",
    "svg",
    "head",
    "title",
    "select",
}
_BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "aside", "main", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
    "pre", "ul", "ol", "dl", "dt", "dd", "hr", "figure", "figcaption", "address", "form", "details", "summary", "center",
}  # fmt: skip
_MEDIA = {"img", "video", "audio", "iframe", "object", "embed", "table", "picture"}
_VOID = {"img", "embed"}
_BULLET = re.compile(r"^\s*(?:[-*•·–]|\d+[.)])\s+")
_TAG = re.compile(r"<[a-zA-Z/!]")


class _TextReader(HTMLParser):
    """Collects blocks of text: (is a list item, text)."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[bool, str]] = []
        self.parts: list[str] = []
        self.is_item = False
        self.silent: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in _SILENT:
            self._close()
            self.silent.append(tag)
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self._close()
            self.is_item = True
        elif tag in _BLOCKS and not (self.is_item and not self._text()):
            self._close()

    def handle_startendtag(self, tag, attrs):
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag in self.silent:
            del self.silent[self.silent.index(tag) :]
        elif tag == "li" or tag in _BLOCKS:
            self._close()
            self.is_item = self.is_item and tag != "li"

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def _text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.parts).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _close(self) -> None:
        if text := self._text():
            self.blocks.append((self.is_item, " ".join(text.split()) if self.is_item else text))
            self.is_item = False
        self.parts = []

    def read(self, source: str) -> str:
        self.feed(source)
        self.close()
        self._close()
        text = ""
        for number, (is_item, block) in enumerate(self.blocks):
            follows_item = number > 0 and self.blocks[number - 1][0] and is_item
            text += ("" if not number else "\n" if follows_item else "\n\n") + ("- " if is_item else "") + block
        return text


def body_to_text(body: str) -> str:
    """The words of a body that a shopper reads: no markup, scripts, tables or media; NFC."""
    body = without_text_mark(body[: TEXT_LIMIT * 4])
    if _TAG.search(body):
        # A stray `<!` or `<?` must not swallow the rest of the body, as it would in the parser.
        body = _TextReader().read(body.replace("\x00", ""))
        return unicodedata.normalize("NFC", clean_text(_escaped(body), TEXT_LIMIT))
    return clean_text(body, TEXT_LIMIT)


def _escaped(text: str) -> str:
    """`clean_text` takes HTML; text that has already been read must not be read as HTML again."""
    return html.escape(text, quote=False)


def text_to_html(text: str) -> str:
    """Paragraphs and lists of plain copy as HTML; everything else in it is escaped."""
    blocks = []
    for block in re.split(r"\n[ \t]*\n", text.strip()):
        lines = [line for line in block.split("\n") if line.strip()]
        blocks.extend(_block_html(run) for run in _runs(lines))
    return "\n".join(blocks)


def _runs(lines: list[str]) -> list[list[str]]:
    """Consecutive lines of one sort: list items, or text."""
    runs: list[list[str]] = []
    for line in lines:
        if runs and bool(_BULLET.match(runs[-1][-1])) == bool(_BULLET.match(line)):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _block_html(lines: list[str]) -> str:
    escaped = [html.escape(line, quote=False) for line in lines]
    if not _BULLET.match(lines[0]):
        return f"<p>{'<br>'.join(line.strip() for line in escaped)}</p>"
    items = "".join(f"<li>{_BULLET.sub('', line, count=1).strip()}</li>" for line in escaped)
    return f"<ul>{items}</ul>"


class _MediaFinder(HTMLParser):
    """Finds where the outermost media and tables of a body begin and end, in characters."""

    def __init__(self, source: str):
        super().__init__(convert_charrefs=True)
        self.source = source
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", source))]
        self.spans: list[tuple[int, int]] = []
        self.tag, self.depth, self.start = "", 0, 0

    def _offset(self) -> int:
        line, column = self.getpos()
        return self.line_starts[line - 1] + column

    def handle_starttag(self, tag, attrs):
        if self.depth:
            self.depth += tag == self.tag
        elif tag in _VOID:
            start = self._offset()
            self.spans.append((start, start + len(self.get_starttag_text())))
        elif tag in _MEDIA:
            self.tag, self.depth, self.start = tag, 1, self._offset()

    def handle_startendtag(self, tag, attrs):
        # HTML ignores the slash of <iframe/>; only void elements end here.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if self.depth and tag == self.tag:
            self.depth -= 1
            if not self.depth:
                end = self.source.find(">", self._offset())
                self.spans.append((self.start, end + 1 if end >= 0 else len(self.source)))

    def find(self) -> list[tuple[int, int]]:
        self.feed(self.source)
        self.close()
        if self.depth:
            self.spans.append((self.start, len(self.source)))
        return self.spans


def media_of(body: str) -> list[str]:
    """The outermost images, videos, embedded frames and tables of a body, byte for byte, in their order."""
    return [body[start:end] for start, end in _MediaFinder(body).find()]


def replace_body(old_html: str, new_text: str) -> str:
    """`new_text` as HTML, and after it the media and tables of the old body, byte for byte.

    A body that says the same already comes back as it is.
    """
    if body_to_text(old_html) == new_text.strip():
        return old_html
    return "\n".join([text_to_html(new_text), *media_of(old_html)])
