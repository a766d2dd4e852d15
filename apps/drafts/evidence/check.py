"""The one way in: the evidence behind a text, or the lack of it."""

from functools import lru_cache

from apps.drafts.evidence.claims import Collected, Evidence
from apps.drafts.evidence.concept_claims import ConceptReader
from apps.drafts.evidence.facts import FactBase
from apps.drafts.evidence.lexicon import cue_lexicon, lexicon
from apps.drafts.evidence.list_claims import ListReader
from apps.drafts.evidence.name_claims import NameReader
from apps.drafts.evidence.quantity_claims import QuantityReader
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.sharper_claims import SharperReader
from apps.drafts.evidence.variant_claims import VariantReader
from apps.drafts.registry import CheckContext, FactView


READERS = (QuantityReader, ConceptReader, VariantReader, NameReader, ListReader, SharperReader)


def evidence_of(text: str, context: CheckContext) -> Evidence:
    """Links and unsupported claims of `text`; offsets are code points, `Link.fact` is an index of `context.facts`.

    Exact and without side effects; linear in the text. Facts that are not confirmed support nothing.
    """
    return _evidence(text, _primary(context.language), context.field, context.facts)


@lru_cache(maxsize=256)
def _evidence(text: str, language: str, field: str, facts: tuple[FactView, ...]) -> Evidence:
    reading = Reading(text, language, base_of(facts))
    collected = Collected()
    for reader in READERS:
        reader(reading).read(collected)
    return collected.finished()


@lru_cache(maxsize=512)
def base_of(facts: tuple[FactView, ...]) -> FactBase:
    """Facts are read once for all candidates and fields of a product."""
    return FactBase(facts, lexicon(), cue_lexicon())


def _primary(tag: str) -> str:
    return tag.lower().replace("_", "-").split("-")[0]
