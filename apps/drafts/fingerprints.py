"""Texts made comparable by the million: MinHash signatures, stored without the texts, found again by an index."""

import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection
from rensa import RMinHash

from apps.drafts.registry import CheckContext
from apps.drafts.rules.matching import comparable, comparable_words

# 12 bands of 5: two texts that share 80 % of their shingles meet with a chance of 99 %, at 40 % with one of 12 %.
BANDS, ROWS = 12, 5
SIZE = 64
SEED = 20261124
SHINGLE = 3
# Shorter texts are alike by nature.
FEWEST_SHINGLES = 8
# Candidates looked at for each text.
CANDIDATES = 20
# Words of a title that tell a family of products from another.
STEM_WORDS = 2
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]+|\d+")
_UNSIGNED = struct.Struct(f"<{SIZE}I")


class Signature(NamedTuple):
    minima: tuple[int, ...]
    bands: tuple[int, ...]


class Alike(NamedTuple):
    """A stored text that says nearly the same; `share` of the shingles, 0 to 1, is an estimate (± 0.06)."""

    kind: str
    subject_id: int
    share: float


def signature(text: str) -> Signature | None:
    """None for a text that is too short to be told from others."""
    tokens = _TOKEN.findall(comparable_words(text))
    shingles = {" ".join(tokens[place : place + SHINGLE]) for place in range(len(tokens) - SHINGLE + 1)}
    if len(shingles) < FEWEST_SHINGLES:
        return None
    hashes = RMinHash(num_perm=SIZE, seed=SEED)
    hashes.update(sorted(shingles))
    minima = tuple(hashes.digest())
    return Signature(minima, tuple(_band(number, minima) for number in range(BANDS)))


def stem_of(brand: str, title: str) -> str:
    """Equal for products of a family: the same brand and the same first words of the title, numbers aside."""
    words = [word for word in _TOKEN.findall(comparable(title)[0]) if not word.isdigit()]
    dense = bool(words) and len(words[0]) == 1 and not words[0].isascii()
    key = f"{comparable(brand)[0]}|{' '.join(words[: STEM_WORDS * 2 if dense else STEM_WORDS])}"
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:32] if words else ""


def stem_in(context: CheckContext) -> str:
    by_role = {fact.role: fact.value for fact in reversed(context.facts)}
    return stem_of(by_role.get("brand", ""), by_role.get("title", ""))


class Place(NamedTuple):
    """Where a text stands; `stem` as of `stem_of`."""

    kind: str
    subject_id: int
    field: str
    language: str
    stem: str


def remember(items: Iterable[tuple[str, CheckContext]]) -> None:
    """Store what approved or live texts look like; the newest text of a field and language counts."""
    remember_at(
        (text, Place(at.kind, at.subject_id, at.field, at.language, stem_in(at))) for text, at in items if at.subject_id
    )


def remember_at(items: Iterable[tuple[str, Place]]) -> None:
    """As `remember`, for texts whose facts were not read. One statement for any number of texts."""
    rows: dict[tuple, tuple] = {}
    for text, place in items:
        if (found := signature(text)) is not None:
            rows[place[:4]] = (*place, _UNSIGNED.pack(*found.minima), _array(found.bands))
    if rows:
        # In one order everywhere: an import, an audit and a publication that meet must not wait for each other.
        columns = zip(*(rows[key] for key in sorted(rows)), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(_REMEMBER, list(map(list, columns)))


# What is known already is not written again: an audit reads every text of a shop, of which few have changed.
_REMEMBER = """
INSERT INTO drafts_copyfingerprint AS c (kind, subject_id, field, language, stem, minima, bands)
SELECT v.kind, v.subject_id, v.field, v.language, v.stem, v.minima, v.bands::int[]
FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[])
     AS v(kind, subject_id, field, language, stem, minima, bands)
ON CONFLICT (kind, subject_id, field, language) DO UPDATE
SET stem = excluded.stem, minima = excluded.minima, bands = excluded.bands
WHERE (c.stem, c.minima, c.bands) IS DISTINCT FROM (excluded.stem, excluded.minima, excluded.bands)
"""


_NEAREST = """
SELECT q.n, f.kind, f.subject_id, f.minima
FROM unnest(%s::int[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[])
     AS q(n, bands, kind, subject_id, field, language, stem)
CROSS JOIN LATERAL (
    SELECT kind, subject_id, minima FROM drafts_copyfingerprint c
    WHERE c.bands && q.bands::int[] AND c.field = q.field AND c.language = q.language
      AND (c.kind, c.subject_id) <> (q.kind, q.subject_id) AND (c.stem = '' OR c.stem <> q.stem)
    LIMIT %s
) f
"""


def nearest(items: Sequence[tuple[Signature, CheckContext]]) -> list[Alike | None]:
    """For each text the most similar stored one of a product that is no sibling, if any; one query for all."""
    best: list[Alike | None] = [None] * len(items)
    if not items:
        return best
    rows = [
        (number, _array(found.bands), at.kind, at.subject_id, at.field, at.language, stem_in(at))
        for number, (found, at) in enumerate(items)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [*map(list, zip(*rows, strict=True)), CANDIDATES])
        for number, kind, subject_id, minima in cursor.fetchall():
            share = _share(items[number][0].minima, _UNSIGNED.unpack(minima))
            if best[number] is None or share > best[number].share:
                best[number] = Alike(kind, subject_id, share)
    return best


def _share(left: tuple[int, ...], right: tuple[int, ...]) -> float:
    return sum(map(int.__eq__, left, right)) / SIZE


def _band(number: int, minima: tuple[int, ...]) -> int:
    """A signed 32-bit hash; the band's number is part of it, so that bands only meet their like."""
    content = struct.pack(f"<{ROWS + 1}I", number, *minima[number * ROWS : (number + 1) * ROWS])
    return int.from_bytes(hashlib.blake2b(content, digest_size=4).digest(), "little", signed=True)


def _array(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
