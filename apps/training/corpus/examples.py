"""Training examples: a prompt as serving renders it, and the text that the model shall write behind it."""

from dataclasses import dataclass
from random import Random

from apps.llm.prompts import clean_value, render

from .sheets import Sheet, sheet
from .texts import text_for

_SHARES = {
    "long_description": 46,
    "bullets": 16,
    "mobile_description": 11,
    "seo_meta": 12,
    "seo_title": 8,
    "image_alt": 7,
}
TASK, LANGUAGE = "description", "en"


@dataclass(frozen=True)
class Example:
    field: str
    sheet: Sheet
    prompt: str
    text: str


def example(seed: int, index: int, *, split: str = "train", most_facts: int = 12, field: str = "") -> Example:
    """Example `index` of a split ("train" or "held_out"); the same arguments always give the same example."""
    rng = Random(f"{split}:{seed}:{index}")
    field = field or rng.choices(list(_SHARES), weights=list(_SHARES.values()))[0]
    product = _cleaned(sheet(rng, held_out=split == "held_out", most_facts=most_facts))
    return Example(field, product, prompt_of(field, product), text_for(rng, field, product))


def prompt_of(field: str, product: Sheet, *, language: str = LANGUAGE) -> str:
    """The plain prompt for one field of a sheet: the very function that serving calls."""
    return render(task=TASK, language=language, style="plain", context=product.context(field)).text


def _cleaned(product: Sheet) -> Sheet:
    # What the prompt cannot show the text must not say.
    facts = tuple((clean_value(name).strip(" :"), clean_value(value)) for name, value in product.facts)
    return Sheet(
        clean_value(product.title), clean_value(product.brand), clean_value(product.category), facts, product.noun
    )
