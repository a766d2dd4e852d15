"""Finds the numbers of a text together with their units; texts and facts are read by the same code."""

import re
from dataclasses import replace
from fractions import Fraction
from math import gcd

from apps.drafts.rules import numerals
from apps.drafts.rules.amounts import Quantity, code_of, fold_numbers
from apps.drafts.rules.units import (
    AMBIGUOUS,
    CJK_UNIT,
    COUNT,
    CURRENCIES,
    SPREADS_BY_X,
    TWO_WORDS,
    UNITS,
    WORDY_UNIT,
    Unit,
    unit_of,
)

_TOKEN = re.compile(
    r"(?P<digits>(?:(?<![\w.])\.)?\d+(?:[.,:/'\u00a0\u202f\u2009]\d+)*)"
    r"|(?P<word>[A-Za-zÀ-ÖØ-öø-ɏ]+)"
    r"|(?P<vulgar>[" + "".join(numerals.VULGAR) + r"])"
    r"|(?P<chinese>[" + numerals.CHINESE_NUMERAL + r"]+|半)"
)  # fmt: skip
_RANGE = re.compile(r"\s{0,2}(?:-|–|—|~|〜|to|bis|à|至|到)\s{0,2}")
_LIST = re.compile(r"\s{0,2}(?:/|\+|or|and|und|oder|et|ou|y|,|、|或|和|及|与)\s{0,2}")
_TIMES = re.compile(r"\s{0,2}(?:x|X|×|\*|by|乘)\s{0,2}")
_IN_ONE = re.compile(r"[- ]in[- ](?:1|one)\b|合(?:一|1)", re.IGNORECASE)
_SCALE = re.compile(r" ?(hundred|thousand|million|dozen)\b|([百万萬亿]|千(?![卡焦克米瓦赫帕]))", re.IGNORECASE)
_SPACED_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
# “five in the morning” has no inches.
_IN_THE = re.compile(r" (?:the|an?|one|this|your|our|its|each|every|any|all|total|stock)\b")
_ARTICLE = re.compile(r"(?: an?(?= ))?")
_PART = re.compile(r"[- ](quarter|third|half|halve|fifth|eighth|tenth)s?\b", re.IGNORECASE)
_LIST_MARK = re.compile(r"(?:^|\n)[ \t]{0,8}\Z")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？\n]")
_FUNCTION_WORDS = re.compile(
    r"with|in|on|for|and|or|to|by|when|while|per|at|from|each|if|as|the|of|is|are|without|after|before|plus|的"
)
_CURRENCY = re.compile(r"(?:US\$|[$€£¥]|USD|EUR|GBP|CNY|RMB)\s?\Z")
# Nobody reads a text with more; the rest stays unread, and the rule says so.
MOST_NUMBERS = 2000
# Idioms with a number word that counts nothing.
_IDIOMS = ("十分", "一年四季", "一年到头", "一元化", "一时")


def read_quantities(text: str, language: str) -> list[Quantity]:
    """Every number of `text` in its order, at most about MOST_NUMBERS.

    `language` is a primary tag, or "" where it is not known.
    """
    return _Reader(fold_numbers(text), language).read()


# What people write fractions in; 10/11 are two versions.
_DENOMINATORS = frozenset([2, 3, 4, 5, 6, 8, 16, 32, 64])


