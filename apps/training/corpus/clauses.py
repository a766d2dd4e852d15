"""How one fact, or a few together, become a sentence. Name and value always stand together, and values stay as they are.

No sentence begins with an attribute's name and no name changes its case: the prompt already shows names as the text needs
them, so that a small model copies instead of rewriting.
"""

import re
from dataclasses import dataclass
from random import Random

_ADJECTIVES = frozenset(
    [
        "dishwasher safe",
        "microwave safe",
        "dimmable",
        "foldable",
        "washable",
        "leakproof",
        "recyclable",
        "vegan",
        "organic",
        "weather resistant",
        "dermatologically tested",
        "noise cancelling",
        "waterproof",
    ]
)
_NO_ARTICLE = frozenset(
    [
        "care",
        "assembly",
        "caffeine",
        "closure",
        "connectivity",
        "warmth",
        "tuning",
        "watering",
        "light",
        "application",
        "packaging",
    ]
)
_SINGULAR_S = ("ss", "lens", "focus", "gas", "us", "is", "series", "basis")


@dataclass(frozen=True)
class Clause:
    """One fact as prose sees it; `plural` and `article` belong to the name."""

    name: str
    value: str

    @property
    def plural(self) -> bool:
        head = self.name.split(" of ")[0].split(" to ")[0]
        return head.endswith("s") and not head.endswith(_SINGULAR_S)

    @property
    def be(self) -> str:
        return "are" if self.plural else "is"

    @property
    def a_name(self) -> str:
        if self.plural or self.name in _NO_ARTICLE:
            return self.name
        vowel = re.match(r"[aeiou]|LED|F[A-Z]|[AEIO]", self.name) and not re.match(r"uni|us|eu|one|U[A-Z]", self.name)
        return f"{'an' if vowel else 'a'} {self.name}"

    @property
    def is_measure(self) -> bool:
        return (
            bool(re.match(r"(?:up to |approx\. |~|min\. |max\. |about |< |≥ |±|-)?\d", self.value))
            and not self.is_several
        )

    @property
    def is_several(self) -> bool:
        return bool(re.search(r"[,;|]\s?\S| / ", self.value)) and len(self.value) > 3

    @property
    def is_long(self) -> bool:
        return len(self.value) > 48 or bool(re.search(r"\. [A-Z]", self.value))

    @property
    def is_choice(self) -> bool:
        return self.value.lower() in ("yes", "no", "true", "false")

    def parts(self) -> dict[str, str]:
        return {"n": self.name, "v": self.value, "an": self.a_name, "be": self.be}


_ONE = (
    "The {n} {be} {v}", "The {n} {be} {v}", "{It} comes with the {n} {v}", 
    "{Its} {n} {be} {v}", "For the {n}, the choice is {v}", "When it comes to {n}, expect {v}", "As for the {n}, that is {v}",
    "Worth knowing: the {n} {be} {v}", "{Its} {n}: {v}", "The {n} listed {be} {v}", "{It} has the {n} {v}",
)  # fmt: skip
_MEASURE = (
    "{It} has {an} of {v}", "{It} comes with {an} of {v}", "You get {an} of {v}", "{It} offers {an} of {v}", "There is {an} of {v}",
    "Expect {an} of {v}", "{Its} {n} {be} {v}", "The {n} {be} {v}", "The {n} comes to {v}", "{It} features {an} of {v}",
    "{It} is specified with {an} of {v}", "The {n} measures {v}",
)  # fmt: skip
_SEVERAL = (
    "The {n} options are {v}", "You can choose the {n}: {v}", "For the {n}, choose from {v}", "Available {n}: {v}",
    "{It} lists the following {n}: {v}", "The {n} {be} {v}", "The choice of {n} is {v}", "Under {n} you find {v}",
    "The {n} on offer: {v}", "As {n}, it lists {v}",
)  # fmt: skip
_LONG = (
    "On {n}: {v}",
    "A note on {n}: {v}",
    "For {n}: {v}",
    "Regarding {n}: {v}",
    "Please note the {n}: {v}",
    "The {n}: {v}",
)
_CHOICE = (
    "Listed as {n}: {v}",
    "For {n}, the answer is {v}",
    "Marked as {n}: {v}",
    "Note on {n}: {v}",
    "{Its} entry for {n} is {v}",
)
_SPECIAL = {
    "material": (
        "{It} is made of {v}",
        "The material is {v}",
        "Made with {v} as the material",
        "The material used is {v}",
    ),
    "fabric": ("The fabric is {v}", "Made from {v} fabric", "The fabric used is {v}"),
    "weight": ("{It} weighs {v}", "The weight is {v}", "{It} has a weight of {v}"),
    "size": ("{It} comes in size {v}", "The size is {v}", "Available in size {v}", "{It} is sized {v}"),
    "colour": (
        "{It} comes in the colour {v}",
        "The colour is {v}",
        "Finished in the colour {v}",
        "The colour shown is {v}",
    ),
    "color": ("{It} comes in the color {v}", "The color is {v}", "Finished in the color {v}", "The color shown is {v}"),
    "origin": ("The origin is {v}", "Its origin: {v}"),
    "tags": ("Tags: {v}", "The tags are {v}", "You find it under the tags {v}", "{It} carries the tags {v}"),
    "type": ("The type is {v}", "{It} is listed as type {v}", "By type, it is {v}", "Listed under the type {v}"),
    "warranty": ("The warranty is {v}", "{It} comes with a warranty of {v}"),
    "age group": ("The age group is {v}", "Meant for the age group {v}"),
    "suitable for": ("{It} is suitable for {v}", "Suitable for {v}"),
    "compatible with": ("{It} is compatible with {v}", "Compatible with {v}"),
    "works with": ("{It} works with {v}",),
    "number of pieces": ("The number of pieces is {v}", "You get {v} as the number of pieces"),
}
_OPENERS_OF_SEVERAL = (
    "Details: ",
    "Key facts: ",
    "In detail: ",
    "In short: ",
    "At a glance: ",
    "Also listed: ",
    "The facts: ",
    "More details: ",
)


