"""Numbers that are said in several words: four and a half, three quarters of an hour, 一米八三, 两个半小时, 三分之一, 4.7/5."""

import re
from collections.abc import Iterator
from fractions import Fraction

from apps.drafts.rules import numerals
from apps.drafts.rules.amounts import Quantity, fold_numbers
from apps.drafts.rules.quantities import read_quantities
from apps.drafts.rules.units import CJK_UNIT, TWO_WORDS, UNITS, WORDY_UNIT, Unit, unit_of

_WORDS = "|".join([*numerals.ENGLISH, "a"])
_CHINESE = "[零〇一二两三四五六七八九十百]{1,8}"
_PERCENT = UNITS["%"]
_ENGLISH = [
    ("half", re.compile(rf"\b((?:{_WORDS}|\d{{1,9}})(?:[- ](?:{_WORDS}))?)[- ]and[- ]a[- ]half\b(?=([- ]\w+)?)", re.I)),
    ("pounds", re.compile(rf"\b({_WORDS}|\d{{1,3}}) (?:pounds?|lbs?) (?:and )?({_WORDS}|\d{{1,2}}) (?:ounces?|oz)\b", re.I)),
    ("rate", re.compile(
        rf"\b(\d{{1,3}}(?:,\d{{3}})+|\d+(?:[.,]\d+)?|(?:an? )?(?:(?:{_WORDS}|hundred|thousand)[- ]?){{1,3}}) ?"
        r"(litres?|liters?|l|km|kilomet(?:re|er)s?|miles?|MB|grams?|g|ml|sheets?|pages?)(?: of [a-zA-Z]{2,12})? "
        r"(?:an?|per|every|each|to the|to a|per the) (hour|minute|second|square met(?:re|er)|kilo(?:gram)?|lit(?:re|er))\b", re.I)),
    ("halves", re.compile(rf"\b({_WORDS}|\d{{1,9}})(?: [x×])? half[- ](\w+)", re.I)),
    ("half-unit", re.compile(r"\b(an?|one) (\w+) and a half\b", re.I)),
    ("point", re.compile(rf"\b({_WORDS}) point ({_WORDS})\b", re.I)),
    ("metre-tail", re.compile(rf"\b({_WORDS}) met(?:re|er)s? ({_WORDS})(?:[- ]({_WORDS}))?\b(?! (?:cm|centi|of|x|by))", re.I)),
    ("half-dozen", re.compile(r"\bhalf[- ](?:a )?dozen\b", re.I)),
    ("share", re.compile(rf"\b({_WORDS})[- ](third|quarter|fifth|sixth|eighth|tenth)s?(?: of)?(?: (?:an?|the|"
        rf"one) (\w+)| (\w+))?", re.I)),
    ("parts", re.compile(rf"\b((?:{_WORDS}|\d{{1,9}})(?:-(?:{_WORDS}))?) parts?\b", re.I)),
    ("score", re.compile(r"(?<![\d.,/])(\d(?:[.,]\d)?|10) ?/ ?(5|10)(?![\d/.]| ?(?:inch|in\b|cup|\"|oz))")),
]  # fmt: skip
_ASIAN = [
    ("per-hour", re.compile(rf"(?:时速|每小时)[^\d，。]{{0,6}}?({_CHINESE}|\d{{1,4}}(?:\.\d+)?)\s?(公里|千米|km)", re.I)),
    ("per-time", re.compile(rf"({_CHINESE}|\d{{1,6}}(?:\.\d+)?)\s?([A-Za-z]{{1,3}}|升|毫升|次|转)(?:每|一)(秒|分钟|"
        rf"小时)")),
    ("two-four", re.compile(r"(?<![\d.])(2\.4)\s?G(?![A-Za-z])")),
    ("unit-half", re.compile(rf"({_CHINESE}|\d{{1,9}})({CJK_UNIT.pattern})半(?![价夜天截途路熟成透片糖])")),
    ("half-measure", re.compile(rf"({_CHINESE}|\d{{1,9}})个?半(小时|钟头|月|个月|斤|公斤|升|米|天|年)")),
    ("metres", re.compile(r"([一二两三四五六七八九])(米|公斤|毫米|厘米|公分)"
        r"([零〇]?[一二三四五六七八九][一二三四五六七八九]?)(?![个只件条根片支张面步])")),
    ("catties", re.compile(rf"({_CHINESE}|\d{{1,4}})斤([一二三四五六七八九半])两?")),
    ("tenths", re.compile(rf"({_CHINESE}|\d(?:\.\d)?)成([一二三四五六七八九半])?(?![立为就分本员品年功长套交了形])")),
    ("part-of", re.compile(rf"({_CHINESE}|\d{{1,9}})分之({_CHINESE}|\d{{1,9}})")),
]  # fmt: skip


