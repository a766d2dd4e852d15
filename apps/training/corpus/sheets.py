"""Fact sheets: what a shop's catalogue holds of one product, from tidy to messy."""

from dataclasses import dataclass
from random import Random

from . import values
from .lexicon import Kind, common_attributes, kinds, lists, words

Fact = tuple[str, str]
_SHOP_FACTS = (
    "Type",
    "Tags",
    "Size",
    "Color",
    "Colour",
    "Weight",
    "Option",
    "Age group",
    "Target gender",
    "Fabric",
    "Care guide",
)


@dataclass(frozen=True)
class Sheet:
    """What is known of one product. Brand and category may be empty; names are as the catalogue spells them."""

    title: str
    brand: str
    category: str
    facts: tuple[Fact, ...]
    noun: str = ""

    def context(self, field: str) -> dict:
        """The sheet as `apps.llm.prompts.render` takes it."""
        return {
            "field": field,
            "title": self.title,
            "brand": self.brand,
            "category": self.category,
            "facts": list(self.facts),
        }


def sheet(rng: Random, *, held_out: bool = False, most_facts: int = 12) -> Sheet:
    """A random sheet of at most `most_facts` facts; `held_out` draws on goods, names and words kept from training."""
    kind = rng.choice(kinds(held_out=held_out))
    brand = values.brand(rng) if rng.random() < 0.85 else ""
    category = _category(rng, kind) if rng.random() < 0.75 else ""
    count = min(most_facts, rng.choices(range(13), weights=(5, 9, 12, 14, 14, 13, 11, 8, 6, 4, 2, 1, 1))[0])
    facts = _facts(rng, kind, count, held_out)
    return Sheet(_title(rng, kind, brand), brand, category, facts, kind.noun)


def _category(rng: Random, kind: Kind) -> str:
    plural = kind.noun if kind.noun.endswith("s") else kind.noun + "s"
    roll = rng.random()
    if roll < 0.4:
        return kind.category
    if roll < 0.6:
        return _title_case(plural)
    if roll < 0.75:
        return f"Home > {kind.category} > {_title_case(plural)}"
    return rng.choice(
        (plural, _title_case(kind.noun), rng.choice(lists()["tag"]), values.made_up(rng, True), "Uncategorized")
    )


def _facts(rng: Random, kind: Kind, count: int, held_out: bool) -> tuple[Fact, ...]:
    own = list(kind.attributes)
    rng.shuffle(own)
    names: list[str] = []
    while len(names) < count:
        roll = rng.random()
        if roll < 0.55 and own:
            name = own.pop()
        elif roll < 0.7:
            name = rng.choice(_SHOP_FACTS)
        elif roll < 0.92 or held_out:
            name = attribute_name(rng, held_out=held_out)
        else:
            name = rng.choice(common_attributes())
        if name.lower() not in (known.lower() for known in names):
            names.append(name)
    return tuple((_spelled(rng, name), values.value(rng, name, held_out=held_out)) for name in names)


def attribute_name(rng: Random, *, held_out: bool) -> str:
    """A composed name such as "Handle material"; now and then one of made-up words."""
    if held_out:
        return f"{rng.choice(words('heldout_parts'))} {rng.choice(words('properties') + words('heldout_properties'))}".capitalize()
    if rng.random() < 0.12:
        return " ".join(values.made_up(rng, index == 0) for index in range(rng.choice((1, 2))))
    name = f"{rng.choice(words('parts'))} {rng.choice(words('properties'))}".capitalize()
    return (
        name
        if rng.random() < 0.8
        else f"{rng.choice(('Inner', 'Outer', 'Max.', 'Rear', 'Front', 'Total', 'USB', 'LED'))} {name.lower()}"
    )


def _spelled(rng: Random, name: str) -> str:
    roll = rng.random()
    if roll < 0.07:
        return name.lower()
    return name.title() if roll < 0.15 and name[1:2].islower() else name


def _title_case(text: str) -> str:
    return " ".join(word if word[:1].isupper() else word.capitalize() for word in text.split())


def _title(rng: Random, kind: Kind, brand: str) -> str:
    noun = (
        kind.noun
        if rng.random() < 0.9
        else rng.choice((values.made_up(rng, False), f"{values.made_up(rng, False)} {kind.noun}"))
    )
    noun = noun if rng.random() < 0.15 else _title_case(noun)
    before = [_adjective(rng) for _ in range(rng.choices((0, 1, 2, 3), weights=(3, 5, 3, 1))[0])]
    if rng.random() < 0.22:
        before.insert(0, " ".join(values.made_up(rng, True) for _ in range(rng.choice((1, 1, 2)))))
    if brand and rng.random() < 0.14:
        before.insert(0, brand)
    title = " ".join([*before, noun])
    if rng.random() < 0.38:
        title += _tail(rng)
    roll = rng.random()
    if roll < 0.04:
        return title.lower()
    if roll < 0.06:
        return title.upper()
    return title[0].upper() + title[1:]


def _adjective(rng: Random) -> str:
    roll = rng.random()
    if roll < 0.8:
        return rng.choice(lists()["adjective"])
    return rng.choice(
        (
            rng.choice(lists()["colour"]),
            rng.choice(lists()["tag"]),
            f"{rng.randint(2, 60)}-Piece",
            str(rng.randint(2, 9)),
        )
    )


def _tail(rng: Random) -> str:
    number, unit = values.number(rng), rng.choice(("ml", "l", "L", "cm", "g", "kg", "W", "inch", "Oz", "mm"))
    return rng.choice(
        (
            f" {values.code(rng)}", f" ({values.ordinal(rng)} Gen)", f" {number} {unit}", f" {number}{unit}",
            f" - {rng.choice(lists()['colour'])}", f" (Pack of {rng.randint(2, 50)})", f" Set of {rng.randint(2, 12)}",
            f" with {rng.choice(lists()['ingredients']).title()}", f" / {rng.choice(lists()['colour'])} / {number}{unit}",
            f", {rng.choice(lists()['material'])}", f" | {rng.choice(lists()['tag'])}", f" {values.made_up(rng, True)}",
            f" for {rng.choice(lists()['audience'])}", f" & {_title_case(rng.choice(kinds(held_out=False)).noun)}",
            f" {rng.choice(('Mens', 'Womens', 'Bundle', 'Set', 'Kit', 'v2', 'II', '2024', 'XL', 'Twin Pack', 'Plus+'))}",
            f" - {' '.join(_adjective(rng) for _ in range(3))}", f" {values.unseen(rng)}", f" ({values.code(rng)})",
        )
    )  # fmt: skip
