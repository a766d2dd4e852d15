"""Words that name a thing without claiming it: “drizzle over tomatoes”, “soft as cotton”, “ten minutes before work”."""

import re

from apps.drafts.evidence.cues import pieces, words
from apps.drafts.evidence.facts import stem
from apps.drafts.evidence.lexicon import Concept, Mention
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.words import STOP
from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.units import COUNT

_LIKE, _CHINESE_LIKE = words("likens"), pieces("likens, Chinese")
_USE, _CHINESE_USE = words("uses food"), pieces("uses food, Chinese")
_PRODUCT = frozenset(map(stem, words("speaks of the product")))
_CHINESE_PRODUCT = re.compile("|".join(map(re.escape, pieces("speaks of the product, Chinese"))))
# Fields whose sentences may paint a scene; a bullet or a title speaks of nothing but the product.
PROSE = frozenset(["long_description", "mobile_description", "seo_meta"])
_INGREDIENTS = re.compile(
    r"ingredient|contain|flavou?r|scent|composition|formula|配料|成分|原料|口味|香型|香味|提取|添加", re.IGNORECASE
)
_WORN = re.compile(
    r"\b(?:wear (?:it|them|this|these)|pair (?:it|them)|team (?:it|them)|layer (?:it|them)|"
    r"style (?:it|them)|goe?s? with|over a|under a|"
    r"your (?:favou?rite )?(?:jeans|denim))\b|搭配|配上|外搭|内搭|叠穿|[衫裤裙外套衣]、|[衫裤裙]都",
    re.IGNORECASE,
)
_CLAIMED = re.compile(
    r"\b(?:with|contains?|containing|infused with|enriched with|made (?:with|from|of)|rich in|"
    r"based on|of pure|from|added)(?: \w+){0,2} \Z"
    r"|(?:含有?|添加|富含|加入|蕴含|萃取|采用|选用|融入)[^，。]{0,4}\Z",
    re.IGNORECASE,
)
_CLAIMED_BEHIND = re.compile(
    r"[ -](?:extract|infused|oil|flavou?red|scented|based)\b|提取物|精华|成分|味(?!道)|香型", re.IGNORECASE
)
# “Three years without sharpening”, 七天告别脱发: what a time promises is promised of the product.
_PROMISE = re.compile(
    r"\s?(?:不用|无需|不必|告别|见效|见证|改善|变|减|内见|就能|搞定|不坏|不褪|不掉|换新|包换|without)"
)
# What is said of days and ways rather than of goods, unless the sentence speaks of the product.
_SCENIC = frozenset(["time", "months", COUNT, "pair", "percent"])
_PACKED = tuple("瓶盒袋罐支箱套双")
_PACKS = re.compile(r"\d\s?[瓶盒袋罐支箱套双包片条个只件块枚颗杯]|[x×*]\s?\d", re.IGNORECASE)
_FAR = re.compile(r"km|kilomet|mile|公里|千米|里", re.IGNORECASE)


def is_scenery(reading: Reading, mention: Mention, negated: bool) -> bool:
    """Whether the words around the mention show that the text does not claim it of the product."""
    kind = mention.concept.kind
    if kind in ("material", "ingredient") and _is_simile(reading, mention):
        return True
    if _is_fragment(reading, mention):
        return False
    is_bare = kind in ("material", "compatibility", "age") or (
        kind == "ingredient" and not _is_claimed(reading, mention)
    )
    if is_bare and not is_about_product(reading, mention.first, mention.last):
        return True
    if kind == "material" and _WORN.search(_sentence(reading, mention.first, mention.last)):
        return True
    if kind == "ingredient" and not negated:
        return _is_used_on(reading, mention) or not (_has_ingredients(reading) or _is_claimed(reading, mention))
    return False


def _is_fragment(reading: Reading, mention: Mention) -> bool:
    """“Genuine leather.”: a sentence that is hardly more than the claim paints no scene."""
    start, end = reading.sentence(mention.first, mention.last)
    others = [lemma for lemma in reading.lemmas(start, end)[: mention.first - start] if lemma != STOP]
    others += [lemma for lemma in reading.lemmas(mention.last, end) if lemma != STOP]
    most = 1 if reading.text.isascii() else 2
    tail = reading.text[mention.end : reading.words.words[end - 1].end + 1]
    return len(others) <= most and "?" not in tail and "？" not in tail


