"""Words that name a thing without claiming it: "drizzle over tomatoes", "soft as cotton", "on wooden floors"."""

from apps.drafts.evidence.cues import pieces, words
from apps.drafts.evidence.lexicon import Mention
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.words import STOP

_LIKE, _CHINESE_LIKE = words("likens"), pieces("likens, Chinese")
_USE, _CHINESE_USE = words("uses food"), pieces("uses food, Chinese")


def is_scenery(reading: Reading, mention: Mention, negated: bool) -> bool:
    """Whether the words around the mention show that the text does not claim it of the product."""
    kind = mention.concept.kind
    if kind in ("material", "ingredient") and _is_simile(reading, mention):
        return True
    if kind == "ingredient" and not negated:
        return _is_used_on(reading, mention)
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
