"""Values that only some variants have: a text may offer them as a choice, not say one of the whole product."""

import re
from functools import lru_cache

from django.utils.translation import gettext_noop as _

from apps.core.wording import Wording
from apps.drafts.evidence.facts import FactBase, ReadFact, stem
from apps.drafts.evidence.reading import Reading
from apps.drafts.rules.compounds import read_all

_OFFER = re.compile(
    r"\b(?:available (?:in|with|as)|comes? in|choose|choice|pick (?:from|your|between)|"
    r"options?|optional|optionally|either|versions? (?:with|has|have)"
    r"|depending on|select(?:ed)? (?:sizes|models|colou?rs|versions))\b"
    r"|选[^，。！]{1,10}[色款号绿蓝红黑白灰]|可选|任选|任你|随心选|挑选|之间选|部分款|选配|"
    r"视(?:款式|颜色|尺码)而定|分为|[款版号][^，。]{0,4}[有带配附为是]|[大小中][号码款杯瓶包]",
    re.IGNORECASE,
)
# Words that single one variant out.
_ONE_OF = re.compile(
    r"\bthe (?:\w+[- ]){0,2}(?:one|version|model|variant|size|edition|colou?rway|ones|two|"
    r"pair)\b|\bthe \d{1,4}\b(?! ?(?:[cm]?m|[km]?g|m?l|w|v|%|°|hour|minute|day|week|month|year|piece|page)s?\b)"
    r"|\bthe (?:larger|smaller|bigger|longer|shorter|wider"
    r"|thicker|thinner|lighter|heavier|small|large|big|medium|long|short|wide|thick|thin)\b|"
    r"\bin (?:an? )?(?:uk|eu|us|size)\b|\bwithout\b|\bwhereas\b|不带|没有|大的|小的|"
    r"那[只款个]|前者|后者|短款|长款",
    re.IGNORECASE,
)
# A shade's number before its name: “01 豆沙”.
_CODE = re.compile(r"^(?:#\d{1,3}|0\d{1,2})\s+(?=\D)")
_SIZE = re.compile(r"size|length|capacity|尺寸|尺码|规格|型号|容量|长度", re.IGNORECASE)
_POINTED_BEFORE = re.compile(
    r"(?:\b(?:go for|pick|choose|want|take)(?: the)?\s|(?:^|[.!?;,\n•*·-] ?|\b(?:and|or|but|while|only) )in\s|选|挑)\Z",
    re.IGNORECASE,
)
_POINTED_BEHIND = re.compile(
    r"(?:色)?(?:款|版|的[^，。]{0,8}[有带是配]|带|另配)|,? (?:is|has|gets|lovers|without|"
    r"while|means)\b",
    re.IGNORECASE,
)
# “Want a porch?” asks, and claims nothing of all.
_WANTED = re.compile(r"\W*(?:want|need|prefer|fancy|looking for|想要|需要|喜欢|想带)[^.!。！]*[?？]", re.IGNORECASE)
_EVERY = re.compile(
    r"\b(?:in either|either (?:size|colou?r|finish|model|version|way|one)|every|each|all|any|both|whichever|whatever|no matter|throughout|"
    r"across the range|regardless)\b"
    r"|全系|全色|款款|哪一?款都|哪一?[个种只件双]都|每款|每个|每种|各款|各色都|通码|都是|都有|都带|所有|均|不论|无论|不管|通通|全部|一律",
    re.IGNORECASE,
)


YES = frozenset(["yes", "true", "included", "是", "有", "可", "含", "支持", "✓"])
YES_OR_NO = YES | frozenset(
    ["no", "none", "false", "not included", "否", "无", "没有", "不可", "不含", "不支持", "✗", "-"]
)


def is_offered(reading: Reading, start: int, end: int, fact: ReadFact) -> bool:
    """Whether the text speaks of a choice where it says [start, end): it says so, names several values, or names the
    variant that has it."""
    if named_choices(reading, fact) > 1:
        return True
    first, last = reading.sentence(*reading.places(start, end))
    rows = reading.words.words
    sentence = reading.text[rows[first].start : rows[last - 1].end]
    if _EVERY.search(sentence):
        return False
    if _WANTED.match(reading.text[rows[first].start : rows[last - 1].end + 1]):
        return True
    low, high = reading.clause(*reading.places(start, end))
    clause = reading.text[rows[low].start : rows[high - 1].end]
    if _OFFER.search(clause) or _ONE_OF.search(sentence) or _is_pointed_at(reading.text, start, end):
        return True
    spans = [(rows[low].start, rows[high - 1].end), (rows[first].start, rows[last - 1].end)]
    if _is_told_more(reading, fact, spans[0], (start, end)):
        return True
    return _is_one_named(reading, fact, spans[1], (start, end)) or _have_it_named(reading, fact, spans, (start, end))


def _is_pointed_at(text: str, start: int, end: int) -> bool:
    """“in Moss, the elbows …”, “go for polished silver”, 墨绿款一升: the value itself names the variant spoken of."""
    return bool(_POINTED_BEFORE.search(text[max(0, start - 24) : start]) or _POINTED_BEHIND.match(text, end))


