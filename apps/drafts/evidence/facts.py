"""The confirmed facts of a product, read once for all its texts: concepts, numbers, measures, words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache

import snowballstemmer

from apps.core import languages
from apps.drafts.evidence.ages import age_groups
from apps.drafts.evidence.bounds import Bound, bound_of
from apps.drafts.evidence.conversion import metric_amounts
from apps.drafts.evidence.cues import words
from apps.drafts.evidence.lexicon import INNOCENT, Concept, Lexicon, Mention
from apps.drafts.evidence.negation import is_negated
from apps.drafts.evidence.stated import Stated
from apps.drafts.evidence.words import STOP, Words
from apps.drafts.registry import FactView
from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.compounds import read_all
from apps.drafts.rules.numbers import numbers_of, unit_in_name
from apps.drafts.rules.units import COUNT, UNITS

_NO = re.compile(
    r"(?:no|none|not?|never|without|n/?a|false|0|无|否|不|没有|不是|不支持|不可|不能|不含|未添加|不添加|零添加|无添加|不使用)\W*(?:\b|$)",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"(?:free (?:from|of)|without|(?:does )?not contain|not included|not used|excludes|absent|made without|"
    r"未使用|未添加|不添加|不含|不适用|not (?:suitable )?for|无添加)",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\s{0,2}(?:x|X|×|\*|by)\s{0,2}")
_PLUS = re.compile(r"\s?\+\s?")
_SCALE = re.compile(r"(?:out of|/|满分)\s{0,2}\Z", re.IGNORECASE)
_LIST_SIGN = re.compile(r"\s*(?:,|、|，|;|；|/|\band\b|&|\+|和|及|与)\s*")
_STEMMER = snowballstemmer.stemmer("english")
MOST_LISTED = 24
_CHINESE_PAIR = re.compile(r"[\u3400-\u9fff]{2}")
_SPLASH = ("splashproof", "water-resistant", "water-repellent", "sweatproof")
_WEAK_NOUNS = frozenset(["type", "suitable", "for", "compatible", "with", "of", "kind", "the", "and", "to"])


@lru_cache(maxsize=65536)
def stem(lemma: str) -> str:
    """The stem of an English word; any other word as it is."""
    return _STEMMER.stemWord(lemma) if lemma.isascii() and lemma.isalpha() and len(lemma) > 3 else lemma


@dataclass(frozen=True, slots=True)
class Measured:
    """A number of a fact with the bound that stands at it.

    `is_derived`: nobody wrote it; a list has so many parts, or so many packs hold so much together. `is_scale`: the 5
    of "4.6 out of 5", which rates nothing.
    """

    quantity: Quantity
    bound: Bound
    is_derived: bool = False
    is_scale: bool = False
    # The concept that a share is of: cotton for 60 % in “60% cotton, 40% linen”.
    share_of: frozenset[Concept] = frozenset()
    amounts: tuple[tuple[str, Fraction, str], ...] = ()


@dataclass
class ReadFact:
    """`index` is its place in the context's facts; `measures` are what its name says it measures."""

    index: int
    view: FactView
    words: Words
    name_words: Words
    stated: list[Stated] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    measures: frozenset[Concept] = frozenset()
    stems: frozenset[str] = frozenset()
    name_stems: frozenset[str] = frozenset()
    is_denied: bool = False

    @property
    def said(self) -> str:
        """Name and value, as findings quote it."""
        return f"{self.view.name}: {self.view.text}"[:100]

    @property
    def choices(self) -> tuple[str, ...]:
        return self.view.choices


