"""The one way in: the evidence behind a text, or the lack of it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext_noop as _

from apps.core import languages
from apps.core.wording import Wording
from apps.drafts.evidence.claims import Collected, Evidence, Unsupported
from apps.drafts.evidence.concept_claims import ConceptReader
from apps.drafts.evidence.facts import FactBase
from apps.drafts.evidence.lexicon import cue_lexicon, lexicon
from apps.drafts.evidence.list_claims import ListReader
from apps.drafts.evidence.name_claims import NameReader
from apps.drafts.evidence.open_claims import SubstanceReader
from apps.drafts.evidence.pairings import PairingReader
from apps.drafts.evidence.praise_claims import PraiseReader
from apps.drafts.evidence.quantity_claims import QuantityReader
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.sharper_claims import SharperReader
from apps.drafts.evidence.synonyms import accept_synonyms
from apps.drafts.evidence.universal_claims import UniversalReader
from apps.drafts.evidence.variant_claims import VariantReader
from apps.drafts.models import Severity
from apps.drafts.registry import CheckContext, FactView

# Characters of a text that are read in one go; the longest copy that shops write has about half of it.
LONGEST = 4000
MOST_UNSUPPORTED = 200
_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？\n]")
READERS = (
    QuantityReader, ConceptReader, VariantReader, PairingReader, NameReader, ListReader, SharperReader, SubstanceReader,
    PraiseReader, UniversalReader,
)  # fmt: skip


def evidence_of(text: str, context: CheckContext) -> Evidence:
    """Links and unsupported claims of `text`; offsets are code points, `Link.fact` is an index of `context.facts`.

    Exact and without side effects; linear in the text. Facts that are not confirmed support nothing.
    """
    return _evidence(text, languages.primary(context.language), context.field, context.facts, context.synonyms)


@lru_cache(maxsize=256)
def _evidence(
    text: str, language: str, field: str, facts: tuple[FactView, ...], synonyms: tuple[tuple[str, str], ...] = ()
) -> Evidence:
    collected = Collected()
    base = base_of(facts)
    for start, piece in pieces_of(text):
        reading, found = claims_of(piece, language, field, base)
        collected.add(found, start)
        if len(collected.unsupported) > MOST_UNSUPPORTED or (reading.is_flooded and start + len(piece) < len(text)):
            words = Wording(_("There is too much here that no fact supports; the rest was not read."))
            collected.unsupported.append(Unsupported(start, len(text), "number", words, Severity.BLOCK))
            break
    if synonyms:
        accept_synonyms(collected, text, base, synonyms)
    return collected.finished()


def claims_of(piece: str, language: str, field: str, base: FactBase) -> tuple[Reading, Collected]:
    """What the readers find in one piece of text."""
    found = Collected()
    reading = Reading(piece, language, base, field)
    for reader in READERS:
        if not reading.is_flooded:
            reader(reading).read(found)
    return reading, found


def pieces_of(text: str) -> Iterator[tuple[int, str]]:
    """The text itself, or pieces of a very long one with their offsets, cut behind a sentence where there is one.

    Claims are judged by what stands near them, so pieces keep the time linear and change no verdict on real copy.
    """
    start = 0
    while len(text) - start > LONGEST:
        ends = [match.end() for match in _SENTENCE_END.finditer(text, start, start + LONGEST)]
        end = ends[-1] if ends else start + LONGEST
        yield start, text[start:end]
        start = end
    yield start, text[start:]


@lru_cache(maxsize=512)
def base_of(facts: tuple[FactView, ...]) -> FactBase:
    """Facts are read once for all candidates and fields of a product."""
    return FactBase(facts, lexicon(), cue_lexicon())