def sentence_of(rng: Random, facts: list[Clause], it: str) -> str:
    """One sentence that carries all of `facts` (one to four of them); `it` names the product, such as "It"."""
    if len(facts) == 1:
        return finish(_fill(rng, _shapes(rng, facts[0]), facts[0], it))
    if any(fact.is_choice or fact.is_long for fact in facts) or len(facts) > 3 or rng.random() < 0.22:
        return _listing(rng, facts)
    if all(fact.is_measure for fact in facts) and rng.random() < 0.6:
        verb = rng.choice(("has", "comes with", "offers", "features", "combines"))
        return finish(f"{it} {verb} {joined([f'{fact.a_name} of {fact.value}' for fact in facts])}")
    return finish(_chain(rng, facts, it))


def _chain(rng: Random, facts: list[Clause], it: str) -> str:
    first, *rest = facts
    shape = rng.randrange(6)
    if shape == 0 and first.is_measure:
        inner = [f"the {fact.name} {fact.be} {fact.value}" for fact in rest]
        return f"With {first.a_name} of {first.value}, {joined(inner)}"
    if shape == 1 and len(facts) == 2:
        middle = rng.choice(("while", "and", "and"))
        return f"The {first.name} {first.be} {first.value}, {middle} the {rest[0].name} {rest[0].be} {rest[0].value}"
    if shape == 2:
        return f"{it} comes with {joined([f'the {fact.name} {fact.value}' for fact in facts])}"
    if shape == 3 and first.is_measure:
        return (
            f"{it} has {first.a_name} of {first.value}, and {joined([f'the {f.name} {f.be} {f.value}' for f in rest])}"
        )
    clauses = [f"{fact.name} {fact.be} {fact.value}" for fact in facts]
    return f"The {joined([clauses[0], *(f'the {clause}' for clause in clauses[1:])])}"


def _listing(rng: Random, facts: list[Clause]) -> str:
    if any(fact.is_several or fact.is_long for fact in facts) or rng.random() < 0.5:
        return finish(rng.choice(_OPENERS_OF_SEVERAL) + "; ".join(f"{fact.name}: {fact.value}" for fact in facts))
    return finish(rng.choice(_OPENERS_OF_SEVERAL) + ", ".join(f"{fact.name} {fact.value}" for fact in facts))


def _shapes(rng: Random, fact: Clause) -> tuple[str, ...]:
    if fact.is_choice:
        if fact.name in _ADJECTIVES and rng.random() < 0.4:
            return ("{It} is {n}",) if fact.value.lower() in ("yes", "true") else ("{It} is not {n}",)
        return _CHOICE
    if fact.is_long:
        return _LONG
    if fact.name in _SPECIAL and rng.random() < 0.7:
        return _SPECIAL[fact.name]
    if fact.is_several:
        return _SEVERAL
    return _MEASURE if fact.is_measure and rng.random() < 0.8 else _ONE


def _fill(rng: Random, shapes: tuple[str, ...], fact: Clause, it: str) -> str:
    its = "Its" if it == "It" else "The"
    return rng.choice(shapes).format(It=it, Its=its, **fact.parts())


def joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def finish(text: str) -> str:
    """`text` as a sentence: one closing mark, never a second one after a value that brings its own."""
    return text if text.endswith((".", "!", "?")) else text + "."
