"""The confirmed facts of a product, read once for all its texts: concepts, numbers, measures, words."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

import snowballstemmer

from apps.drafts.evidence.bounds import Bound, bound_of
from apps.drafts.evidence.lexicon import Concept, Lexicon, Mention
from apps.drafts.evidence.negation import is_negated
from apps.drafts.evidence.words import STOP, Words
from apps.drafts.registry import FactView
from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.numbers import numbers_of, unit_in_name
from apps.drafts.rules.quantities import read_quantities

_NO = re.compile(
    r"(?:no|none|not?|never|without|n/?a|false|0|无|否|不|没有|不是|不支持|不可|不能|不含)\W*(?:\b|$)", re.I
)
_YES = re.compile(r"\W*(?:yes|true|y|✓|✔|included|是|有|支持|可以|可|含|√)\W*\Z", re.I)
_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(lemma: str) -> str:
    """The stem of an English word; any other word as it is."""
    return _STEMMER.stemWord(lemma) if lemma.isascii() and lemma.isalpha() and len(lemma) > 3 else lemma


@dataclass(frozen=True, slots=True)
class Stated:
    """A concept that a fact states. [start, end) lies in the fact's text; a name's concept covers all of it."""

    concept: Concept
    is_negated: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A number of a fact with the bound that stands at it."""

    quantity: Quantity
    bound: Bound


@dataclass
class ReadFact:
    """`index` is its place in the context's facts; `measures` are what its name says it measures."""

    index: int
    view: FactView
    stated: list[Stated] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    measures: frozenset[Concept] = frozenset()
    words: Words = None
    name_words: Words = None
    stems: frozenset[str] = frozenset()
    is_denied: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        return self.view.choices


class FactBase:
    """Facts as the claims of a text are compared with them. `numbers` knows codes and plain amounts of all of them."""

    def __init__(self, facts: tuple[FactView, ...], lexicon: Lexicon):
        self.lexicon = lexicon
        self.all = facts
        self.facts = [_read(index, fact, lexicon) for index, fact in enumerate(facts) if fact.status == "confirmed"]
        self.numbers = numbers_of(facts)
        self.by_concept: dict[Concept, list[tuple[ReadFact, Stated]]] = {}
        for fact in self.facts:
            for stated in fact.stated:
                for concept in lexicon.broader.get(stated.concept, (stated.concept,)):
                    self.by_concept.setdefault(concept, []).append((fact, stated))
        self.stems: dict[str, list[ReadFact]] = {}
        for fact in self.facts:
            for each in fact.stems:
                self.stems.setdefault(each, []).append(fact)

    def stating(self, concept: Concept, is_negated: bool) -> list[tuple[ReadFact, Stated]]:
        """The facts that state `concept`, or something that is a kind of it, with the same sign."""
        # Who denies the broad denies the narrow: "no nuts" says "no almonds", and not the other way round.
        if is_negated:
            wider = self.lexicon.broader.get(concept, (concept,))
            return [
                (fact, stated)
                for fact in self.facts
                for stated in fact.stated
                if stated.is_negated and stated.concept in wider
            ]
        return [row for row in self.by_concept.get(concept, ()) if not row[1].is_negated]


def _read(index: int, view: FactView, lexicon: Lexicon) -> ReadFact:
    fact = ReadFact(index, view, words=Words(view.text), name_words=Words(view.name))
    is_attribute = view.role == "attribute"
    fact.is_denied = is_attribute and _NO.match(view.value.strip()) is not None
    for mention in lexicon.find(fact.words):
        negated = is_negated(fact.words, mention.first, mention.last)
        fact.stated.append(Stated(mention.concept, negated, mention.start, mention.end))
    if is_attribute:
        named = lexicon.find(fact.name_words)
        fact.measures = frozenset(each.concept for each in named if each.concept.kind == "aspect")
        fact.stated += [
            Stated(
                each.concept, fact.is_denied or is_negated(fact.name_words, each.first, each.last), 0, len(view.text)
            )
            for each in named
            if each.concept.kind != "aspect" and _may_be_said(each, view)
        ]
    language = view.language.lower().partition("-")[0]
    written = view.text
    unit = None if view.unit else unit_in_name(view.name)
    quantities = read_quantities(f"{written} {unit}" if unit else written, language)
    fact.measured = [Measured(each, bound_of(written, each.start, each.end, view.name)) for each in quantities]
    rows = fact.words.words + (fact.name_words.words if is_attribute else [])
    fact.stems = frozenset(stem(word.lemma) for word in rows if word.lemma != STOP)
    return fact


def _may_be_said(mention: Mention, view: FactView) -> bool:
    """Whether a fact's name states its concept: `Waterproof: IPX7` does, `Leather colour: brown` hardly less."""
    return mention.concept.kind not in ("compatibility", "age", "origin")