# Without one of these a text holds no such number, and the pattern need not be tried at every word.
_SIGNS = {
    "half": ("half",), "pounds": ("pound", "lb"), "rate": (" per ", " a ", " an ", " every ", " each ", " to "), "halves": ("half",),
    "half-unit": ("and a half",), "point": (" point ",), "half-dozen": ("dozen",), "metre-tail": (" met",),
    "share": ("third", "quarter", "fifth", "sixth", "eighth", "tenth"), "parts": ("part",), "score": ("/",),
    "per-hour": ("时速", "每小时"), "per-time": ("每", "一秒", "一分钟", "一小时"), "two-four": ("2.4",), "unit-half": ("半",),
    "half-measure": ("半",), "metres": ("米", "公斤", "公分"), "catties": ("斤",), "tenths": ("成",), "part-of": ("分之",),
}  # fmt: skip


def read_all(text: str, language: str) -> list[Quantity]:
    """Every number of `text` in order, those of several words included; arguments as of `read_quantities`."""
    simple = read_quantities(text, language)
    folded = fold_numbers(text)
    found = list(_compounds(folded, language))
    if not found:
        return simple
    kept = [each for each in simple if not any(each.start < other.end and other.start < each.end for other in found)]
    return sorted([*kept, *found], key=lambda quantity: quantity.start)


def _compounds(text: str, language: str) -> Iterator[Quantity]:
    end = 0
    rows = _ENGLISH + _ASIAN if not text.isascii() else _ENGLISH
    folded = text.casefold()
    matches = [
        (match, kind)
        for kind, pattern in rows
        if any(sign in folded for sign in _SIGNS[kind])
        for match in pattern.finditer(text)
    ]
    for match, kind in sorted(matches, key=lambda row: (row[0].start(), -row[0].end())):
        if match.start() < end:
            continue
        made = _MAKERS[kind](match)
        for quantity in made if isinstance(made, list) else [made] if made else []:
            end = quantity.end
            yield quantity


def _number(written: str) -> Fraction | None:
    if written.isdigit():
        return Fraction(int(written))
    if written.lower() in ("a", "an"):
        return Fraction(1)
    if re.fullmatch(_CHINESE, written):
        value = numerals.read_chinese(written)
        return None if value is None else Fraction(value)
    words = re.split(r"[- ]", re.sub(r"^an? (?=hundred|thousand|dozen)", "", written.lower().strip(" -")))
    if not words or any(word not in numerals.ENGLISH and word not in numerals.ENGLISH_SCALES for word in words):
        return None
    return Fraction(numerals.read_english(words))


def _unit_at(text: str, place: int) -> tuple[Unit | None, int]:
    """The unit behind a number that ends at `place`, and its end."""
    start = place + (text[place : place + 1] in (" ", "-"))
    match = TWO_WORDS.match(text, start) or CJK_UNIT.match(text, start) or WORDY_UNIT.match(text, start)
    unit = unit_of(match[0]) if match else None
    return (unit, match.end()) if unit else (None, place)


_PER = {
    "hour": "h",
    "minute": "min",
    "second": "s",
    "秒": "s",
    "分钟": "min",
    "小时": "h",
    "kilo": "kg",
    "kilogram": "kg",
}


