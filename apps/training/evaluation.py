"""What a model's texts carry, measured on sheets with known facts. The figures of the card and of `evaluate` come from here."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from apps.llm.prompts import FIELD_LIMITS, clean_value, name_in_prose

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"\w+")


@dataclass
class Judged:
    """The verdict on one candidate; `carried` has one entry per fact of the sheet."""

    text: str
    finished: bool
    carried: list[bool] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)
    repeats: bool = False
    too_long: bool = False
    title_kept: bool = False


def judge(
    text: str, finished: bool, *, field_id: str, title: str, brand: str, category: str, facts: Sequence
) -> Judged:
    """Checks one text against its sheet; `facts` are (name, value) pairs, `finished` means the model ended it itself."""
    flat = _flat(text)
    sources = " ".join([title, brand, category, *(f"{name} {value}" for name, value in facts)])
    known = set(_NUMBER.findall(clean_value(sources, 100_000)))
    return Judged(
        text=text,
        finished=finished,
        carried=[_carries(flat, name, value) for name, value in facts],
        unsupported=[number for number in _NUMBER.findall(text) if number not in known],
        repeats=repeats_itself(text),
        too_long=len(text) > FIELD_LIMITS.get(field_id, 100_000),
        title_kept=_flat(title) in flat,
    )


def _carries(flat: str, name: str, value: str) -> bool:
    # The value must stand whole: "5 cm" is not carried by "15 cm". The name may be part of another wording of the sheet's.
    value, name = _flat(clean_value(value)), _flat(name_in_prose(clean_value(name), "long_description"))
    whole = re.search(rf"(?<!\w){re.escape(value)}(?!\w)", flat)
    return bool(whole) and name in flat


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .").casefold()


def repeats_itself(text: str) -> bool:
    """Whether six words in a row stand in the text twice."""
    words = _WORD.findall(text.casefold())
    runs = [tuple(words[start : start + 6]) for start in range(len(words) - 5)]
    return len(runs) != len(set(runs))


def summarise(results: Sequence[Sequence[Judged]], *, seconds: float) -> dict:
    """Figures over all sheets; each entry of `results` holds the candidates of one sheet.

    fact_coverage counts a fact if any candidate carries it by name and value; best_candidate takes the one candidate
    that carries most; the rates are shares of all candidates.
    """
    every = [judged for candidates in results for judged in candidates]
    facts = sum(len(candidates[0].carried) for candidates in results)

    def share(count: int, of: int) -> float:
        return round(count / of, 4) if of else 0.0

    return {
        "n": len(results),
        "candidates": len(every),
        "fact_coverage": share(sum(sum(map(any, zip(*(j.carried for j in c), strict=True))) for c in results), facts),
        "best_candidate_coverage": share(sum(max(sum(j.carried) for j in c) for c in results), facts),
        "mean_coverage": share(sum(sum(j.carried) for j in every), sum(len(j.carried) for j in every)),
        "title_kept_rate": share(sum(j.title_kept for j in every), len(every)),
        "unsupported_rate": share(sum(bool(j.unsupported) for j in every), len(every)),
        "finished_rate": share(sum(j.finished for j in every), len(every)),
        "repetition_rate": share(sum(j.repeats for j in every), len(every)),
        "within_limit_rate": share(sum(not j.too_long for j in every), len(every)),
        "distinct": share(sum(len({j.text for j in c}) for c in results), len(every)),
        "copies_per_second": round(len(every) / seconds, 2) if seconds else 0.0,
    }


Generate = Callable[[list[str], int], list[list[tuple[str, bool]]]]
"""(prompts, candidates of each) -> for each prompt its candidates as (text, finished)."""


def evaluate(
    sheets: Sequence[tuple[str, object, str]], generate: Generate, *, candidates: int
) -> tuple[dict, list[list[Judged]]]:
    """Writes `candidates` texts for every (field, Sheet, prompt) and judges them; returns the figures and the verdicts."""
    start = time.monotonic()
    written = generate([prompt for _, _, prompt in sheets], candidates)
    seconds = time.monotonic() - start
    results = [
        [
            judge(
                text,
                finished,
                field_id=field_id,
                title=sheet.title,
                brand=sheet.brand,
                category=sheet.category,
                facts=sheet.facts,
            )
            for text, finished in texts
        ]
        for (field_id, sheet, _), texts in zip(sheets, written, strict=True)
    ]
    return summarise(results, seconds=seconds), results


def generator(
    model, tokenizer, *, batch: int = 40, temperature: float = 0.6, seed: int = 1, longest: int = 320
) -> Generate:
    """A `Generate` on a loaded model; prompts are batched by length."""
    import torch

    def generate(prompts: list[str], candidates: int) -> list[list[tuple[str, bool]]]:
        torch.manual_seed(seed)
        order = sorted(range(len(prompts)), key=lambda index: len(prompts[index]))
        written: list[list[tuple[str, bool]]] = [[] for _ in prompts]
        step = max(1, batch // candidates)
        for start in range(0, len(order), step):
            chosen = order[start : start + step]
            inputs = tokenizer(
                [prompts[i] for i in chosen], return_tensors="pt", padding=True, add_special_tokens=False
            )
            with torch.inference_mode():
                output = model.generate(
                    input_ids=inputs.input_ids, attention_mask=inputs.attention_mask, do_sample=True, temperature=temperature,
                    top_p=0.95, num_return_sequences=candidates, max_new_tokens=longest,
                )  # fmt: skip
            tails = output[:, inputs.input_ids.shape[1] :]
            for row, tail in enumerate(tails):
                finished = bool((tail == tokenizer.eos_token_id).any())
                text = tokenizer.decode(tail, skip_special_tokens=True).strip()
                written[chosen[row // candidates]].append((text, finished))
        return written

    return generate
