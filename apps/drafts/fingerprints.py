"""Texts made comparable by the million: MinHash signatures, stored without the texts, found again by an index."""

import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection
from rensa import RMinHash

from apps.drafts.models import CopyFingerprint
from apps.drafts.registry import CheckContext
from apps.drafts.rules.matching import comparable

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
    tokens = _TOKEN.findall(comparable(text)[0])
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


def remember(items: Iterable[tuple[str, CheckContext]]) -> None:
    """Store what approved or live texts look like; the newest text of a field and language counts."""
    rows: dict[tuple, CopyFingerprint] = {}
    for text, context in items:
        found = signature(text) if context.subject_id else None
        if found is not None:
            place = (context.kind, context.subject_id, context.field, context.language)
            rows[place] = CopyFingerprint(
                kind=context.kind, subject_id=context.subject_id, field=context.field, language=context.language,
                stem=stem_in(context), minima=_UNSIGNED.pack(*found.minima), bands=list(found.bands),
            )  # fmt: skip
    CopyFingerprint.objects.bulk_create(
        rows.values(), batch_size=1000, update_conflicts=True, update_fields=["stem", "minima", "bands"],
        unique_fields=["kind", "subject_id", "field", "language"],
    )  # fmt: skip


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
