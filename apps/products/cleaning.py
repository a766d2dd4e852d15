"""Catalogue text comes from anywhere: what is kept of it is plain, NFC and bounded."""

import html
import re
import unicodedata

import nh3

VALUE_LIMIT = 2_000
# Control characters but tab and newline, and the marks that turn the direction of text (they can hide words).
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# `A<B` and `5 < 6` are text, of which an HTML parser would leave `A`.
_TAG = re.compile(r"<(?:[a-zA-Z/!?][^<>]*>|!--|[a-zA-Z]+[\s/][^<>]*=)")
_BLANKS = re.compile(r"[ \t\u00a0]+")


def clean_line(value: str, limit: int = VALUE_LIMIT) -> str:
    """One line of plain text: no HTML, no control characters, single blanks, NFC, at most `limit` characters."""
    return " ".join(clean_text(value, limit).split())


def clean_text(value: str, limit: int = VALUE_LIMIT) -> str:
    """Plain text that keeps its line ends (`\\n`)."""
    if _TAG.search(value):
        value = nh3.clean(value, tags=set())
    if "&" in value:
        value = html.unescape(value)
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
    return _BLANKS.sub(" ", _CONTROL.sub("", value)).strip()[:limit].rstrip()


def without_text_mark(value: str) -> str:
    """`'16` -> `16`: the apostrophe with which spreadsheets mark a number, or a formula, as text."""
    return value[1:] if len(value) > 1 and value[0] == "'" and (value[1].isdigit() or value[1] in "=+-@") else value
