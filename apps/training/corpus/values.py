"""Values of attributes: realistic by kind, or strings that no one has seen, which the model must copy letter by letter."""

import string
from collections.abc import Callable
from random import Random

from .lexicon import lists, value_kinds

_CONSONANTS = "bcdfghjklmnpqrstvwxyz"
_ENDINGS = ("", "", "n", "r", "s", "l", "x", "th", "ck", "nd", "rt", "sh")


def value(rng: Random, name: str, *, held_out: bool) -> str:
    """A value for the attribute `name`; with `held_out` words come from lists that training never shows."""
    if rng.random() < (0.3 if held_out else 0.16):
        return unseen(rng)
    kind = kind_of(name)
    if kind == "any":
        kind = rng.choice(
            ("word", "number", "length", "code", "free", "measure", "word", "count", "material", "phrase")
        )
    return _KINDS[kind](rng, held_out)


def kind_of(name: str) -> str:
    known = value_kinds()
    if name in known:
        return known[name]
    tail = name.rsplit(" ", 1)[-1].capitalize()
    if tail in ("Material", "Colour", "Length", "Width", "Height", "Diameter", "Weight", "Thickness", "Size", "Power"):
        return known.get(tail, "any")
    return {"Depth": "length", "Capacity": "volume", "Count": "number", "Type": "word", "Code": "code"}.get(tail, "any")


def unseen(rng: Random) -> str:
    """A string without meaning: made-up words, codes, and the signs that real sheets are full of."""
    shape = rng.randrange(12)
    if shape < 4:
        return " ".join(made_up(rng, rng.random() < 0.6) for _ in range(rng.choice((1, 1, 2, 2, 3))))
    if shape < 6:
        return code(rng)
    if shape == 6:
        return f"{made_up(rng, True)} ({rng.choice((ordinal(rng) + ' Gen', code(rng), made_up(rng, False)))})"
    if shape == 7:
        return rng.choice("-/+&").join(made_up(rng, False) for _ in range(rng.choice((2, 2, 3))))
    if shape == 8:
        return f"{number(rng)} {made_up(rng, False)}"
    if shape == 9:
        return "".join(
            rng.choice(string.ascii_letters + string.digits + "-./") for _ in range(rng.randint(3, 9))
        ).strip("-./")
    if shape == 10:
        return ", ".join(made_up(rng, rng.random() < 0.5) for _ in range(rng.randint(2, 4)))
    return f"{made_up(rng, True)}{rng.choice(('®', '™', '’s', '+', ' 2.0', ' No. 5', '!', ' é', 'ö', '*'))}"


def made_up(rng: Random, capital: bool) -> str:
    syllables = "".join(
        rng.choice(_CONSONANTS) + rng.choice(("", "", "r", "l", "h", "w")) + rng.choice("aeiouaeiouy")
        for _ in range(rng.choice((1, 2, 2, 3)))
    )
    word = syllables + rng.choice(_ENDINGS)
    return word.capitalize() if capital else word


def code(rng: Random) -> str:
    letters = "".join(rng.choice(string.ascii_uppercase) for _ in range(rng.randint(1, 4)))
    digits = str(rng.randint(1, 10 ** rng.randint(1, 5)))
    tail = rng.choice(
        ("", "", "", rng.choice(string.ascii_uppercase), "-" + str(rng.randint(1, 99)), " Pro", " MkII", "-EU")
    )
    return f"{letters}{rng.choice(('', '-', ' ', ''))}{digits}{tail}"


def ordinal(rng: Random) -> str:
    return rng.choice(("1st", "2nd", "3rd", "4th", "5th", "6th", "9th", "10th"))


def number(rng: Random) -> str:
    shape = rng.randrange(8)
    if shape < 4:
        return str(rng.randint(1, 10 ** rng.choice((1, 2, 2, 3))))
    if shape < 6:
        return f"{rng.uniform(0, 10 ** rng.choice((1, 2))):.{rng.choice((1, 1, 2))}f}"
    if shape == 6:
        return f"{rng.randint(1, 99)},{rng.randint(0, 999):03d}"
    return str(rng.choice((10, 20, 25, 50, 100, 150, 200, 250, 500, 1000, 1500, 2000)))


