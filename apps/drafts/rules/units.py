"""Units of measure as shops write them, in English and Chinese, with exact conversions inside one dimension."""

import re
from fractions import Fraction
from typing import NamedTuple


class Unit(NamedTuple):
    """`factor` leads to the dimension's base; two amounts are the same if dimension and value x factor are."""

    dimension: str
    factor: Fraction = Fraction(1)


# dimension: {factor to the base: the unit's spellings}. No inexact conversion, so inches never meet centimetres.
_TABLE: dict[str, dict[str, str]] = {
    "mass": {
        "1": "g gr gram grams gramme grammes 克",
        "1000": "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes 公斤 千克",
        "1/1000": "mg milligram milligrams 毫克",
        "1/1000000": "µg μg mcg microgram micrograms 微克",
        "1000000": "t tonne tonnes 吨",
        "500": "斤",
    },
    "mass-imperial": {"1": "oz ounce ounces 盎司", "16": "lb lbs pound pounds 磅"},
    "length": {
        "1": "m metre metres meter meters mtr 米 公尺",
        "1/100": "cm cms centimetre centimetres centimeter centimeters 厘米 公分",
        "1/1000": "mm millimetre millimetres millimeter millimeters 毫米 公厘",
        "1/1000000": "µm μm micron microns micrometre micrometres 微米",
        "1/1000000000": "nm nanometre nanometres nanometer nanometers 纳米",
        "1000": "km kms kilometre kilometres kilometer kilometers 千米 公里",
    },
    "score": {"1": "分 star stars 颗星 星"},
    "length-imperial": {
        "1": "inch inches in 英寸 寸 吋 \" ″",
        "12": "ft foot feet 英尺 ' ′",
        "36": "yd yds yard yards",
        "63360": "mile miles mi 英里",
    },
    "volume": {
        "1": "l ltr litre litres liter liters 升 公升",
        "1/1000": "ml mls millilitre millilitres milliliter milliliters cc 毫升",
        "1/100": "cl centilitre centilitres",
        "1/10": "dl decilitre decilitres",
    },
    "volume-imperial": {
        "1": "floz fluidounce fluidounces 液盎司",
        "16": "pt pint pints",
        "32": "qt quart quarts",
        "128": "gal gallon gallons 加仑",
    },
    "area": {
        "1": "m² m2 sqm squaremetre squaremetres squaremeter squaremeters 平方米 平米",
        "1/10000": "cm² cm2 平方厘米",
        "1/1000000": "mm² mm2 平方毫米",
    },
    "area-imperial": {
        "1": "sqft squarefoot squarefeet ft² 平方英尺",
        "1/144": "sqin squareinch squareinches in² 平方英寸",
    },
    "space": {"1": "m³ m3 cubicmetre cubicmetres 立方米", "1/1000000": "cm³ cm3 立方厘米"},
    "time": {
        "1": "s sec secs second seconds 秒 秒钟",
        "1/1000": "ms millisecond milliseconds 毫秒",
        "60": "min mins minute minutes 分钟",
        "3600": "h hr hrs hour hours 小时 个小时 钟头 个钟头",
        "86400": "day days 天",
        "604800": "week weeks wk wks 周 星期 个星期",
    },
    "months": {"1": "month months mo 个月 个月大 月龄", "12": "year years yr yrs 年 岁 周岁"},
    "temperature": {"1": "°c ℃ c celsius degreescelsius degreescentigrade 摄氏度"},
    "temperature-fahrenheit": {"1": "°f ℉ f fahrenheit degreesfahrenheit 华氏度"},
    "temperature-kelvin": {"1": "k kelvin 开尔文"},
    "angle": {"1": "° degree degrees deg 度"},
    "power": {
        "1": "w watt watts 瓦 瓦特",
        "1000": "kw kilowatt kilowatts 千瓦",
        "1/1000": "mw milliwatt milliwatts 毫瓦",
    },
    "horsepower": {"1": "hp horsepower 马力 匹"},
    "voltage": {"1": "v volt volts 伏 伏特", "1000": "kv", "1/1000": "mv"},
    "current": {"1": "amp amps ampere amperes a 安 安培", "1/1000": "ma milliamp milliamps 毫安"},
    "charge": {"1": "mah milliamphour milliamphours 毫安时 毫安小时", "1000": "ah amphour amphours 安时"},
    "energy": {"1": "wh watthour watthours 瓦时", "1000": "kwh 千瓦时"},
    "food energy": {"1": "kcal kilocalorie kilocalories calorie calories cal cals 千卡 大卡 卡路里 卡"},
    "joules": {"1": "j joule joules 焦", "1000": "kj kilojoule kilojoules 千焦"},
    "frequency": {"1": "hz hertz 赫兹 赫", "1000": "khz 千赫", "1000000": "mhz 兆赫", "1000000000": "ghz 吉赫"},
    "data": {"1": "mb megabyte megabytes 兆", "1/1000": "kb kilobyte kilobytes"},
    "data-giga": {"1": "gb gigabyte gigabytes gig"},
    "data-tera": {"1": "tb terabyte terabytes"},
    "data rate": {"1": "mbps mbit mbit/s mb/s", "1000": "gbps gbit gbit/s gb/s"},
    "loudness": {"1": "db dba decibel decibels 分贝"},
    "light": {"1": "lm lumen lumens 流明"},
    "brightness": {"1": "nit nits 尼特"},
    "illuminance": {"1": "lux lx 勒克斯"},
    "pressure": {"1": "bar bars 巴"},
    "pressure-psi": {"1": "psi"},
    "pressure-pascal": {"1": "pa pascal pascals 帕", "1000": "kpa 千帕", "1000000": "mpa 兆帕", "100": "hpa"},
    "force": {"1": "n newton newtons 牛"},
    # Nm is torque, nm a length: see _EXACT.
    "torque": {"1": "n·m newtonmetre newtonmetres 牛米 牛·米"},
    "rotation": {"1": "rpm r/min 转/分 转"},
    "pixels": {"1": "px pixel pixels 像素", "1000000": "mp megapixel megapixels 百万像素", "10000": "万像素"},
    "resolution": {"1": "dpi ppi"},
    "frames": {"1": "fps 帧 帧/秒"},
    "fabric weight": {"1": "gsm g/m² g/m2 克/平方米"},
    "denier": {"1": "denier den 丹尼尔 旦"},
    "threads": {"1": "threadcount"},
    "carat": {"1": "carat carats ct cts 克拉"},
    "karat": {"1": "karat karats kt"},
    "factor": {"1": "spf"},
    "times": {"1": "x × times fold 倍"},
    "percent": {"1": "% ％ percent pct percentage 百分点", "1/10": "‰ permille"},
    "speed": {"1": "km/h kmh kph 公里/小时 千米/小时"},
    "speed-imperial": {"1": "mph"},
    "speed-metre": {"1": "m/s 米/秒"},
    "flow": {"1": "l/min lpm 升/分钟"},
    "euro": {"1": "€ eur euro euros 欧元"},
    "dollar": {"1": "$ usd dollar dollars 美元 us$"},
    "pound sterling": {"1": "£ gbp"},
    "yuan": {"1": "¥ ￥ cny rmb yuan 元 人民币 块钱"},
    "pair": {"1": "pair pairs 双 对"},
    "count": {
        "1": "pc pcs piece pieces pce pces item items unit units ea pk pack packs count set sets "
        "个 件 只 支 枚 颗 片 块 条 张 套 台 把 根 粒 层 档 级 种 款 色 合 包 盒 瓶 袋 罐 杯 盏 格 位 人 口 针 "
        "孔 键 头 节 股 组 代 挡 段 次 本 页 卷 串 朵 束 门 步"
    },
}  # fmt: skip

