"""Reference texts of a sheet, one writer per field. They say what the sheet says and nothing else."""

from collections.abc import Callable
from random import Random

from apps.llm.prompts import FIELD_LIMITS, name_in_prose

from .clauses import Clause, finish, joined, sentence_of
from .sheets import Sheet

_WITH_BRAND = (
    "{T} comes from {B}", "{T} is by {B}", "The {T} is from {B}", "Meet the {T} from {B}", "Meet {T} by {B}", "{B} presents the {T}",
    "{B} offers the {T}", "Here is the {T} by {B}", "This is the {T} by {B}", "This is {T}, from {B}", "From {B} comes the {T}",
    "From {B}: {T}", "{T} is a product by {B}", "The brand {B} brings you the {T}", "Discover the {T} by {B}", "Take a look at {T} from {B}",
    "{T} is brought to you by {B}", "{T} carries the name {B}", "Introducing {T} by {B}",
)  # fmt: skip
_WITHOUT_BRAND = (
    "Meet the {T}", "This is the {T}", "Here is the {T}", "Introducing the {T}", "Discover the {T}", "Take a look at the {T}",
    "The product is {T}", "On this page: {T}", "Have a look at {T}", "This page shows {T}",
)  # fmt: skip
_START_BRAND = ("The {T} by {B}", "{T} by {B}", "The {T} from {B}", "{T} from {B}", "This {T} by {B}")
_START_BARE = ("The {T}", "This {T}", "{T}")
_CATEGORY = (
    "It belongs to {C}", "You find it under {C}", "It is listed under {C}", "Listed in {C}", "The category is {C}", "It is part of {C}",
    "Look for it in {C}", "Filed under {C}",
)  # fmt: skip
_CATEGORY_TAIL = (", listed under {C}", ", in the category {C}", " in {C}", ", part of {C}", " ({C})")


def text_for(rng: Random, field: str, sheet: Sheet) -> str:
    """The reference text of one field; `field` is one of FIELDS."""
    return _WRITERS[field](rng, sheet)


def _clauses(sheet: Sheet, field: str) -> list[Clause]:
    return [Clause(name_in_prose(name, field), value) for name, value in sheet.facts]


def _names(sheet: Sheet) -> dict[str, str]:
    # "Acme Kettle by Acme" says the brand twice.
    brand = "" if sheet.brand.lower() in sheet.title.lower() else sheet.brand
    category = "" if sheet.category == "Uncategorized" else sheet.category.rsplit(">", 1)[-1].strip()
    return {"T": sheet.title, "B": brand, "C": category}


def _long_description(rng: Random, sheet: Sheet) -> str:
    names, facts = _names(sheet), _clauses(sheet, "long_description")
    if len(facts) > 1 and rng.random() < 0.12:
        facts.insert(0, facts.pop(rng.randrange(1, len(facts))))
    it = (
        "It"
        if not sheet.noun.endswith("s") and rng.random() < 0.65
        else rng.choice(("This item", "The product", "This product"))
    )
    sentences = [_opening(rng, names, facts)]
    if names["C"] and names["C"] not in sentences[0] and (not facts or rng.random() < 0.12):
        sentences.append(finish(rng.choice(_CATEGORY).format(**names)))
    limit = 3 if len(facts) > 6 else 2
    while facts:
        take = min(len(facts), 4 if len(facts) > 8 else rng.choice((1, 2, limit, limit)))
        if facts[0].is_long:
            take = 1
        group, facts = facts[:take], facts[take:]
        # A long value would swallow whatever came behind it in the same sentence.
        cut = next((index for index, fact in enumerate(group) if index and fact.is_long), len(group))
        group, facts = group[:cut], group[cut:] + facts
        sentences.append(sentence_of(rng, group, it))
    return " ".join(sentences)


def _opening(rng: Random, names: dict[str, str], facts: list[Clause]) -> str:
    """The first sentence; takes the facts that it says out of `facts`."""
    shapes, starts = (_WITH_BRAND, _START_BRAND) if names["B"] else (_WITHOUT_BRAND, _START_BARE)
    short = [fact for fact in facts[:2] if not (fact.is_long or fact.is_choice or fact.is_several)]
    if facts and short[:1] == facts[:1] and rng.random() < 0.55:
        used = [facts.pop(0)]
        if facts and facts[0] in short and rng.random() < 0.4:
            used.append(facts.pop(0))
        start = rng.choice(starts).format(**names)
        if all(fact.is_measure for fact in used):
            verb = rng.choice(("has", "comes with", "offers", "features", "is listed with", "is specified with"))
            return finish(f"{start} {verb} {joined([f'{fact.a_name} of {fact.value}' for fact in used])}")
        verb = rng.choice(("comes with", "is listed with", "is offered with", "has"))
        return finish(f"{start} {verb} {joined([f'the {fact.name} {fact.value}' for fact in used])}")
    text = rng.choice(shapes).format(**names)
    if names["C"] and rng.random() < 0.3:
        text += rng.choice(_CATEGORY_TAIL).format(**names)
    return finish(text)


