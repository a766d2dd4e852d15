"""Which encoding a file is in, from its bytes alone."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.imports.errors import ImportRefused

SAMPLE_BYTES = 256 * 1024
BLOCK_BYTES = 1024 * 1024
# What spreadsheets and shop systems write besides Unicode.
LEGACY = ["cp1252", "gb18030", "cp1251", "cp1250", "big5", "shift_jis", "euc_kr"]
CHOICES = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *LEGACY]
_SIGNATURES = [
    (b"%PDF", gettext_noop("a PDF")),
    (b"PK\x03\x04", gettext_noop("an Excel workbook or a zip archive")),
    (b"\xd0\xcf\x11\xe0", gettext_noop("an old Excel workbook")),
    (b"\x1f\x8b", gettext_noop("a compressed file")),
    (b"\x89PNG", gettext_noop("a picture")),
    (b"\xff\xd8\xff", gettext_noop("a picture")),
    (b"GIF8", gettext_noop("a picture")),
]


def detect_encoding(path: Path) -> str:
    """Return one of CHOICES. Raises ImportRefused for what is not text, or is text that nothing here can read."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ImportRefused("empty", _("The file is empty."))
    _refuse_other_formats(head)
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise ImportRefused("encoding", _("The file is in UTF-32. Save it as CSV UTF-8 and upload it again."))
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _utf16_without_mark(head):
        return wide
    # A stray NUL costs its row (see reading.py); more of them are no text.
    if head.count(0) > len(head) // 1000 + 1:
        raise ImportRefused("binary", _("The file is not text. Export the table as CSV and upload that."))
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return _utf8_or_legacy(path)


def _refuse_other_formats(head: bytes) -> None:
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            message = _("This is %(what)s, not a table in text form. Save it as CSV UTF-8 and upload that.")
            raise ImportRefused("binary", message % {"what": _(name)})


def _utf16_without_mark(head: bytes) -> str:
    pairs = len(head) // 2
    if pairs < 8:
        return ""
    if head[1::2].count(0) > pairs * 0.4 and not head[::2].count(0):
        return "utf-16-le"
    if head[::2].count(0) > pairs * 0.4 and not head[1::2].count(0):
        return "utf-16-be"
    return ""


def _utf8_or_legacy(path: Path) -> str:
    """UTF-8 unless the first byte beyond ASCII already breaks it: a single damaged row must not change the verdict."""
    valid = bad = 0
    sample = bytearray()
    for block in _blocks_of_lines(path):
        if block.isascii():
            continue
        for line in block.splitlines(keepends=True):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                valid += 1
            except UnicodeDecodeError:
                bad += 1
            sample += line
        if len(sample) > SAMPLE_BYTES:
            break
    if not bad or valid > bad * 4:
        return "utf-8"
    return _legacy(bytes(sample[:SAMPLE_BYTES]))


def _blocks_of_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block + (file.readline(BLOCK_BYTES) if not block.endswith(b"\n") else b"")


def _legacy(sample: bytes) -> str:
    matches = from_bytes(sample, cp_isolation=LEGACY, threshold=0.5)
    best = matches.best()
    if best is None:
        raise ImportRefused(
            "encoding", _("The encoding of the file is unknown. Save it as CSV UTF-8 and upload it again.")
        )
    # Western and Central European differ in a few letters only; a short text gives no ground to leave the common one.
    western = next((match for match in matches if "cp1252" in match.could_be_from_charset), None)
    if best.encoding == "cp1250" and western is not None and western.chaos <= best.chaos:
        return "cp1252"
    return best.encoding