def _measure(*units: str) -> Callable[[Random, bool], str]:
    def make(rng: Random, _held_out: bool) -> str:
        prefix = rng.choice(("",) * 12 + ("up to ", "approx. ", "~", "min. ", "max. ", "about ", "< ", "≥ "))
        gap = rng.choice((" ", " ", " ", ""))
        unit = rng.choice(units)
        if rng.random() < 0.12:
            low = rng.randint(1, 60)
            return f"{low}{rng.choice(('-', '-', ' - ', '–', ' to '))}{low + rng.randint(1, 90)}{gap}{unit}"
        return f"{prefix}{number(rng)}{gap}{unit}"

    return make


def _word_of(*names: str) -> Callable[[Random, bool], str]:
    def make(rng: Random, held_out: bool) -> str:
        name = rng.choice(names)
        return _cased(rng, rng.choice(lists().get(f"heldout_{name}", lists()[name]) if held_out else lists()[name]))

    return make


def _several(name: str, low: int, high: int) -> Callable[[Random, bool], str]:
    def make(rng: Random, held_out: bool) -> str:
        words = lists().get(f"heldout_{name}", lists()[name]) if held_out else lists()[name]
        chosen = rng.sample(words, min(len(words), rng.randint(low, high)))
        return rng.choice((", ", ", ", ", ", "; ", " / ", "/", "|", " and ")).join(_cased(rng, word) for word in chosen)

    return make


def _cased(rng: Random, word: str) -> str:
    roll = rng.random()
    if roll < 0.12:
        return word.capitalize()
    return word.lower() if roll < 0.24 else word


def _material(rng: Random, held_out: bool) -> str:
    one = _word_of("material")
    roll = rng.random()
    if roll < 0.5:
        return one(rng, held_out)
    if roll < 0.75:
        return f"{rng.choice((100, 100, 100, rng.randint(2, 99)))}% {one(rng, held_out)}"
    if roll < 0.9:
        return rng.choice((" and ", ", ", "/", " with ", " & ")).join((one(rng, held_out), one(rng, held_out)))
    return f"{rng.choice(('recycled', 'solid', 'brushed', 'coated', 'untreated', '304', 'FSC', '3-layer'))} {one(rng, held_out)}"


def _blend(rng: Random, held_out: bool) -> str:
    first = rng.randint(3, 98)
    one = _word_of("material")
    return f"{first}% {one(rng, held_out)}{rng.choice((', ', ' / ', ' and ', ' '))}{100 - first}% {one(rng, held_out)}"


def _colours(rng: Random, held_out: bool) -> str:
    return rng.choice((_word_of("colour"), _word_of("colour"), _several("colour", 2, 3), _several("colour", 2, 8)))(
        rng, held_out
    )


def _dims(rng: Random, _held_out: bool) -> str:
    unit = rng.choice(("cm", "cm", "mm", "in", "m", '"', "ft"))
    sign = rng.choice((" x ", " x ", " × ", "x", "×"))
    sides = [number(rng) for _ in range(rng.choice((2, 3, 3)))]
    if rng.random() < 0.2 and unit != '"':
        return sign.join(f"{side} {unit}" for side in sides)
    return (
        sign.join(sides)
        + rng.choice(("" if unit == '"' else " ", ""))
        + unit
        + rng.choice(("", "", "", " (W x D x H)", " (L x W)"))
    )


