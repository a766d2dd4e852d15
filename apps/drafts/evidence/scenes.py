"""Words that name a thing without claiming it: "drizzle over tomatoes", "soft as cotton", "on wooden floors"."""

from apps.drafts.evidence.lexicon import Mention
from apps.drafts.evidence.reading import Reading
from apps.drafts.evidence.words import STOP

_LIKE = frozenset(["like", "as", "imitation", "effect", "look", "inspired"])
_CHINESE_LIKE = ("像", "如", "似", "仿佛", "宛如", "犹如", "好比")
# With food: what the product is used on or eaten with is no ingredient of it.
_USE = frozenset(
    [
        "drizzle",
        "drizzled",
        "sprinkle",
        "sprinkled",
        "pair",
        "pairs",
        "paired",
        "pairing",
        "serve",
        "served",
        "serving",
        "alongside",
        "spread",
        "dip",
        "dipped",
        "toss",
        "tossed",
        "pour",
        "poured",
        "over",
        "onto",
        "stir",
        "stirred",
        "cook",
        "cooking",
        "roast",
        "roasting",
        "fry",
        "frying",
        "chop",
        "chopping",
        "slice",
        "slices",
        "sliced",
        "slicing",
        "grate",
        "grating",
        "peel",
        "peeling",
        "dice",
        "dicing",
        "squeeze",
        "squeezing",
        "juice",
        "juicing",
        "grind",
        "grinding",
        "crush",
        "crushing",
        "brew",
        "brewing",
        "bake",
        "baking",
        "steam",
        "steaming",
        "grill",
        "grilling",
        "scoop",
        "scramble",
        "scrambled",
        "mash",
        "whisk",
        "whisking",
        "knead",
        "proof",
        "store",
        "storing",
        "keep",
        "for",
        "on",
        "into",
        "through",
        "your",
        "favourite",
        "favorite",
        "plus",
        "splash",
        "add",
        "adding",
    ]
)
_CHINESE_USE = tuple(["搭配", "配上", "拌", "蘸", "淋", "炒", "煮", "切", "炖", "烤", "榨", "泡", "冲", "煎", "炸", "蒸", "腌", "涮", "磨", "打", "搅", "剥", "削", "做", "倒", "放", "装", "存", "加点", "加入", "撒", "抹", "夹", "配", "来一", "一杯", "一碗", "一盘", "一锅"])  # fmt: skip


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