def _rate(match) -> Quantity | None:
    """“450 litres an hour” as 450 l/h, 1050MB每秒 as 1050 MB/s."""
    written = re.sub(r",(?=\d{3}\b)", "", match[1]).replace(",", ".")
    value = Fraction(written) if re.fullmatch(r"[\d.]+", written) else _number(written)
    per = match[3].lower()
    per = "m²" if per.startswith("square") else "l" if per.startswith("lit") else _PER.get(per, per)
    unit = unit_of(f"{_short(match[2])}/{per}")
    return Quantity(match.start(), match.end(), (value,), (unit,)) if value is not None and unit else None


def _short(unit: str) -> str:
    return {"litre": "l", "liter": "l", "gram": "g", "kilometre": "km", "kilometer": "km", "mile": "mi"}.get(
        unit.lower().removesuffix("s"), unit
    )


def _per_hour(match) -> Quantity | None:
    value = Fraction(match[1]) if match[1][0].isdigit() else _number(match[1])
    return None if value is None else Quantity(match.start(1), match.end(), (value,), (UNITS["km/h"],))


def _two_four(match) -> Quantity:
    """2.4G is said of 2.4 GHz."""
    return Quantity(match.start(), match.end(), (Fraction("2.4"),), (UNITS["ghz"], None), code="2.4g")


def _pounds(match) -> Quantity | None:
    pounds, ounces = _number(match[1]), _number(match[2])
    if pounds is None or ounces is None:
        return None
    return Quantity(match.start(), match.end(), (pounds * 16 + ounces,), (UNITS["oz"],))


def _half(match) -> Quantity | None:
    value = _number(match[1])
    if value is None:
        return None
    unit, end = _unit_at(match.string, match.end())
    return Quantity(match.start(), end, (value + Fraction(1, 2),), (unit,), has_noun=unit is None and bool(match[2]))


def _halves(match) -> list[Quantity]:
    """“two half-litre bottles”: two things of half a litre each."""
    value, unit = _number(match[1]), unit_of(match[2])
    if value is None or unit is None or match[1].lower() == "a":
        return []
    middle = match.end(1)
    return [
        Quantity(match.start(), middle, (value,), has_noun=True),
        Quantity(middle + 1, match.end(), (Fraction(1, 2),), (unit,)),
    ]


def _half_unit(match) -> Quantity | None:
    unit = unit_of(match[2])
    return Quantity(match.start(), match.end(), (Fraction(3, 2),), (unit,)) if unit else None


def _point(match) -> Quantity | None:
    whole, part = _number(match[1]), _number(match[2])
    if whole is None or part is None or part > 9:
        return None
    unit, end = _unit_at(match.string, match.end())
    return Quantity(match.start(), end, (whole + part / 10,), (unit,))


def _metre_tail(match) -> Quantity | None:
    """“one metre eighty”, “one metre seventy-five”"""
    whole, tail = _number(match[1]), _number(" ".join(filter(None, match.groups()[1:])))
    if whole is None or tail is None or not 5 <= tail < 100:
        return None
    return Quantity(match.start(), match.end(), (whole + tail / 100,), (UNITS["m"],))


def _half_dozen(match) -> Quantity:
    return Quantity(match.start(), match.end(), (Fraction(6),), has_noun=True)


def _share(match) -> Quantity | None:
    """A fraction: of a unit where one follows, else a share of the whole."""
    count = _number(match[1])
    part = {"sixth": 6}.get(match[2].lower()) or numerals.ENGLISH_PARTS[match[2].lower()]
    if count is None or count >= part or (match[1].lower() == "a" and not match[0].lower().startswith("a ")):
        return None
    value = count / part
    if match.string.startswith("-", match.end(2)):
        unit, end = _unit_at(match.string, match.end(2))
        if unit is not None:
            return Quantity(match.start(), end, (value,), (unit,))
    for group in (3, 4):
        if match[group] and (unit := unit_of(match[group])):
            return Quantity(match.start(), match.end(group), (value,), (unit,))
    end = match.end(2) + (match.string[match.end(2) : match.end(2) + 1] == "s")
    if match[1].lower() == "a" and not re.match(r"s? (?:of\b|\w+er\b|less|more|off)", match.string[match.end(2) :]):
        return None  # “a third pocket” counts nothing
    return Quantity(match.start(), end, (value * 100,), (_PERCENT,))


