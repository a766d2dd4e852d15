"""What stands around a number and bends it: "up to", "at least", "about", 以上, 约."""

import re
from enum import Enum


class Bound(Enum):
    EXACT = "exact"
    ABOUT = "about"
    # No more than the number: “up to 8 h”.
    UPPER = "upper"
    # No less than the number: “at least 8 h”.
    LOWER = "lower"
    # More than the number: “over 8 h”; open to the top: “8+”, “8 and up”.
    ABOVE = "above"
    # Less than the number.
    BELOW = "below"


_GAP = r"[\s\-:：(（~≈]{0,3}\Z"
_BEFORE = [
    (Bound.UPPER, r"(?:up to|within|to|no (?:higher|hotter|longer|heavier|later) than|don't go over|"
        r"do not exceed|never above|not above|as (?:much|many|long) as|at (?:the )?most|"
        r"no more than|not more than|max(?:imum|\.)?(?: of)?|a max(?:imum)? of|"
                  r"to a maximum of|anything up to|until|till|≤|最多|最长|最大|最高|至多|不超过|不超|(?:别|"
                      r"勿|不要|请勿|不可|不宜|不得|切勿)超过?|可达|长达|高达|多达|达|上限|最远)"),
    (Bound.LOWER, r"(?:at least|no less than|not less than|no fewer than|min(?:imum|\.)?(?: of)?|"
        r"a minimum of|from|starting (?:at|from)|as of|constant|a constant|steady|always|"
        r"guaranteed|at (?:the )?minimum|upwards of|easily|comfortably|no sooner than|(?:至少|最少|少说|起码|最起码)(?:也|都)?"
        r"(?:能|可|可以|会|要)?(?:用|撑|跑|听|走|放|亮|干|达)?|"
                  r"a (?:full|good|solid)|a whole|fully|≥|最低|不少于|不低于|足足|满|整整|从|"
                      r"每一档都有|始终|持续|恒定|稳定)"),
    (Bound.ABOVE, r"(?:(?:just |well |a (?:bit|little|touch|shade|hair) )?over|(?:a )?little more than|not much more than|"
        r"more than|above|beyond|in excess of|exceeding|exceeds|older than|"
        r"longer than|>|超过|超|逾|多于|大于|高于|突破)"),
    (Bound.BELOW, r"(?:under|less than|below|just under|"
        r"(?:a (?:bit|little|touch|shade|hair)|shy) (?:of|under)|fewer than|<|少于|不足|不到|低于|小于|仅不到)"),
    (Bound.ABOUT, r"(?:about|around|approx(?:imately|\.)?|roughly|circa|ca\.?|some|nearly|almost|close to|"
        r"just shy of|or so|~|≈|约|大约|约为|约合|差不多|近|将近|接近|左右|大概)"),
]  # fmt: skip
_AFTER = [
    (Bound.ABOVE, r"(?:\+|plus\b|and (?:up|over|above|older|more)\b|or (?:more|older|over|above|later|newer|"
        r"higher|longer)\b|and beyond\b|upwards?\b|onwards?\b|(?:及|和|或)?以上|"
        r"多(?![功用合彩样])|余|出头|起(?![来泡床皱球居步])|及以后)"),
    (Bound.UPPER, r"(?:max\b|maximum\b|at (?:the )?most\b|or less\b|or under\b|or fewer\b|and under\b|"
        r"or below\b|tops\b|(?:及|或)?以下|以内|之内|内(?![衬胆部置侧层里]))"),
    (Bound.BELOW, r"(?:不到|不足)"),
    (Bound.LOWER, r"(?:min\b|minimum\b|at least\b)"),
    (Bound.ABOUT, r"(?:or so\b|-ish\b|approx|左右|上下)"),
]  # fmt: skip
_BEFORE = [
    (bound, re.compile(r"(?:(?<![A-Za-z])|(?<=[\u3400-\u9fff]))" + pattern + _GAP, re.IGNORECASE))
    for bound, pattern in _BEFORE
]
_AFTER = [(bound, re.compile(r"[ \-)）]{0,2}" + pattern, re.IGNORECASE)) for bound, pattern in _AFTER]
_NAMES = [
    (Bound.UPPER, re.compile(r"max|maximum|up to|最大|最高|最长|最多|上限", re.IGNORECASE)),
    (Bound.LOWER, re.compile(r"\bmin\b|minimum|at least|最小|最低|最少|至少", re.IGNORECASE)),
]


def bound_of(text: str, start: int, end: int, name: str = "") -> Bound:
    """The bound at the number [start, end) of `text`; a fact's name ("Max. load") may give it, too."""
    for bound, pattern in _AFTER:
        if pattern.match(text, end):
            return bound
    before = text[max(0, start - 24) : start]
    for bound, pattern in _BEFORE:
        if pattern.search(before):
            return bound
    for bound, pattern in _NAMES:
        if name and pattern.search(name):
            return bound
    return Bound.EXACT
