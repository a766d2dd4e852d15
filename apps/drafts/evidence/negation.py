"""Whether a concept is denied where it stands: "no nickel", "nickel-free", 不含酒精, "doesn't contain nuts"."""

import re

from apps.drafts.evidence.cues import pieces, words
from apps.drafts.evidence.words import STOP, Words

_BEFORE, _AFTER = words("denies"), frozenset(["free"])
_BRIDGES = words("denial reaches across")
_CHINESE_BEFORE = pieces("denies, Chinese")
# “Nickel: none”, 香精：没有, “the dishwasher isn't for this one”
_DENIED_BEHIND = re.compile(
    # In Chinese only where the denial ends there: 白茶无花果 and 橙汁 无添加糖 deny no tea and no juice.
    r"\s?[:：]?\s?(?:(?:没有|无|不含|零添加|未添加|不可|不行|一[粒滴克]不加|都?不加|没加)(?=[\s，。；、！）)]|\Z)|"
    r"none\b|no\b)|\s(?:isn't|is not|aren't|are not|won't|can't|cannot"
    r"|will have to look elsewhere|need not)\b",
    re.IGNORECASE,
)
# “No perfume, silicone or” mineral oil: every member of a denied list.
_DENIED_LIST = re.compile(
    r"\b(?:none of (?:the following|these):? |"
    r"(?:no|without|free (?:from|of)|none of(?: the following| these)?:?|zero|neither|not contain(?:ed)?:?)(?: (?:added|any))?"
    r"(?: [\w-]+){1,3}(?:, (?:no |or |and |nor )?[\w-]+(?: [\w-]+)?){0,6}(?:,? (?:or|nor|and no|and)|,) )\Z",
    re.IGNORECASE,
)
_REACH, _CHINESE_REACH = 6, 8


def is_negated(text: Words, first: int, last: int) -> bool:
    """Whether words [first, last) are denied."""
    rows = text.words
    if last < len(rows) and rows[last].lemma in _AFTER:
        return True
    if _DENIED_BEHIND.match(text.text, rows[last - 1].end):
        return True
    if _is_denied_before(rows, text, first) or _is_denied_in_chinese(text, first):
        return True
    return _DENIED_LIST.search(text.text[max(0, rows[first].start - 90) : rows[first].start]) is not None


def _is_denied_before(rows, text: Words, first: int) -> bool:
    for place in range(first - 1, max(-1, first - 1 - _REACH), -1):
        lemma = rows[place].lemma
        if lemma in _BEFORE and _reaches(lemma, [row.lemma for row in rows[place + 1 : first]]):
            return True
        if lemma == "free" and place + 1 < len(rows) and rows[place + 1].lemma in ("of", "from"):
            return True
        is_comma = lemma == STOP and text.written[place] == ","
        if not is_comma and lemma not in _BRIDGES and place < first - 3:
            return False
        if lemma == STOP and not is_comma:
            return False
    return False


def _reaches(lemma: str, between: list[str]) -> bool:
    """“Non-slip natural rubber” denies no rubber; “leave out the nuts” and “leave nuts out” deny nuts, “leave them” nothing."""
    if lemma == "non":
        return not between
    if lemma in ("keep", "leave", "leaves"):
        return "out" in between or not between and lemma != "keep"
    return True


def _is_denied_in_chinese(text: Words, first: int) -> bool:
    """The nearest denial before, with nothing but a list (甲、乙和丙) or two characters between."""
    rows = text.words
    start = rows[first].start
    clause = text.text[max(0, start - 14) : start]
    for sign in "。！？；，,;!?\n":
        clause = clause.rpartition(sign)[2]
    if not clause:
        return False
    for denial in _CHINESE_BEFORE:
        place = clause.rfind(denial)
        if place < 0:
            continue
        between = clause[place + len(denial) :]
        if denial == "0" and clause[max(0, place - 1) : place] in tuple("0123456789."):
            continue  # the end of 40 %
        reach = 8 if "、" in between or "和" in between or "或" in between else 3
        if len(denial) == 1 and between and between[0] not in "任添":
            continue
        if len(between) <= reach:
            return not clause.endswith(("不仅", "不止", "不但", "无论"))
    return False