class _Reader:
    """One pass over the tokens. A cluster is what stands together without a space: 5kg, X200, WH-1000XM5, 10x20cm."""

    def __init__(self, text: str, language: str):
        if language in numerals.SPACE_LANGUAGES:
            # 1 500 is one number there, but 15 128 GB are two elsewhere.
            text = _SPACED_THOUSANDS.sub("\u202f", text)
        self.text = text
        self.language = language
        self.reads_english = language in ("en", "")
        self.tokens = [(m.lastgroup, m.start(), m.end(), m[0]) for m in _TOKEN.finditer(text)]
        self.found: list[Quantity] = []
        # Tokens before this offset belong to a number already read.
        self.done = 0

    def read(self) -> list[Quantity]:
        place = 0
        while place < len(self.tokens) and len(self.found) < MOST_NUMBERS:
            size = self._cluster_size(place)
            if self.tokens[place][1] >= self.done:
                self._read_cluster(place, size)
            place += size
        return self._spread_units()

    def _cluster_size(self, place: int) -> int:
        size = 1
        while place + size < len(self.tokens):
            before, after = self.tokens[place + size - 1], self.tokens[place + size]
            kinds = (before[0], after[0])
            gap = self.text[before[2] : after[1]]
            joined = gap == "" and kinds in (("word", "digits"), ("digits", "word"))
            if not joined and not (gap == "-" and kinds == ("word", "digits")):
                break
            size += 1
        return size

    def _read_cluster(self, place: int, size: int) -> None:
        kind, start, end, written = self.tokens[place]
        if kind == "chinese":
            self._read_chinese(start, end, written)
        elif kind == "vulgar":
            self._add_number(start, end, (numerals.VULGAR[written],))
        elif size == 1 and kind == "word":
            self._read_word(place)
        elif size == 1:
            self._read_digits(start, end, written)
        else:
            self._read_mixed(self.tokens[place : place + size])

    def _read_mixed(self, cluster) -> None:
        """Digits and letters that stand together: a number with its unit, a chain of them, or a code."""
        code = code_of(self.text[cluster[0][1] : cluster[-1][2]])
        if cluster[0][0] == "word":
            if cluster[0][3] == "x" or cluster[0][3].lower() in ("no", "nr") or _CURRENCY.fullmatch(cluster[0][3]):
                cluster = cluster[1:]
            else:
                self.found.append(Quantity(cluster[0][1], cluster[-1][2], (), code=code))
                return
        numbers = [token for token in cluster if token[0] == "digits"]
        words = [token for token in cluster if token[0] == "word"]
        if all(self._is_unit_or_times(word[3]) for word in words):
            for _kind, start, end, written in numbers[:MOST_NUMBERS]:
                if start >= self.done:
                    self._read_digits(start, end, written, code if len(numbers) == 1 else "")
        else:
            self.found.append(Quantity(cluster[0][1], cluster[-1][2], (), code=code))

    def _is_unit_or_times(self, word: str) -> bool:
        return unit_of(word) is not None or word in "xX" or (word[-1] in "xX" and unit_of(word[:-1]) is not None)

    def _read_digits(self, start: int, end: int, written: str, code: str = "") -> None:
        if self._is_list_mark(start, end, written):
            return
        if "/" in written or ":" in written:
            self._read_parted(start, end, written)
            return
        values = numerals.read_digits(written, self.language)
        if values:
            following = self.text[end : end + 1]
            if following in numerals.VULGAR and following:
                values, end = tuple(value + numerals.VULGAR[following] for value in values), end + 1
            parts = _parts(written, ",") if "," in written and len(written.split(",")[-1]) != 3 else ()
            self._add_number(start, end, values, code=code, parts=parts)
        else:
            self._add_number(start, end, (), code=code_of(written), parts=_parts(written, ","))

    def _read_parted(self, start: int, end: int, written: str) -> None:
        """1/2 is a fraction, 24/7 two numbers and so is 10/12, 16:9 a code."""
        parts = _parts(written, "/")
        is_fraction = (
            len(parts) == 2 and 0 < parts[0] < parts[1] in _DENOMINATORS and gcd(int(parts[0]), int(parts[1])) == 1
        )
        values = (parts[0] / parts[1],) if is_fraction else ()
        if values and self.found and self.text[self.found[-1].end : start] in (" ", "-") and not self.found[-1].code:
            whole = self.found[-1]
            if whole.units == (None,) and len(whole.values) == 1 and whole.values[0].denominator == 1:
                self.found.pop()
                start, values, parts = whole.start, (whole.values[0] + values[0],), ()
        # A fraction is a value: a fact that has the same one of another unit does not hold it as a code.
        self._add_number(start, end, values, code="" if values else code_of(written), parts=parts)

    def _is_list_mark(self, start: int, end: int, written: str) -> bool:
        """The 1. of a numbered list and the 1 of a keycap emoji count nothing."""
        if self.text[end : end + 1] in ("\ufe0f", "\u20e3"):
            return True
        if not (written.isdigit() and len(written) <= 2 and self.text[end : end + 1] in (".", ")", "、")):
            return False
        is_followed = self.text[end + 1 : end + 2].isspace() or self.text[end : end + 1] == "、"
        return (
            is_followed
            and _LIST_MARK.search(self.text[max(0, start - 9) : start]) is not None
            and (start <= 9 or "\n" in self.text[max(0, start - 9) : start])
        )

    def _read_word(self, place: int) -> None:
        word = self.tokens[place][3].lower()
        if self.reads_english and word == "half":
            article = _ARTICLE.match(self.text, self.tokens[place][2])
            self._add_measure_only(self.tokens[place][1], article.end(), Fraction(1, 2))
        if not self.reads_english or not (word in numerals.ENGLISH or word in numerals.ENGLISH_SCALES):
            return
        words, last = [word], place
        while last + 1 < len(self.tokens) and self.tokens[last + 1][0] == "word":
            following = self.tokens[last + 1]
            gap = self.text[self.tokens[last][2] : following[1]]
            if following[3].lower() == "and" and words[-1] in ("hundred", "thousand") and gap == " ":
                last += 1
                continue
            known = following[3].lower() in numerals.ENGLISH or following[3].lower() in numerals.ENGLISH_SCALES
            if gap not in (" ", "-") or not known or not numerals.continues_english(words, following[3].lower()):
                break
            words.append(following[3].lower())
            last += 1
        while self.tokens[last][3].lower() == "and":
            last -= 1
        start, end = self.tokens[place][1], self.tokens[last][2]
        value, self.done = Fraction(numerals.read_english(words)), end
        if part := _PART.match(self.text, end):
            self._add_number(start, part.end(), (value / numerals.ENGLISH_PARTS[part[1].lower()],))
        elif words == ["one"] or words[0] in numerals.ENGLISH_SCALES and len(words) == 1 and words != ["dozen"]:
            self._add_measure_only(start, end, value)
        elif self.text[max(0, start - 7) : start].lower() != "one or ":
            self._add_number(start, end, (value,))

    def _add_measure_only(self, start: int, end: int, value: Fraction) -> None:
        """“one hour” is a number; “one of them” and “one size” are none."""
        units, unit_end = self._unit_behind(end)
        if self.text[end:unit_end] == " day":
            return  # “one day you will” counts nothing; “one-day delivery” does
        if units[0] and None not in units and units[0].dimension not in (COUNT, "pair", "angle", "times"):
            self.found.append(Quantity(start, unit_end, (value,), units))
            self.done = unit_end

    def _read_chinese(self, start: int, end: int, written: str) -> None:
        """Chinese numerals count only before a unit or measure word: 三明治 and 万能 hold no number."""
        before = self.text[max(0, start - 3) : start]
        if before == "百分之" or self.text.startswith(("百分之", "百分百"), start):
            self._read_chinese_percent(start, end)
            return
        value = Fraction(1, 2) if written == "半" else numerals.read_chinese(written)
        match = CJK_UNIT.match(self.text, end)
        if value is None or match is None or self.text.startswith(_IDIOMS, start):
            if value is not None and self.text.startswith("合一", end):
                self._add_number(start, end, (Fraction(value),))
            return
        is_generation = before.endswith("第") and match[0] == "代"
        if (before.endswith("第") and not is_generation) or before.endswith(("之", "万")):
            return
        if written in ("一", "半"):
            if match[0] not in ("天", "元", "斤", "转", "卡", "安", "牛", "巴"):
                self._add_measure_only(start, end, Fraction(value))
        else:
            self._add_number(start, end, (Fraction(value),))

    def _read_chinese_percent(self, start: int, end: int) -> None:
        match = re.compile(rf"百分(?:之([{numerals.CHINESE_NUMERAL}]{{1,6}}|\d+(?:\.\d+)?)|百)").match(self.text, start)
        if match is None:
            return
        if match[1] is None or match[1] == "百":
            value = Fraction(100)
        elif match[1][0].isdigit():
            value = Fraction(match[1])
        else:
            value = numerals.read_chinese(match[1])
        self.done = match.end()
        if value is not None:
            self.found.append(Quantity(match.start(), match.end(), (Fraction(value),), (UNITS["%"],)))

    def _add_number(self, start, end, values, *, code="", parts=()) -> None:
        in_one = _IN_ONE.match(self.text, end)
        if in_one and values:
            self.done = in_one.end()
            self.found.append(Quantity(start, in_one.end(), values, code=code_of(self.text[start : in_one.end()])))
            return
        scale = _SCALE.match(self.text, end) if values else None
        if scale and (scale[1] or self._is_in_digits(start)):
            factor = numerals.ENGLISH_SCALES.get((scale[1] or "").lower()) or {
                **numerals.CHINESE_SCALES, **numerals.CHINESE_MYRIADS
            }[scale[2]]  # fmt: skip
            values, end = tuple(value * factor for value in values), scale.end()
            parts = ()
        currency = _CURRENCY.search(self.text[max(0, start - 4) : start])
        units, unit_end = self._unit_behind(end)
        if currency:
            units, unit_end, start = (unit_of(currency[0].strip()),), end, start - len(currency[0])
        elif self.text[unit_end - 1] == "年" and any(1900 <= value <= 2100 for value in values):
            units = (units[0], None)
        before = self.text[max(0, start - 6) : start].lower()
        is_negative = before.endswith(("零下", "minus ", "negative ")) or (
            before.endswith("-") and not re.search(r"[a-z0-9]-\Z", before)
        )
        noun = self.text[unit_end : unit_end + 24]
        self.found.append(
            Quantity(
                start, unit_end, values, units, code, parts, is_negative, units == (None,) and _begins_with_noun(noun)
            )
        )
        self.done = unit_end

    def _is_in_digits(self, start: int) -> bool:
        return self.text[start].isdigit()

    def _unit_behind(self, end: int) -> tuple[tuple[Unit | None, ...], int]:
        """The units that the number ending at `end` may have, and where the unit ends."""
        start = end + (self.text[end : end + 1] in ("-", " ", "\u00a0", "\u202f", "\u2009"))
        match = (
            TWO_WORDS.match(self.text, start) or CJK_UNIT.match(self.text, start) or WORDY_UNIT.match(self.text, start)
        )
        if match is None:
            return (None,), end
        spelling = match[0]
        if spelling == "in" and start > end and _IN_THE.match(self.text, match.end()):
            return (None,), end
        if len(spelling) == 1 and self.text[match.end() : match.end() + 1].isdigit() and spelling not in "xX×":
            return (None,), end  # “3 A5 notebooks” are no amperes
        unit = None if self._is_times_sign(spelling, match.end()) else unit_of(spelling)
        if unit is None and spelling[-1] in "xX" and self.text[match.end() : match.end() + 1].isdigit():
            spelling = spelling[:-1]
            unit = unit_of(spelling) if spelling else None
        if unit is None and "/" in spelling:
            spelling = spelling.partition("/")[0]
            unit = unit_of(spelling)
        if unit is None:
            return (None,), end
        if spelling.lower() in ("pound", "pounds"):
            return (unit, UNITS["£"]), start + len(spelling)
        is_open = spelling in AMBIGUOUS and not (spelling == "in" and start == end)
        return (unit, None) if is_open else (unit,), start + len(spelling)

    def _is_times_sign(self, spelling: str, end: int) -> bool:
        """The x of 20 x 30, which is none of 10x zoom."""
        return spelling in ("x", "X", "×") and self.text[end : end + 2].strip()[:1].isdigit()

    def _spread_units(self) -> list[Quantity]:
        """Give a number without unit that of the next one where a sign joins them: 5-8 kg, 20 x 30 cm."""
        found = self.found
        for place in range(len(found) - 2, -1, -1):
            this, following = found[place], found[place + 1]
            unit = following.units[0]
            if unit is None or this.units != (None,) or not (this.values or this.parts):
                continue
            if unit.dimension in CURRENCIES and not self.text[following.start].isalnum():
                continue  # $30 names its currency in front: it gives none to what stands before
            gap = self.text[this.end : following.start]
            if _RANGE.fullmatch(gap):
                # “36 to 42 in black”: what may be no inch behind the one is none behind the other.
                found[place] = replace(this, units=following.units, has_noun=False)
            elif _LIST.fullmatch(gap) or (_TIMES.fullmatch(gap) and unit.dimension in SPREADS_BY_X):
                found[place] = replace(this, units=(unit, None), has_noun=False)
        self._spread_currencies()
        return found

    def _spread_currencies(self) -> None:
        """£20-25 names its currency once, in front."""
        for place in range(1, len(self.found)):
            before, this = self.found[place - 1], self.found[place]
            unit = before.units[0]
            if unit is None or unit.dimension not in CURRENCIES or this.units != (None,):
                continue
            if _RANGE.fullmatch(self.text[before.end : this.start]):
                self.found[place] = replace(this, units=(unit,), has_noun=False)


def _begins_with_noun(text: str) -> bool:
    match = re.match(r"[- ]?([A-Za-zÀ-ÖØ-öø-ɏ]+|[\u3400-\u9fff])", text)
    return match is not None and _FUNCTION_WORDS.fullmatch(match[1].lower()) is None


def _parts(written: str, separator: str) -> tuple[Fraction, ...]:
    pieces = written.split(separator)
    if len(pieces) < 2 or any(
        not re.fullmatch(r"\d+(?:\.\d+)?", piece) or len(piece) > numerals.MOST_DIGITS for piece in pieces
    ):
        return ()
    return tuple(Fraction(piece) for piece in pieces)


def is_same_sentence(text: str, start: int, end: int) -> bool:
    return _SENTENCE_END.search(text, start, end) is None