class FactBase:
    """Facts as the claims of a text are compared with them. `numbers` knows codes and plain amounts of all of them."""

    def __init__(self, facts: tuple[FactView, ...], lexicon: Lexicon, cue_lexicon: Lexicon):
        self.lexicon, self.cue_lexicon = lexicon, cue_lexicon
        self.all = facts
        self.facts = [
            _read(index, fact, lexicon, cue_lexicon) for index, fact in enumerate(facts) if fact.status == "confirmed"
        ]
        self.numbers = numbers_of(facts)
        # By the index of a fact, filled as they are asked for.
        self.parts: dict[int, frozenset[Concept]] = {}
        self.by_concept: dict[Concept, list[tuple[ReadFact, Stated]]] = {}
        self.stems: dict[str, list[ReadFact]] = {}
        for fact in self.facts:
            for stated in fact.stated:
                for concept in lexicon.broader.get(stated.concept, (stated.concept,)):
                    self.by_concept.setdefault(concept, []).append((fact, stated))
            for each in fact.stems:
                self.stems.setdefault(each, []).append(fact)
        self.titles = " ".join(fact.view.text for fact in self.facts if fact.view.role != "attribute")
        self.title_stems = frozenset(
            each for fact in self.facts if fact.view.role != "attribute" for each in fact.stems
        )

    @cached_property
    def telling_stems(self) -> frozenset[str]:
        """Words of names, values and titles that point at this product."""
        idle = words("links") | words("idle in lists")
        return frozenset(
            each for each in self.stems if len(each) > 2 and each.isascii() and each.isalpha() and each not in idle
        )

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Every two Chinese characters that stand together in a name, a value or the title."""
        said = [f"{fact.view.name} {fact.view.text}" for fact in self.facts]
        return frozenset(
            pair
            for each in said
            for pair in map("".join, zip(each, each[1:], strict=False))
            if _CHINESE_PAIR.fullmatch(pair)
        )

    def stating(self, concept: Concept, is_negated: bool) -> list[tuple[ReadFact, Stated]]:
        """The facts that state `concept`, or something that is a kind of it, with the same sign."""
        if not is_negated:
            return [row for row in self.by_concept.get(concept, ()) if not row[1].is_negated]
        # Who denies the broad denies the narrow: "no nuts" says "no almonds", and not the other way round.
        wider = self.lexicon.broader.get(concept, (concept,))
        return [
            (fact, stated)
            for fact in self.facts
            for stated in fact.stated
            if stated.is_negated and stated.concept in wider
        ]


def _read(index: int, view: FactView, lexicon: Lexicon, cue_lexicon: Lexicon) -> ReadFact:
    fact = ReadFact(index, view, Words(view.text), Words(view.name))
    is_attribute = view.role == "attribute"
    fact.is_denied = is_attribute and not view.choices and _NO.match(view.value.strip()) is not None
    mentions = lexicon.find(fact.words)
    fact.stated = _said(fact, mentions, lexicon)
    if is_attribute:
        fact.measures = frozenset(
            each.concept for each in cue_lexicon.find(fact.name_words) if each.concept.kind == "aspect"
        )
        fact.stated += _named_by(fact, lexicon) + _protection(fact) + _light(fact)
        if Concept("aspect", "charging-time") in fact.measures and not fact.is_denied:
            fact.stated.append(Stated(Concept("feature", "rechargeable"), False, 0, len(view.text)))
        fact.stated += _composed(fact, lexicon)
    fact.stated += _freedoms(fact.stated, lexicon)
    fact.measured = [replace(each, amounts=tuple(metric_amounts(each.quantity))) for each in _measured(fact, mentions)]
    fact.stated += age_groups(fact) if Concept("aspect", "age") in fact.measures else []
    rows = [word.lemma for word in fact.words.words if word.lemma != STOP]
    rows += [part for lemma in rows if "/" in lemma for part in lemma.split("/")]
    names = [word.lemma for word in fact.name_words.words if word.lemma != STOP] if is_attribute else []
    fact.name_stems = frozenset(map(stem, names))
    fact.stems = frozenset(map(stem, rows)) | fact.name_stems
    return fact


def _said(fact: ReadFact, mentions: list[Mention], lexicon: Lexicon) -> list[Stated]:
    """What the value names, and what stands inside its words: “recycled polyester” says recycled as well."""
    stated = []
    for mention in mentions:
        negated = is_negated(fact.words, mention.first, mention.last) or _is_named_absent(fact.view.name)
        stated.append(Stated(mention.concept, negated, mention.start, mention.end))
        # “PU leather” does not say leather, and 立陶宛, Lithuania, no 陶.
        stated += [
            Stated(part.concept, negated, part.start, part.end)
            for part in lexicon.parts(fact.words, mention)
            if part.concept.kind != mention.concept.kind
            and part.concept.id != INNOCENT
            and (part.last > part.first + 1 or fact.words.words[part.first].lemma.isascii())
        ]
    return stated


def _named_by(fact: ReadFact, lexicon: Lexicon) -> list[Stated]:
    """What the fact's name states by its value."""
    said = {each.concept for each in fact.stated}
    stated = []
    for each in lexicon.find(fact.name_words):
        if _is_weakened(each, said):
            stated += [Stated(Concept("feature", name), False, 0, len(fact.view.text)) for name in _SPLASH]
        elif _may_be_said(each):
            stated.append(_named(each, fact))
    return stated


