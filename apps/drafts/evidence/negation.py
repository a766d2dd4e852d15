"""Whether a concept is denied where it stands: "no nickel", "nickel-free", 不含酒精, "doesn't contain nuts"."""

from apps.drafts.evidence.words import STOP, Words

_BEFORE = frozenset(
    [
        "no",
        "not",
        "never",
        "without",
        "zero",
        "non",
        "free",
        "cannot",
        "neither",
        "nor",
        "excluding",
        "minus",
        "isn't",
        "aren't",
        "doesn't",
        "don't",
        "won't",
        "skip",
        "skips",
        "skipping",
        "ditch",
        "ditches",
        "leave",
        "leaves",
        "sans",
        "lacks",
    ]
)
_AFTER = frozenset(["free"])
# Words that a denial reaches across: "free of any added parabens, silicones or sulphates".
_BRIDGES = frozenset(
    [
        "of",
        "from",
        "any",
        "added",
        "a",
        "an",
        "the",
        "contain",
        "containing",
        "contains",
        "use",
        "using",
        "uses",
        "made",
        "with",
        "or",
        "and",
        "nor",
        "trace",
        "harsh",
        "artificial",
        "synthetic",
        "drop",
        "bit",
        "hint",
        "single",
        "all",
        "need",
        "for",
        "to",
        "add",
        "adding",
        "out",
        "behind",
        "either",
        "real",
    ]
)
_CHINESE_BEFORE = ("不含", "无添加", "未添加", "不添加", "零添加", "0添加", "没有", "无需", "不用", "不使用", "拒绝", "告别", "不加", "不放", "远离", "并非", "不是",
                   "去除", "免", "无", "零", "非", "不", "未", "0")  # fmt: skip
_REACH, _CHINESE_REACH = 6, 8


def is_negated(words: Words, first: int, last: int) -> bool:
    """Whether words [first, last) are denied."""
    rows = words.words
    if last < len(rows) and rows[last].lemma in _AFTER:
        return True
    return _is_denied_before(rows, words, first) or _is_denied_in_chinese(words, first)


def _is_denied_before(rows, words: Words, first: int) -> bool:
    for place in range(first - 1, max(-1, first - 1 - _REACH), -1):
        lemma = rows[place].lemma
        if lemma in _BEFORE:
            return True
        is_comma = lemma == STOP and words.written[place] == ","
        if not is_comma and lemma not in _BRIDGES and place < first - 3:
            return False
        if lemma == STOP and not is_comma:
            return False
    return False


def _is_denied_in_chinese(words: Words, first: int) -> bool:
    """The nearest denial before, with nothing but a list (甲、乙和丙) or two characters between."""
    rows = words.words
    start = rows[first].start
    clause = words.text[max(0, start - 14) : start]
    for sign in "。！？；，,;!?\n":
        clause = clause.rpartition(sign)[2]
    if not clause:
        return False
    for denial in _CHINESE_BEFORE:
        place = clause.rfind(denial)
        if place < 0:
            continue
        between = clause[place + len(denial) :]
        reach = 8 if "、" in between or "和" in between or "或" in between else 3
        if len(denial) == 1 and len(between) > 1:
            continue
        if len(between) <= reach:
            return not clause.endswith(("不仅", "不止", "不但", "无论"))
    return False