def _size(rng: Random, held_out: bool) -> str:
    letters = ["XS", "S", "M", "L", "XL", "XXL"]
    start = rng.randrange(4)
    span = letters[start : start + rng.randint(2, 4)]
    low = rng.randint(1, 46)
    joined = rng.choice((", ", ", ", " / ", "; ", "-")).join(span)
    return rng.choice(
        (
            joined, joined.lower(), rng.choice(letters), "One size", "Regular, Large", "Small, Medium, Large", "Queen, King",
            "Small", "Regular", f"EU {low}-{low + rng.randint(2, 9)}", f"{low}, {low + 1}, {low + 2}", f"{low} mm", f"{low}",
            f"US {low % 14 + 1}", f"{low * 3} x {low * 4} cm", f'{low}" x {low + 20}"', "Twin; Full; Queen", f"{low}T-{low + 1}T",
            _dims(rng, held_out),
        )
    )  # fmt: skip


def _free(rng: Random, held_out: bool) -> str:
    return rng.choice((_word_of("free"), _word_of("care"), _phrase))(rng, held_out)


def _phrase(rng: Random, held_out: bool) -> str:
    sources = ("word", "adjective", "tag", "flavour", "material", "season", "colour", "pattern")
    return " ".join(_word_of(rng.choice(sources))(rng, held_out) for _ in range(rng.randint(1, 3)))


def _care(rng: Random, _held_out: bool) -> str:
    sentences = rng.sample(lists()["care"], rng.choice((1, 1, 1, 2, 2, 3)))
    return rng.choice((", ", ". ", "; ")).join(sentences)


def _range(rng: Random, _held_out: bool) -> str:
    low = rng.randint(0, 12)
    return f"{low}{rng.choice(('-', '-', ' - ', '–', ' to '))}{low + rng.randint(1, 9)}"


def _age(rng: Random, held_out: bool) -> str:
    low = rng.randint(0, 12)
    return rng.choice(
        (f"{low}+", f"{_range(rng, held_out)} years", f"from {low} months", f"{low} years and up", f"ages {low}+")
    )


def _resolution(rng: Random, _held_out: bool) -> str:
    return rng.choice(
        ("4K", "1080p", "1920 x 1080", f"{rng.randint(2, 64)} MP", "2560 × 1440 px", "Full HD", "1200 dpi")
    )


def _isbn(rng: Random, _held_out: bool) -> str:
    return rng.choice(("978", "978-", "979-")) + "".join(rng.choice("0123456789") for _ in range(10))


def _pack(rng: Random, _held_out: bool) -> str:
    unit = rng.choice(("ml", "g", "pcs", "kg", "tablets", "sachets", "l"))
    return rng.choice(
        (f"{rng.randint(2, 24)} x {number(rng)} {unit}", f"Pack of {rng.randint(2, 100)}", f"{number(rng)} {unit}")
    )


def _brand(rng: Random, _held_out: bool) -> str:
    return brand(rng)


def brand(rng: Random) -> str:
    words = lists()["brandword"]
    shape = rng.randrange(12)
    if shape < 3:
        return made_up(rng, True)
    if shape == 3:
        return "-".join(rng.choice((made_up(rng, False), rng.choice(words).lower())) for _ in range(2))
    if shape == 4:
        return rng.choice((made_up(rng, False), made_up(rng, True).upper(), code(rng)))
    if shape == 5:
        return f"{rng.choice(words)} {rng.randint(1, 999)}"
    if shape == 6:
        return f"{made_up(rng, True)} {rng.choice(lists()['brandsuffix'])}"
    if shape == 7:
        return f"{made_up(rng, True)} & {made_up(rng, True)}"
    if shape < 10:
        return f"{rng.choice(words)} {rng.choice(lists()['brandsuffix'])}"
    return " ".join(rng.sample(words, rng.choice((2, 2, 3))))