def _protection(fact: ReadFact) -> list[Stated]:
    """What a protection class says in words: IPX4 splash-proof, IPX7 waterproof."""
    match = re.search(r"\bIP[X\d](\d)", fact.view.text, re.IGNORECASE)
    if match is None:
        return []
    names = [*_SPLASH, "waterproof"] if match[1] in "789" else _SPLASH
    return [Stated(Concept("feature", name), False, match.start(), match.end()) for name in names if match[1] != "0"]


def _light(fact: ReadFact) -> list[Stated]:
    """What a colour temperature is called."""
    match = re.fullmatch(r"\D{0,4}(\d{4})\s?K\b.{0,8}", fact.view.text)
    if match is None:
        return []
    kelvin = int(match[1])
    name = "warm-white" if kelvin <= 3300 else "neutral-white" if kelvin <= 5300 else "cool-white"
    return [Stated(Concept("feature", name), False, 0, len(fact.view.text))]


def _composed(fact: ReadFact, lexicon: Lexicon) -> list[Stated]:
    """`Hobs: gas, induction` says gas hob, `Skin type: dry` dry skin, `适用发质: 油性` 油性发质."""
    nouns = [word.lemma for word in fact.name_words.words if word.lemma.isascii() and word.lemma not in _WEAK_NOUNS]
    tail = fact.view.name[-2:] if "\u3400" <= fact.view.name[-1:] <= "\u9fff" else ""
    added, place = [], 0
    for part in _LIST_SIGN.split(fact.view.text)[:MOST_LISTED]:
        place = max(place, fact.view.text.find(part, place))
        end = place + len(part)
        if not part or len(part) > 30:
            continue
        for spelled in [f"{part} {noun}" for noun in nouns[-3:]] + ([part + tail] if tail else []):
            words = Words(spelled)
            added += [
                Stated(each.concept, fact.is_denied, place, end)
                for each in lexicon.find(words)
                if each.last - each.first == len(words)
            ]
    return added


def _freedoms(stated: list[Stated], lexicon: Lexicon) -> list[Stated]:
    """Who denies silicone says silicone-free, and the other way round."""
    added = []
    for each in stated:
        kind, name = each.concept
        free = Concept("feature", f"{name}-free")
        if each.is_negated and free in lexicon.broader:
            added.append(Stated(free, False, each.start, each.end))
        elif kind == "feature" and name.endswith("-free") and not each.is_negated:
            for of in ("ingredient", "material"):
                substance = Concept(of, name.removesuffix("-free"))
                if substance in lexicon.broader:
                    added.append(Stated(substance, True, each.start, each.end))
    return added


def _is_named_absent(name: str) -> bool:
    """`Free from: PVC` denies what it lists."""
    return _ABSENT.match(name) is not None


def _named(mention: Mention, fact: ReadFact) -> Stated:
    """What a fact's name states: `Dishwasher safe: yes`, `Fragrance: none`, `Nickel-free: no`."""
    negated = is_negated(fact.name_words, mention.first, mention.last) != fact.is_denied
    return Stated(mention.concept, negated, 0, len(fact.view.text))


def _may_be_said(mention: Mention) -> bool:
    """Whether a fact's name states its concept: `Waterproof: IPX7` does; `Age: 3+` states no age group by its name."""
    return mention.concept.kind not in ("compatibility", "age", "origin")


def _is_weakened(mention: Mention, said: set[Concept]) -> bool:
    """`Waterproof: splash-proof` says splash-proof."""
    return mention.concept == Concept("feature", "waterproof") and any(each.id in _SPLASH for each in said)


