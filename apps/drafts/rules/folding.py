"""Texts made comparable, with the way back to where each character stood."""

import unicodedata
from functools import lru_cache

_PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"}
)
_SPACES = str.maketrans(dict.fromkeys("\t\n\r\x0b\x0c\xa0\u2002\u2003\u2007\u2009\u202f\u3000", " "))


@lru_cache(maxsize=65536)
def _fold_cluster(cluster: str) -> str:
    if unicodedata.decomposition(cluster[0]).startswith("<super>"):
        return cluster  # ™ and ² would grow into letters and digits of the word before them
    # Format characters (zero-width space and joiners, soft hyphen, byte-order mark) are invisible: they hide nothing.
    shown = "".join(char for char in cluster if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", shown).casefold().translate(_PLAIN).translate(_SPACES)


def fold(text: str) -> tuple[str, list[int] | range]:
    """Fold case, width and invisible characters; runs of white space become one space.

    Returns the folded text and, for each of its characters and for its end, the offset in `text` (code points).
    """
    if text.isascii():
        folded = text.translate(_SPACES).lower()
        if "  " not in folded:
            return folded, range(len(text) + 1)
    pieces: list[str] = []
    offsets: list[int] = []
    for start, cluster in _clusters(text):
        piece = _fold_cluster(cluster)
        if piece == " " and pieces and pieces[-1] == " ":
            continue
        if piece:
            pieces.append(piece)
            offsets.extend([start] * len(piece))
    offsets.append(len(text))
    return "".join(pieces), offsets


def folded(text: str) -> str:
    """The folded text alone, several times faster; runs of white space may be longer than those of `fold`."""
    text = " ".join(text.split())
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_cluster, text)) if unicodedata.is_normalized("NFC", text) else fold(text)[0]


def _clusters(text: str):
    """A base character with the combining marks behind it, so that e + ´ compares equal to é."""
    if unicodedata.is_normalized("NFC", text):
        yield from enumerate(text)
        return
    start = 0
    for place in range(1, len(text) + 1):
        # A very long run of marks is an attack on the renderer; sixteen are enough for any script.
        if place == len(text) or not unicodedata.combining(text[place]) or place - start >= 16:
            yield start, text[start:place]
            start = place
