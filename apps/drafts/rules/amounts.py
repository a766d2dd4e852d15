"""What a number in a text is: its possible readings, its unit, or the code that it is part of."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from apps.drafts.rules.units import COUNT, Unit

# One character for one, so that offsets stay: digits of every script, full-width forms, signs that look alike.
_FOLD = {c: str(unicodedata.digit(chr(c))) for c in range(128, 0x10000) if unicodedata.category(chr(c)) == "Nd"}
_FOLD |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# A Chinese comma parts things: 370 ml × 2，640 ml × 2.
_FOLD.pop(0xFF0C)
_FOLD |= {ord("º"): "°", ord("˚"): "°", ord("−"): "-", ord("‐"): "-", ord("‑"): "-", ord("’"): "'", ord("”"): '"'}
_FOLD |= {ord("“"): " ", ord("μ"): "µ", ord("￥"): "¥", ord("￡"): "£"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at code points [start, end), unit included.

    `values` are its possible readings, `units` its possible units (None: a bare number). `code` is the spelling that
    must stand in a fact as it is ("x200"), lower case and without spaces and hyphens; without `values` it is all there
    is. `parts` are the numbers of a list that looks like one number ("36,37"). `is_negative`: a minus sign stands
    before it. `has_noun`: a word that may be counted follows.
    """

    start: int
    end: int
    values: tuple[Fraction, ...]
    units: tuple[Unit | None, ...] = (None,)
    code: str = ""
    parts: tuple[Fraction, ...] = ()
    is_negative: bool = False
    has_noun: bool = False

    def amounts(self) -> Iterator[tuple[str, Fraction]]:
        """Dimension and value in the dimension's base unit, for every reading."""
        for unit in self.units:
            for value in self.values:
                yield _amount(self._signed(value, unit), unit)

    def part_amounts(self) -> Iterator[list[tuple[str, Fraction]]]:
        for unit in self.units:
            if self.parts:
                yield [_amount(part, unit) for part in self.parts]

    def _signed(self, value: Fraction, unit: Unit | None) -> Fraction:
        # Elsewhere a minus sign is a dash: “- 5 kg” in a list, “Size-38”.
        return -value if self.is_negative and unit and unit.dimension.startswith(("temperature", "angle")) else value


def _amount(value: Fraction, unit: Unit | None) -> tuple[str, Fraction]:
    return (unit.dimension, value * unit.factor) if unit else (COUNT, value)


def fold_numbers(text: str) -> str:
    """Digits of any script, full-width forms and look-alike signs made plain; every offset stays."""
    return text if text.isascii() else text.translate(_FOLD)


def code_of(spelling: str) -> str:
    """How a code is compared: `WH-1000 XM5` and `wh1000xm5` are one."""
    return re.sub(r"[\s\-_]+", "", spelling).casefold()