# “Four parts Coratina to one of Peranzana”
_TO_PARTS = re.compile(rf" (?:of )?(?:\w+ ){{1,3}}to ({_WORDS}|\d{{1,2}})\b(?! parts)", re.IGNORECASE)


def _parts(match) -> Quantity | None:
    """“seven parts wool to three parts silk” gives tenths, “fifty-five parts” hundredths."""
    value = _number(match[1])
    if value is None or value > 100 or match[1].lower() == "a":
        return None
    if other := _TO_PARTS.match(match.string, match.end()):
        rest = _number(other[1])
        return Quantity(match.start(), match.end(), (value * 100 / (value + rest),), (_PERCENT,)) if rest else None
    return Quantity(match.start(), match.end(), (value * 10 if value < 10 else value,), (_PERCENT,))


def _score(match) -> Quantity | None:
    """4.7/5: the score; the scale behind it claims nothing."""
    value = Fraction(match[1].replace(",", "."))
    if value > int(match[2]) or value < 1:
        return None
    return Quantity(match.start(), match.end(), (value,), (UNITS["分"],), code=match[0].replace(" ", ""))


def _unit_half(match) -> Quantity | None:
    value, unit = _number(match[1]), unit_of(match[2])
    if value is None or unit is None or unit.dimension == "count":
        return None
    return Quantity(match.start(), match.end(), (value + Fraction(1, 2),), (unit,))


def _half_measure(match) -> Quantity | None:
    value = _number(match[1])
    unit = UNITS["个月"] if match[2] in ("月", "个月") else unit_of(match[2])
    return None if value is None else Quantity(match.start(), match.end(), (value + Fraction(1, 2),), (unit,))


def _metres(match) -> Quantity:
    """一米八三, 一公斤四五: what follows the unit are its tenths and hundredths."""
    tail = match[3].replace("〇", "零")
    digits = "".join(str(numerals.CHINESE_DIGITS[char]) for char in tail)
    value = _number(match[1]) + Fraction(int(digits), 10 ** len(digits))
    return Quantity(match.start(), match.end(), (value,), (unit_of(match[2]),))


def _catties(match) -> Quantity | None:
    """六斤四两: a 斤 has ten 两, 500 g."""
    value = _number(match[1])
    tail = 5 if match[2] == "半" else numerals.CHINESE_DIGITS[match[2]]
    return (
        None if value is None else Quantity(match.start(), match.end(), (value + Fraction(tail, 10),), (UNITS["斤"],))
    )


def _tenths(match) -> Quantity | None:
    value = Fraction(match[1]) if match[1][0].isdigit() else _number(match[1])
    if value is None or not 0 < value <= 10:
        return None
    rest = 5 if match[2] == "半" else numerals.CHINESE_DIGITS[match[2]] if match[2] else 0
    return Quantity(match.start(), match.end(), (value * 10 + rest,), (_PERCENT,))


def _part_of(match) -> Quantity | None:
    part, count = _number(match[1]), _number(match[2])
    if not part or count is None or match[1] == "百" or count > part:
        return None
    return Quantity(match.start(), match.end(), (count / part * 100,), (_PERCENT,))


_MAKERS = {
    "half": _half,
    "pounds": _pounds,
    "rate": _rate,
    "per-time": _rate,
    "per-hour": _per_hour,
    "two-four": _two_four,
    "halves": _halves,
    "half-unit": _half_unit,
    "point": _point,
    "half-dozen": _half_dozen,
    "metre-tail": _metre_tail,
    "share": _share,
    "parts": _parts,
    "score": _score,
    "unit-half": _unit_half,
    "half-measure": _half_measure,
    "metres": _metres,
    "catties": _catties,
    "tenths": _tenths,
    "part-of": _part_of,
}
