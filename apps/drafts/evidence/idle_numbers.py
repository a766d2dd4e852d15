"""Numbers that claim nothing of the product: “two things”, 一家四口, the 5 of “4.6 out of 5”."""

import re

from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.units import COUNT

_SCALE_BEFORE = re.compile(r"(?:\bout of|\bof a possible|/|满分|滿分|scale of|总分)\s{0,2}(?:a )?\Z", re.IGNORECASE)
_SCALE_AFTER = re.compile(r"\s{0,2}(?:分?制|分?满分|-point scale)")
_SCALES = frozenset([5, 10, 100])
_IDLE_AFTER = re.compile(
    r"[- ](?:things?|ways?|reasons?|words?|hands?|handed|feet|minds?|legs?|arms?|eyes?|ears?|"
    r"friends?|thoughts?|wishes|sips?|bites?|breaths?"
    r"|moments?|steps? away|of us|of you|in the (?:morning|afternoon|evening|night)|o'clock|"
    r"(?:a\.?m|p\.?m)\b|birthdays?|generations?"
    r"|or three|or four|miles? (?:away|later)|nights? in|deep breaths?|little|cups? later|"
    r"favou?rites?|times over|pairs? of (?:hands|eyes)|left feet|past|o'clock)\b",
    re.IGNORECASE,
)
_IDLE_BEFORE = re.compile(
    r"\b(?:all|both|those|these|the other|of the|at|by|before|after|until|the last|"
    r"between the|one or|two or|a|chapter|plan|"
    r"half past|quarter past|quarter to|past|(?:day|thing|week|hour|minute|word|time|year|step|cup|night)s? or)\s\Z",
    re.IGNORECASE,
)
_CHINESE_IDLE_AFTER = re.compile(
    r"(?:地方|事|法子|办法|方法|理由|深呼吸|字|朋友|好友|知己|心愿|夜晚|夜里|早晨|清晨|午后|"
    r"周末|小腿|手|脚|眼|人世界|口之家|天打鱼|步到位|口子|代同堂|份心意|颗心|条路"
    r"|句话|秒钟记住|重惊喜|全其美|举两得|目了然|见如故|家人|餐|时令|点钟|点半|次尝试|个人坐|"
    r"位数|分天下|分钟热度|番味道|种心情|种生活|遍|种可能)"
)
_CHINESE_IDLE_BEFORE = re.compile(r"(?:一家|早|晚上|上午|下午|凌晨|中午|傍晚|早上|清晨|一日|星期|周|礼拜|三两|数)\Z")
_CHINESE_IDLE = re.compile(
    r"三两天|两三天|三五|一日三餐|四口之家|三口之家|半个月|两口子|二人世界|三不五时|多一分|"
    r"三秒钟|七七八八|五湖四海|四面八方|一心一意|两全其美"
)


# The 0 of “0-6 months”: where a range of ages begins.
_FROM_BIRTH = re.compile(
    r"0\s?(?:-|–|—|~|～|to|到|至)\s?\d{1,2}\s?(?:months?|mths?|years?|yrs?|岁|个月|月)", re.IGNORECASE
)


def is_scale(text: str, quantity: Quantity) -> bool:
    """Whether the number is the top of a scale: “out of five”, 满分5分, 5分制."""
    before = _SCALE_BEFORE.search(text[max(0, quantity.start - 16) : quantity.start])
    after = _SCALE_AFTER.match(text, quantity.end) or (
        text[quantity.end - 1] == "分" and text.startswith(("制", "满分"), quantity.end)
    )
    if before and "scale" in before[0].lower():
        return True
    if (
        before
        and before[0].strip().startswith(("满分", "总分"))
        and not re.search(r"\d\s*分?\W{0,3}\Z", text[: quantity.start - len(before[0].strip())])
        and not re.match(r"分?[^。\n]{0,8}\d", text[quantity.end :])
    ):
        return False  # 评分满分5.0 is a rating itself
    return bool(before or after) and any(value in _SCALES for value in quantity.values)


def is_idle(text: str, quantity: Quantity) -> bool:
    """Whether the words around a count show that it counts nothing of the product."""
    if quantity.code and not quantity.values:
        return False
    if _FROM_BIRTH.match(text, quantity.start):
        return True
    if any(
        match.start() < quantity.end and quantity.start < match.end()
        for match in _CHINESE_IDLE.finditer(text, max(0, quantity.start - 4), quantity.end + 4)
    ):
        return True
    if any(unit is not None and unit.dimension not in (COUNT, "pair") for unit in quantity.units):
        return False
    if _CHINESE_IDLE_AFTER.match(text, quantity.end) or _IDLE_AFTER.match(text, quantity.end):
        return True
    before = text[max(0, quantity.start - 14) : quantity.start]
    written = text[quantity.start : quantity.end]
    if not written[0].isdigit() and not quantity.has_noun and _IDLE_BEFORE.search(before):
        return True
    return not written[0].isdigit() and _CHINESE_IDLE_BEFORE.search(before) is not None