_KINDS: dict[str, Callable[[Random, bool], str]] = {
    "volume": _measure("l", "L", "ml", "ml", "litres", "oz", "fl oz", "cl", "gal", "qt"),
    "watt": _measure("W", "W", "kW", "watts", "hp"),
    "volt": _measure("V", "V", "volts", "V AC", "V ~ 50 Hz", "V DC"),
    "material": _material,
    "blend": _blend,
    "colour": _word_of("colour"),
    "colours": _colours,
    "length": _measure("cm", "cm", "mm", "m", "in", "inches", "ft", "km", "µm"),
    "dims": _dims,
    "size": _size,
    "count": lambda rng, _: f"{rng.randint(1, 60)} {rng.choice(('pieces', 'pcs', 'pcs.', 'parts', 'items', 'sets'))}",
    "number": lambda rng, _: rng.choice((str(rng.randint(1, 12)), number(rng))),
    "weight": _measure("g", "kg", "kg", "lb", "lbs", "oz", "grams", "t", "mg"),
    "years": _measure("years", "year", "yr", "months", "years limited"),
    "yesno": lambda rng, _: rng.choice(("Yes", "Yes", "Yes", "No", "yes", "no", "TRUE", "true", "false")),
    "temperature": _measure("°C", "°C", "°F", "degrees", "° C"),
    "temprange": lambda rng, _: f"-{rng.randint(1, 40)} °C to {rng.randint(20, 90)} °C",
    "kelvin": _measure("K", "K", "kelvin"),
    "decibel": _measure("dB", "dB(A)", "dBA", "decibels"),
    "hours": _measure("h", "h", "hours", "hrs", "min"),
    "bighours": lambda rng, _: f"{rng.randint(1, 90)},000 {rng.choice(('h', 'hours'))}",
    "minutes": _measure("min", "minutes", "mins", "seconds"),
    "months": _measure("months", "days", "weeks"),
    "mah": _measure("mAh", "mAh", "Wh", "Ah"),
    "kilos": _measure("kg", "kg", "lbs", "N", "t"),
    "inch": _measure('"', "inches", "in", "-inch"),
    "gigabyte": _measure("GB", "GB", "TB", "MB", "GB DDR5"),
    "lumen": _measure("lm", "lumens", "lux", "cd"),
    "hertz": _measure("Hz", "kHz", "rpm", "MHz"),
    "kcal": lambda rng, _: f"{rng.randint(20, 700)} kcal per {rng.choice(('100 g', 'serving', '100 ml'))}",
    "percent": lambda rng, _: f"{rng.randint(1, 100)}{rng.choice(('%', '%', ' %', ' g per 100 g'))}",
    "tolerance": lambda rng, _: f"±{number(rng)} {rng.choice(('mm', '%', '°C', 'g'))}",
    "measure": _measure("N·m", "bar", "psi", "m²", "g/m²", "gsm", "m/s", "A", "mm²", "m³/h", "l/min", "denier", "%", "µm", "sq ft", "Ω", "kPa"),
    "country": _word_of("country"),
    "audience": _word_of("audience"),
    "flavour": _word_of("flavour"),
    "flavours": _several("flavour", 2, 3),
    "ingredients": _several("ingredients", 2, 6),
    "care": _care,
    "agerange": _age,
    "range": _range,
    "resolution": _resolution,
    "ports": _several("port", 1, 3),
    "code": lambda rng, _: code(rng),
    "isbn": _isbn,
    "version": lambda rng, _: f"{rng.randint(1, 9)}.{rng.randint(0, 9)}",
    "certificate": _several("certificate", 1, 3),
    "ip": lambda rng, _: rng.choice((f"IP{rng.randint(20, 69)}", f"IPX{rng.randint(1, 9)}", f"IP{rng.randint(20, 69)}K")),
    "depth": lambda rng, _: rng.choice((f"{rng.randint(1, 30)} ATM", f"{rng.randint(3, 300)} m", f"IP{rng.randint(54, 68)}")),
    "devices": _several("device", 1, 3),
    "tags": _several("tag", 1, 4),
    "word": _word_of("word"),
    "season": _word_of("season"),
    "pattern": _word_of("pattern"),
    "closure": _word_of("closure"),
    "pack": _pack,
    "person": _word_of("person"),
    "brand": _brand,
    "languages": _several("language", 1, 3),
    "free": _free,
    "phrase": _phrase,
}  # fmt: skip
