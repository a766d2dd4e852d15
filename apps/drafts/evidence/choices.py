"""Values that only some variants have: a text may offer them as a choice, not say one of the whole product."""

import re

from apps.drafts.evidence.facts import ReadFact
from apps.drafts.evidence.reading import Reading

_OFFER = re.compile(
    r"\b(?:available|comes? in|choose|chosen|choices?|pick|options?|optional|select(?:ion)?|or|either|whichever|variants?|versions?|range"
    r"|from|between|shades?|colou?rs|sizes|both|also|variety|assorted|depending|your (?:size|colou?r)|mix|offered)\b"
    r"|可选|任选|多种|选择|多款|[两二三四五六七八九几]款|[两二三四五六七八九几]色|[两二三四五六七八九几]种|或|均有|都有|可挑|随心选|挑选|从.{1,12}到|齐全|任你|不同|分为|提供",
    re.IGNORECASE,
)


def is_offered(reading: Reading, start: int, end: int, fact: ReadFact) -> bool:
    """Whether the sentence around code points [start, end) speaks of a choice: it says so, or names several values."""
    first, last = reading.sentence(*reading.places(start, end))
    rows = reading.words.words
    sentence = reading.text[rows[first].start : rows[last - 1].end]
    if _OFFER.search(sentence):
        return True
    folded = sentence.casefold()
    return sum(choice.casefold() in folded for choice in fact.choices) > 1