def is_scenic_number(reading: Reading, quantity: Quantity) -> bool:
    """Whether a number that no fact knows belongs to a scene: a time, a way or a count in a sentence of another thing."""
    written = reading.text[quantity.start : quantity.end]
    dimensions = {unit.dimension if unit else COUNT for unit in quantity.units}
    if not dimensions <= _SCENIC and not _FAR.search(written):
        return False
    if written[0].isdigit() and dimensions == {COUNT}:
        return False
    first, last = reading.places(quantity.start, quantity.end)
    if not is_about_product(reading, first, last):
        return True
    if reading.field not in PROSE or _PROMISE.match(reading.text, quantity.end) or _stands_beside(reading, quantity):
        return False
    if _is_of_a_known_kind(reading, written):
        return False
    is_written_in_digits = any(map(str.isdigit, written)) and not written.isascii()
    return not is_written_in_digits and not _speaks_of_product(reading, *reading.clause(first, last))


def _is_of_a_known_kind(reading: Reading, written: str) -> bool:
    """An age where the facts give one, packed things where they count some: 八岁, 三瓶."""
    if "岁" in written or "月龄" in written:
        return any(Concept("aspect", "age") in fact.measures for fact in reading.base.facts)
    return written.endswith(_PACKED) and any(_PACKS.search(fact.view.text) for fact in reading.base.facts)


def _stands_beside(reading: Reading, quantity: Quantity) -> bool:
    """480毫升三瓶: a count right beside a measure counts what is measured."""
    return any(
        (0 <= quantity.start - other.end <= 1 or 0 <= other.start - quantity.end <= 1)
        and other.units[0] is not None
        and other.units[0].dimension not in _SCENIC
        for other in reading.quantities
    )


def is_about_product(reading: Reading, first: int, last: int) -> bool:
    """Whether the sentence speaks of the product: it names a fact, a measure, a part, or points at it."""
    if reading.field not in PROSE:
        return True
    start, end = reading.sentence(first, last)
    known = reading.sentences_about.get(start)
    if known is None:
        known = reading.sentences_about[start] = _speaks_of_product(reading, start, end)
    return known


def _speaks_of_product(reading: Reading, start: int, end: int) -> bool:
    stems = {stem(lemma) for lemma in reading.lemmas(start, end)}
    if stems & (_PRODUCT | reading.base.telling_stems):
        return True
    rows = reading.words.words
    written = reading.text[rows[start].start : rows[end - 1].end] if start < end else ""
    if not written.isascii() and (
        _CHINESE_PRODUCT.search(written)
        or any(written[place : place + 2] in reading.base.pairs for place in range(len(written) - 1))
    ):
        return True
    return any(start <= each.first < end and each.concept.kind == "aspect" for each in reading.cues)


def _sentence(reading: Reading, first: int, last: int) -> str:
    start, end = reading.sentence(first, last)
    rows = reading.words.words
    return reading.text[rows[start].start : rows[end - 1].end]


def _has_ingredients(reading: Reading) -> bool:
    """Whether the product is of a kind that has ingredients: some fact of it names several, or is called so."""
    return any(
        fact.view.role == "attribute"
        and (
            _INGREDIENTS.search(fact.view.name)
            or len({each.concept for each in fact.stated if each.concept.kind == "ingredient"}) > 1
        )
        for fact in reading.base.facts
    )


def _is_claimed(reading: Reading, mention: Mention) -> bool:
    """“with aloe vera”, “contains nickel”, 含芦荟: the product is said to hold it."""
    before = reading.text[max(0, mention.start - 24) : mention.start]
    return _CLAIMED.search(before) is not None or _CLAIMED_BEHIND.match(reading.text, mention.end) is not None


def _is_simile(reading: Reading, mention: Mention) -> bool:
    if _LIKE & set(reading.lemmas(mention.first - 2, mention.first)):
        return True
    start = mention.start
    behind = reading.text[mention.end : mention.end + 2]
    return reading.text[max(0, start - 3) : start].endswith(_CHINESE_LIKE) or behind.startswith(("般", "一般"))


def _is_used_on(reading: Reading, mention: Mention) -> bool:
    first, _last = reading.clause(mention.first, mention.last)
    before = reading.lemmas(max(first, mention.first - 6), mention.first)
    if _USE & set(before) and STOP not in before:
        return True
    written = reading.text[max(0, mention.start - 8) : mention.start]
    return any(word in written for word in _CHINESE_USE)