def _bullets(rng: Random, sheet: Sheet) -> str:
    names, facts = _names(sheet), _clauses(sheet, "bullets")
    lines = []
    if not facts or rng.random() < 0.1:
        lines.append(rng.choice(("Product: {T}", "Name: {T}")).format(**names))
    if sheet.brand and (not facts or rng.random() < 0.3):
        lines.append(f"Brand: {sheet.brand}")
    if names["C"] and (not facts or rng.random() < 0.12):
        lines.append(f"Category: {names['C']}")
    for fact in facts:
        shape = "{n} of {v}" if fact.is_measure and not fact.plural and rng.random() < 0.1 else "{n}: {v}"
        lines.append(shape.format(**fact.parts()))
    return "\n".join(f"- {line}" for line in lines)


def _mobile(rng: Random, sheet: Sheet) -> str:
    limit = FIELD_LIMITS["mobile_description"] - 4
    names, facts = _names(sheet), _clauses(sheet, "mobile_description")
    head = _shortened(names["T"], 70)
    if names["B"] and len(head) + len(names["B"]) < 64 and rng.random() < 0.6:
        head += rng.choice((" by ", " from ")) + names["B"]
    shape = rng.choice(
        (("{n} {v}", ": ", ", "), ("{n} {v}", " - ", ", "), ("{n}: {v}", " - ", "; "), ("{n} {v}", " with ", ", "))
    )
    return finish(_packed(head, facts, shape, limit))


def _packed(head: str, facts: list[Clause], shape: tuple[str, str, str], limit: int) -> str:
    """`head` and as many facts, in their order, as fit into `limit` characters."""
    pattern, first, between = shape
    text, opened = head, False
    for fact in facts:
        piece = (between if opened else first) + pattern.format(**fact.parts())
        if len(text) + len(piece) <= limit and not fact.is_long:
            text, opened = text + piece, True
    return text


def _shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[: limit + 1].rsplit(" ", 1)[0].rstrip(" -|/,&(") if " " in text[:limit] else text[:limit]


def _seo_title(rng: Random, sheet: Sheet) -> str:
    limit, names = FIELD_LIMITS["seo_title"] - 2, _names(sheet)
    text = _shortened(names["T"], limit)
    facts = [fact for fact in _clauses(sheet, "seo_title") if len(fact.value) <= 14 and not fact.is_choice]
    separator = rng.choice((" | ", " | ", " - "))
    if facts and rng.random() < 0.5 and len(text) + len(facts[0].name) + len(facts[0].value) + 3 <= limit:
        text += f", {facts[0].name} {facts[0].value}"
    if names["B"] and len(text) + len(names["B"]) + 3 <= limit:
        text += separator + names["B"]
    elif names["C"] and len(text) + len(names["C"]) + 3 <= limit and rng.random() < 0.4:
        text += separator + names["C"]
    return text


def _seo_meta(rng: Random, sheet: Sheet) -> str:
    limit = FIELD_LIMITS["seo_meta"] - 5
    names, facts = _names(sheet), _clauses(sheet, "seo_meta")
    head = _shortened(names["T"], 90)
    if names["B"] and len(names["B"]) < 40:
        head += rng.choice((" by ", " from ")) + names["B"]
    if names["C"] and len(names["C"]) < 30 and rng.random() < 0.25:
        head += rng.choice((", {C}", " in {C}")).format(**names)
    shape = rng.choice(
        (
            ("{n} {v}", ": ", ", "),
            ("{n}: {v}", ". Details: ", "; "),
            ("{n} {v}", " with ", ", "),
            ("{n}: {v}", ". ", ", "),
        )
    )
    if shape[1] == ". ":
        shape = ("{n} {v}", rng.choice((". Facts: ", ". Comes with ", ". At a glance: ")), ", ")
    return finish(_packed(head, facts, shape, limit))


def _image_alt(rng: Random, sheet: Sheet) -> str:
    names = _names(sheet)
    text = _shortened(names["T"], 90)
    visible = [
        fact
        for fact in _clauses(sheet, "image_alt")
        if fact.name.rsplit(" ", 1)[-1]
        in ("colour", "color", "material", "pattern", "finish", "shape", "fabric", "style")
        and len(fact.value) <= 24
    ]
    if names["B"] and len(text) + len(names["B"]) < 80 and rng.random() < 0.7:
        text += rng.choice((" by ", " from ")) + names["B"]
    for fact in visible[:2]:
        if len(text) + len(fact.name) + len(fact.value) + 3 <= FIELD_LIMITS["image_alt"] - 4:
            text += f", {fact.name} {fact.value}"
    return text


_WRITERS: dict[str, Callable[[Random, Sheet], str]] = {
    "long_description": _long_description,
    "mobile_description": _mobile,
    "bullets": _bullets,
    "seo_title": _seo_title,
    "seo_meta": _seo_meta,
    "image_alt": _image_alt,
}
FIELDS = tuple(_WRITERS)