UNITS: dict[str, Unit] = {
    spelling: Unit(dimension, Fraction(factor))
    for dimension, rows in _TABLE.items()
    for factor, spellings in rows.items()
    for spelling in spellings.split()
}
# Spellings whose case decides.
_EXACT = {"Nm": UNITS["n·m"], "MW": Unit("power", Fraction(1_000_000)), "G": None, "M": None}
# One letter behind a number is rather a name (5G, 3D, size 38 B) or a word (5 a day) than a unit, except for these.
_LETTERS = frozenset("glLmshHWwVvACFKNJtx")
# Spellings that are common words, too: the number may as well stand alone.
AMBIGUOUS = frozenset(["bar", "bars", "in", '"', "'", "″", "′", "x", "×", "times", "fold", "foot", "second"])
# “20 x 30 cm” gives both numbers the unit; “2 x 500 ml” does not.
SPREADS_BY_X = frozenset(["length", "length-imperial", "pixels"])
COUNT = "count"
CURRENCIES = frozenset(["euro", "dollar", "pound sterling", "yuan"])

_CJK = sorted((unit for unit in UNITS if "\u4e00" <= unit[0] <= "\u9fff"), key=len, reverse=True)
CJK_UNIT = re.compile("|".join(map(re.escape, _CJK)))
# A unit as written behind its number: a word with at most one slash, or a sign.
WORDY_UNIT = re.compile(r"°\s?[CFcf]\b|[A-Za-zµμ]{1,24}[²³]?(?:/[A-Za-z]{1,12}[²³23]?)?|[%‰°℃℉\"″'′€$£¥×]")
TWO_WORDS = re.compile(
    r"(?:fl\.? ?oz|fluid ounces?|sq\.? ?(?:m|ft|in)|square (?:metres?|meters?|foot|feet|inch|inches)|cubic metres?"
    r"|N[·•.-]?m(?=\b)|牛[·•]?米|degrees (?:celsius|centigrade|fahrenheit)|per ?cent|"
    r"watt[- ]hours?|(?:milli)?amp[- ]hours?|newton[- ]metres?)\b",
    re.IGNORECASE,
)


def unit_of(spelling: str) -> Unit | None:
    """The unit that is spelled so, or None; an unknown word behind a slash makes a unit of its own (g/serving)."""
    if spelling in _EXACT:
        return _EXACT[spelling]
    if len(spelling) == 1 and spelling.isascii() and spelling.isalpha() and spelling not in _LETTERS:
        return None
    key = re.sub(r"[ .-]", "", spelling.lower())
    if key in UNITS:
        return UNITS[key]
    first, slash, second = key.partition("/")
    if slash and first in UNITS:
        return Unit(f"{UNITS[first].dimension}/{second}", UNITS[first].factor)
    return None
