"""Numbers as they are written: digits with separators, fractions, English words, Chinese numerals."""

import re
from fractions import Fraction

# Where the comma is the decimal sign and the point, or a space, parts the thousands.
_COMMA = "de fr es it pt nl pl sv da nb nn no fi cs sk sr hr sl hu ro bg ru uk el tr id vi"
COMMA_LANGUAGES = frozenset(_COMMA.split())
SPACE_LANGUAGES = frozenset(["fr", "sv", "pl", "ru", "cs", "sk", "uk", "bg", "fi", "nb", "nn", "no", "hu"])
VULGAR = {
    "½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3),
    "⅛": Fraction(1, 8), "⅜": Fraction(3, 8), "⅝": Fraction(5, 8), "⅞": Fraction(7, 8), "⅕": Fraction(1, 5),
}  # fmt: skip
# Python refuses to read numbers beyond some thousand digits, and no product has one of thirty.
MOST_DIGITS = 30

_SMALL = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
ENGLISH = {word: number for number, word in enumerate(f"{_SMALL} eighteen nineteen".split(), start=1)}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ENGLISH |= {word: 10 * number for number, word in enumerate(_TENS.split(), start=2)}
ENGLISH_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "eighth": 8, "tenth": 10}
ENGLISH_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}

CHINESE_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000}
CHINESE_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
CHINESE_NUMERAL = "零〇一二两兩三四五六七八九十百千万萬亿"


def read_digits(written: str, language: str) -> tuple[Fraction, ...]:
    """Every value that `written` may have in this language ("" knows none, so both readings); () where it has none.

    `1,500` is 1500 in English and 1.5 in German; `0.500` and `4,6` are decimals in any language.
    """
    if len(written) > MOST_DIGITS:
        return ()
    if written.startswith("."):
        return (_decimal("0", written[1:]),) if written[1:].isdigit() else ()
    written = re.sub(r"['’\u00a0\u202f\u2009](?=\d{3}(?!\d))", "", written)
    if not re.fullmatch(r"[\d.,]+", written):
        return ()
    points, commas = written.count("."), written.count(",")
    if points and commas:
        decimal = max(".", ",", key=written.rfind)
        whole, _sign, rest = written.rpartition(decimal)
        return (_decimal(re.sub(r"[.,]", "", whole), rest),) if _is_grouped(whole) else ()
    if points + commas == 0:
        return (Fraction(int(written)),)
    if points + commas > 1:
        return (Fraction(int(re.sub(r"[.,]", "", written))),) if _is_grouped(written) else ()
    whole, rest = re.split(r"[.,]", written)
    as_decimal, as_whole = _decimal(whole, rest), Fraction(int(whole + rest))
    if not _is_grouped(written):
        return (as_decimal,)
    if not language:
        return (as_decimal, as_whole)
    return (as_whole,) if (commas == 1) != (language in COMMA_LANGUAGES) else (as_decimal,)


def _decimal(whole: str, rest: str) -> Fraction:
    return Fraction(int(whole + rest), 10 ** len(rest))


def _is_grouped(written: str) -> bool:
    """Whether separators stand as thousands separators do: 1,500 and 12.500.000, not 0.500 or 1,50."""
    return re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:\.\d{3})+|\d{1,30}", written) is not None


def read_english(words: list[str]) -> int:
    """`["two", "hundred", "fifty"]` -> 250. The words must be number words."""
    total = current = 0
    for word in words:
        if word in ENGLISH_SCALES:
            current = max(current, 1) * ENGLISH_SCALES[word]
            if ENGLISH_SCALES[word] >= 1000:
                total, current = total + current, 0
        else:
            current += ENGLISH[word]
    return total + current


def continues_english(words: list[str], word: str) -> bool:
    """Whether `word` goes on with the number that `words` began: twenty-four, two hundred, two hundred fifty."""
    last = words[-1]
    if word in ENGLISH_SCALES:
        return ENGLISH_SCALES[word] > ENGLISH_SCALES.get(last, 0)
    if last in ENGLISH_SCALES:
        return last != "dozen"
    return ENGLISH[last] >= 20 and ENGLISH[word] < 10


def read_chinese(numeral: str) -> int | None:
    """`两千五百` -> 2500, `二〇二四` -> 2024; None for what is no well-formed number (`三五`, `百`)."""
    if len(numeral) > 12:
        return None
    if all(char in CHINESE_DIGITS for char in numeral):
        # 三四 and 两三 mean "a few"; only a year or a code is written digit by digit.
        return int("".join(str(CHINESE_DIGITS[char]) for char in numeral)) if len(numeral) in (1, 4) else None
    total = section = digit = 0
    has_digit = False
    for char in numeral:
        if char in CHINESE_DIGITS:
            if digit:
                return None
            digit, has_digit = CHINESE_DIGITS[char], True
        elif char in CHINESE_SCALES:
            section += (digit or 1) * CHINESE_SCALES[char]
            has_digit = has_digit or char == "十"
            digit = 0
        else:
            total = (total + section + digit) * CHINESE_MYRIADS[char]
            section = digit = 0
    # 百, 千, 万 alone say "many" (百搭, 千层, 万能), not a number.
    return total + section + digit if has_digit else None