def _is_one_named(reading: Reading, fact: ReadFact, sentence: tuple[int, int], outside: tuple[int, int]) -> bool:
    """Whether the sentence names the one variant that it speaks of, by what else it is called."""
    for other in reading.base.facts:
        if not other.choices or other is fact:
            continue
        named = [
            choice
            for choice in other.choices
            if choice.casefold() not in YES_OR_NO
            and len(choice) > 1
            and (not any(map(str.isdigit, choice)) or _SIZE.search(other.view.name))
            and _stands_in(reading, choice, *sentence, outside=outside)
        ]
        if len(named) == 1:
            return True
    return False


def _have_it_named(reading: Reading, fact: ReadFact, spans: list[tuple[int, int]], place: tuple[int, int]) -> bool:
    """Whether the clause, or else the sentence, names variants by what they are called, and all of them have the value:
    “in black, or in grey with a headrest”."""
    if not fact.view.by_variant:
        return False
    having = _having(reading, fact, place)
    for span in spans:
        named: set[int] = set()
        for other in reading.base.facts:
            if (
                other is fact
                or not other.view.by_variant
                or all(each.casefold() in YES_OR_NO for each in other.choices)
            ):
                continue
            for choice in other.choices:
                is_name = len(choice) > 1 and (not any(map(str.isdigit, choice)) or _SIZE.search(other.view.name))
                if is_name and _stands_in(reading, choice, *span, outside=place):
                    named |= {index for index, value in enumerate(other.view.by_variant) if value == choice}
        if named:
            return named <= having
    return False


def _is_told_more(reading: Reading, fact: ReadFact, clause: tuple[int, int], place: tuple[int, int]) -> bool:
    """“白色275克”, “Ochre with a porch at 4.7”: a clause that says more of the very variant that has the value."""
    having = _having(reading, fact, place) if fact.view.by_variant else set()
    for other in reading.base.facts if having and len(having) < len(fact.view.by_variant) else ():
        if other is fact or not other.view.by_variant or all(each.casefold() in YES_OR_NO for each in other.choices):
            continue
        said = [choice for choice in other.choices if _stands_in(reading, choice, *clause, outside=place)]
        if len(said) == 1 and any(other.view.by_variant[index] == said[0] for index in having):
            return True
    return False


def _having(reading: Reading, fact: ReadFact, place: tuple[int, int]) -> set[int]:
    """The variants that have what the text says at `place`."""
    if all(choice.casefold() in YES_OR_NO for choice in fact.choices):
        return {index for index, value in enumerate(fact.view.by_variant) if value.casefold() in YES}
    said = {
        choice for choice in fact.choices
        if any(found[0] < place[1] and place[0] < found[1] for found in places_of(reading, choice))
    }  # fmt: skip
    return {index for index, value in enumerate(fact.view.by_variant) if value in said}


def named_choices(reading: Reading, fact: ReadFact) -> int:
    """How many of the values the text names; “yes” and “no” name nothing."""
    telling = [choice for choice in fact.choices if choice.casefold() not in YES_OR_NO]
    named = sum(_stands_in(reading, choice, 0, len(reading.text)) for choice in telling)
    return named if named > 1 else max(named, _named_by_bare_numbers(reading, telling))


def _named_by_bare_numbers(reading: Reading, choices: list[str]) -> int:
    """Values whose numbers the text gives without their unit, “the 110 or the 90”; from the least to the greatest is all."""
    said = reading.said_values
    values = [_values(choice) for choice in choices]
    whole = {each for each in values if each and each <= said}
    if len(whole) < 2 and all(values) and len(values) > 1:
        every = frozenset().union(*values)
        if {min(every), max(every)} <= said and min(every) != max(every) and len(choices) > 1:
            holders = [each for each in values if min(every) in each and max(every) in each]
            return len(whole) if holders else 2
    return len(whole)


@lru_cache(maxsize=4096)
def _values(choice: str) -> frozenset:
    return frozenset(value for each in read_all(choice, "") for value in (*each.values, *each.parts))


def _stands_in(reading: Reading, choice: str, start: int, end: int, outside: tuple[int, int] = (0, 0)) -> bool:
    """Whether a variant's value is named in [start, end): in its words, as the same amount, as the same concept."""
    return any(
        start <= found[0] and found[1] <= end and not (found[0] < outside[1] and outside[0] < found[1])
        for found in places_of(reading, choice)
    )


def places_of(reading: Reading, choice: str) -> list[tuple[int, int]]:
    """Where the text names this value; worked out once for a text."""
    known = reading.choice_places
    if choice not in known:
        known[choice] = (
            reading.find_value(choice) or reading.find_value(_CODE.sub("", choice)) or _by_first_word(reading, choice)
        )
    return known[choice]


def _by_first_word(reading: Reading, choice: str) -> list[tuple[int, int]]:
    """“Peat” for the variant `Peat GTX`, where no other fact or variant has the word."""
    first, _space, rest = choice.partition(" ")
    if (
        not rest
        or len(first) < 4
        or not first[0].isupper()
        or len(reading.base.stems.get(stem(first.casefold()), ())) > 1
    ):
        return []
    return [(match.start(), match.end()) for match in re.finditer(rf"\b{re.escape(first)}\b", reading.text)]


def some_variants(value: str, fact: ReadFact) -> Wording:
    """Why a value that only some variants have may not be said."""
    return Wording(
        _("Only some variants have “%(value)s” (%(fact)s), so it can't be said of the whole product."),
        value=value, fact=fact.said,
    )  # fmt: skip


def choice_facts(base: FactBase) -> list[ReadFact]:
    return [fact for fact in base.facts if fact.choices]
