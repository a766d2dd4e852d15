"""Amounts of different systems made comparable: inches with centimetres, ounces with grams, Fahrenheit with Celsius."""

from fractions import Fraction

from apps.drafts.rules.amounts import Quantity
from apps.drafts.rules.units import COUNT

# dimension of rules.units: (the metric dimension, factor, offset), all by definition except the pint's family (US).
_METRIC: dict[str, tuple[str, Fraction, Fraction]] = {
    "mass-imperial": ("mass", Fraction("28.349523125"), Fraction(0)),
    "length-imperial": ("length", Fraction("0.0254"), Fraction(0)),
    "volume-imperial": ("volume", Fraction("0.0295735295625"), Fraction(0)),
    "area-imperial": ("area", Fraction("0.09290304"), Fraction(0)),
    "space": ("volume", Fraction(1000), Fraction(0)),
    "temperature-fahrenheit": ("temperature", Fraction(5, 9), Fraction(-160, 9)),
    "temperature-kelvin": ("temperature", Fraction(1), Fraction("-273.15")),
    "pressure-psi": ("pressure", Fraction("0.0689475729"), Fraction(0)),
    "pressure-pascal": ("pressure", Fraction(1, 100_000), Fraction(0)),
    "horsepower": ("power", Fraction("745.7"), Fraction(0)),
    "joules": ("food energy", Fraction(1, 4184), Fraction(0)),
    "data-giga": ("data", Fraction(1000), Fraction(0)),
    "data-tera": ("data", Fraction(1_000_000), Fraction(0)),
    "speed-imperial": ("speed", Fraction("1.609344"), Fraction(0)),
    "speed-metre": ("speed", Fraction("3.6"), Fraction(0)),
    "pair": ("count", Fraction(2), Fraction(0)),
}
# A converted amount may differ by this share, or by half of its last written digit, but never by more than MOST.
TOLERANCE, MOST = Fraction(2, 100), Fraction(6, 100)


def metric_amounts(quantity: Quantity) -> list[tuple[str, Fraction, str]]:
    """(dimension, amount, dimension as written) for every reading of the quantity."""
    amounts = []
    for written, value in quantity.amounts():
        dimension, factor, offset = _METRIC.get(written, (written, Fraction(1), Fraction(0)))
        amounts.append((dimension, value * factor + offset, written))
        if written == "current" and value >= 1:
            amounts.append(("charge", value * 1000, written))  # 10000毫安 is said of batteries for mAh
        if written == "score":
            amounts.append((COUNT, value, written))
        elif written == "angle":
            # “38 degrees” may as well be a temperature.
            amounts.append(("temperature", value, written))
            amounts.append(("temperature", (value - 32) * Fraction(5, 9), written))
            amounts.append(("percent", value, written))  # 4.8度 of a beer
        elif written == COUNT and 0 < value < 1:
            amounts.append(("percent", value * 100, written))
        elif written == "months":
            # A month has no fixed number of days: it meets days only where both are rounded anyway.
            amounts.append(("time", value * 2_629_800, written))
    return amounts


def is_close(one: Fraction, other: Fraction, *, half_digit: Fraction = Fraction(0)) -> bool:
    """Whether two amounts of different systems are the same thing, rounded."""
    difference = abs(one - other)
    allowed = max(TOLERANCE * abs(other), min(half_digit, MOST * abs(other)))
    return difference <= allowed


def half_digit(quantity: Quantity) -> Fraction:
    """Half of the last written digit of a number, in its own unit: 0.5 for 12, 0.05 for 12.4, 5 for 120."""
    if not quantity.values:
        return Fraction(0)
    value = quantity.values[0]
    place = Fraction(1)
    if value.denominator == 1:
        number = abs(int(value))
        while number and number % 10 == 0:
            number, place = number // 10, place * 10
    else:
        while (value / place).denominator != 1 and place > Fraction(1, 1000):
            place /= 10
    return place / 2