def _measured(fact: ReadFact, mentions: list[Mention]) -> Iterator[Measured]:
    view = fact.view
    language = languages.primary(view.language)
    unit = None if view.unit else unit_in_name(view.name)
    written = f"{view.text} {unit}" if unit else view.text
    quantities = read_all(written, language)
    is_age = Concept("aspect", "age") in fact.measures
    for quantity in quantities:
        if is_age and quantity.units == (None,):
            quantity = replace(quantity, units=(UNITS["years"], None))
        scale = _SCALE.search(written[max(0, quantity.start - 8) : quantity.start]) is not None and (
            quantity.values[:1] in ((5,), (10,), (100,)) and quantity.units[0] is None
        )
        bound = bound_of(written, quantity.start, quantity.end, view.name)
        yield Measured(quantity, bound, is_scale=scale, share_of=_share_of(quantity, mentions, written))
        if not quantity.values:
            for part in quantity.parts:  # 10/12 cm
                yield Measured(replace(quantity, values=(part,), parts=(), code=""), bound)
    yield from _totals(written, quantities)
    yield from _tolerances(written, quantities)
    for count in _counts(fact):
        yield Measured(Quantity(0, len(view.text), (Fraction(count),), (None,)), Bound.EXACT, is_derived=True)


def _share_of(quantity: Quantity, mentions: list[Mention], written: str) -> frozenset[Concept]:
    """What a percentage is a share of: the concept next to it, behind it before in front of it."""
    if quantity.units[0] is None or quantity.units[0].dimension != "percent":
        return frozenset()
    return share_of(quantity, mentions, written)


def share_of(quantity: Quantity, mentions: list[Mention], written: str) -> frozenset[Concept]:
    """The materials or ingredients that a share is said of, with the text between them as short as a word or two."""
    behind = {
        each.concept
        for each in mentions
        if each.concept.kind in ("material", "ingredient")
        and 0 <= each.start - quantity.end <= 22
        and not re.search(r"[,;，、；。.\n%％]", written[quantity.end : each.start])
    }
    before = {
        each.concept
        for each in mentions
        if each.concept.kind in ("material", "ingredient")
        and 0 <= quantity.start - each.end <= 8
        and not re.search(r"[,;，、；。.\n%％]", written[each.end : quantity.start])
    }
    return frozenset(behind or before)


def _totals(written: str, quantities: list[Quantity]) -> Iterator[Measured]:
    """2 x 500 ml is a litre altogether; 2盒 x 6片 are twelve."""
    for one, other in zip(quantities, quantities[1:], strict=False):
        if (
            _PLUS.fullmatch(written[one.end : other.start])
            and one.values
            and other.values
            and other.units[0] in one.units
        ):
            total = replace(other, start=one.start, values=(one.values[0] + other.values[0],), code="")
            yield Measured(total, Bound.EXACT)
        if not _TIMES.fullmatch(written[one.end : other.start]) or not (one.values and other.values):
            continue
        for count, amount in ((one, other), (other, one)):
            is_count = count.units[0] is None or count.units[0].dimension == COUNT
            if is_count and amount.units[0] is not None and count.values[0].denominator == 1:
                total = replace(
                    amount, start=one.start, end=other.end, values=(count.values[0] * amount.values[0],), code=""
                )
                yield Measured(total, Bound.EXACT, is_derived=False)


def _tolerances(written: str, quantities: list[Quantity]) -> Iterator[Measured]:
    """60±1 HRC is 59 to 61."""
    for one, other in zip(quantities, quantities[1:], strict=False):
        if written[one.end : other.start].strip() == "±" and one.values and other.values:
            for value in (one.values[0] - other.values[0], one.values[0] + other.values[0]):
                yield Measured(replace(one, end=other.end, values=(value,), units=other.units, code=""), Bound.EXACT)


def _counts(fact: ReadFact) -> set[int]:
    """How many things a list names, or variants there are to choose from."""
    counts = {len(fact.choices)} if fact.choices else set()
    parts = [part for part in _LIST_SIGN.split(fact.view.value) if part.strip()]
    if fact.view.role == "attribute" and 2 <= len(parts) <= MOST_LISTED:
        counts.add(len(parts))
    return counts
