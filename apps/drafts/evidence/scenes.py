"""Words that name a thing without claiming it: "drizzle over tomatoes", "soft as cotton", "on wooden floors"."""

import re

from apps.drafts.evidence.cues import pieces, words
from apps.drafts.evidence.lexicon import Mention
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.words import STOP

_LIKE, _CHINESE_LIKE = words("likens"), pieces("likens, Chinese")
_USE, _CHINESE_USE = words("uses food"), pieces("uses food, Chinese")
_INGREDIENTS = re.compile(r"ingredient|contain|flavou?r|scent|composition|formula|配料|成分|原料|口味|香型|香味|提取|添加", re.IGNORECASE)
_CLAIMED = re.compile(
    r"\b(?:with|contains?|containing|infused with|enriched with|made (?:with|from|of)|rich in|based on|of pure|from|added)(?: \w+){0,2} \Z"
    r"|(?:含有?|添加|富含|加入|蕴含|萃取|采用|选用|融入)[^，。]{0,4}\Z",
    re.IGNORECASE,
)
_CLAIMED_BEHIND = re.compile(r"[ -](?:extract|infused|oil|flavou?red|scented|based)\b|提取物|精华|成分|味(?!道)|香型", re.IGNORECASE)


def is_scenery(reading: Reading, mention: Mention, negated: bool) -> bool:
    """Whether the words around the mention show that the text does not claim it of the product."""
    kind = mention.concept.kind
    if kind in ("material", "ingredient") and _is_simile(reading, mention):
        return True
    if kind == "ingredient" and not negated:
        return _is_used_on(reading, mention) or not (_has_ingredients(reading) or _is_claimed(reading, mention))
    return False


def _is_simile(reading: Reading, mention: Mention) -> bool:
    before = reading.lemmas(mention.first - 2, mention.first)
    if _LIKE & set(before):
        return True
    start = mention.start
    return reading.text[max(0, start - 3) : start].endswith(_CHINESE_LIKE) or reading.text[
        mention.end : mention.end + 2
    ].startswith(("般", "一般"))


def _is_used_on(reading: Reading, mention: Mention) -> bool:
    first, _last = reading.clause(mention.first, mention.last)
    before = reading.lemmas(max(first, mention.first - 6), mention.first)
    if _USE & set(before) and STOP not in before:
        return True
    written = reading.text[max(0, mention.start - 8) : mention.start]
    return any(word in written for word in _CHINESE_USE)


def _has_ingredients(reading: Reading) -> bool:
    """Whether the product is of a kind that has ingredients: some fact of it names one, or is called so."""
    return any(
        fact.view.role == "attribute"
        and (_INGREDIENTS.search(fact.view.name) or any(each.concept.kind == "ingredient" for each in fact.stated))
        for fact in reading.base.facts
    )


def _is_claimed(reading: Reading, mention: Mention) -> bool:
    """“with aloe vera”, “contains nickel”, 含芦荟: the product is said to hold it."""
    before = reading.text[max(0, mention.start - 24) : mention.start]
    return _CLAIMED.search(before) is not None or _CLAIMED_BEHIND.match(reading.text, mention.end) is not None
