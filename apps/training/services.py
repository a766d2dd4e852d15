"""Training runs: from the corpus or a file of approved texts to a folder that `from_pretrained` loads."""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path

from .card import write_card
from .config import TrainingConfig, load_config
from .corpus.examples import LANGUAGE, Example, example, prompt_of
from .corpus.sheets import Sheet

logger = logging.getLogger(__name__)

TASKS = ("description",)
TOKENIZER_SAMPLE = 20_000


class TrainingRefused(ValueError):
    """The run cannot start; the message says what to change."""


def train_description(
    *,
    config: TrainingConfig,
    folder: Path,
    data: str = "corpus",
    resume: bool = False,
    base: str = "",
    lora: bool = False,
) -> dict:
    """Trains a model for product copy and returns its figures; the finished model lies in `folder`/model.

    `data` is "corpus" or the path of a JSONL file, a line as for `evaluate descriptions` plus `text`. With `base` (a
    folder or hub id) that model is tuned further, all of it or with `lora` an adapter; otherwise one is trained from
    scratch. A folder that holds a run is only taken up with `resume`, which keeps the run's own configuration, data and
    place in the data. Raises TrainingRefused.
    """
    if lora and not base:
        raise TrainingRefused("--lora needs --base: there is nothing to adapt.")
    run = {"config": asdict(config), "data": data, "base": base, "lora": lora}
    stored = _stored_run(folder)
    if resume and stored is None:
        raise TrainingRefused(f"{folder} holds no run to resume.")
    if stored is not None and not resume:
        raise TrainingRefused(f"{folder} already holds a run: pass --resume or choose another folder.")
    if stored is not None:
        run, config = stored, TrainingConfig(**stored["config"])
    folder.mkdir(parents=True, exist_ok=True)
    _write_json(folder / "run.json", run)
    return _train(run, config, folder, resume)


def _train(run: dict, config: TrainingConfig, folder: Path, resume: bool) -> dict:
    from .encoding import EncodedText, encode
    from .modelling import existing_model, new_model, save_model
    from .trainer import run_training

    if run["base"]:
        model, tokenizer = existing_model(run["base"], config, lora=run["lora"])
    else:
        tokenizer = _own_tokenizer(run, config, folder)
        model = new_model(tokenizer, config)
    encoded = folder / "data.npz"
    if not encoded.exists():
        logger.info("Encoding up to %s tokens", f"{config.max_tokens:,}")
        partial = folder / "data.partial.npz"
        encode(_pairs(run["data"], config), tokenizer, longest=config.longest, max_tokens=config.max_tokens).save(
            partial
        )
        os.replace(partial, encoded)
    data = EncodedText.load(encoded)
    logger.info("%s examples; %s parameters", f"{len(data):,}", f"{model.num_parameters():,}")
    figures = run_training(
        model, tokenizer, data, config=config, folder=folder, resume=resume, from_scratch=not run["base"]
    )
    parameters = model.num_parameters()
    save_model(model, tokenizer, folder / "model")
    figures |= {"parameters": parameters, "examples": len(data)}
    return publish(folder=folder, model_folder=folder / "model", figures=figures)


def publish(*, folder: Path, model_folder: Path, figures: dict) -> dict:
    """Evaluates the model in `model_folder` on held-out sheets and writes its card; returns all figures of the run."""
    run = _stored_run(folder)
    config = TrainingConfig(**run["config"])
    evaluation = evaluate_folder(model_folder, config=config)
    result = {"task": "description", "folder": str(model_folder), **figures, "held_out": evaluation}
    write_card(model_folder, run=run, figures=figures, evaluation=evaluation)
    _write_json(folder / "result.json", result)
    return result


def evaluate_folder(model_folder: Path, *, config: TrainingConfig) -> dict:
    """Figures per field on held-out goods, names and words; best of `config.candidates`."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from .corpus.texts import FIELDS
    from .evaluation import evaluate, generator

    torch.set_num_threads(config.threads)
    tokenizer = AutoTokenizer.from_pretrained(model_folder, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(model_folder, dtype="auto").eval()
    write = generator(model, tokenizer, seed=config.seed)
    figures = {}
    for field in FIELDS:
        sheets = held_out_sheets(config.evaluation_sheets, field=field, seed=config.seed)
        figures[field], _ = evaluate(sheets, write, candidates=config.candidates)
    return figures


def held_out_sheets(number: int, *, field: str, seed: int) -> list[tuple[str, Sheet, str]]:
    """(field, sheet, prompt) of `number` sheets about goods that no training example names."""
    examples = (example(seed, index, split="held_out", field=field) for index in range(number))
    return [(found.field, found.sheet, found.prompt) for found in examples]


def _own_tokenizer(run: dict, config: TrainingConfig, folder: Path):
    from transformers import AutoTokenizer

    from .tokenizer import build_tokenizer

    stored = folder / "tokenizer"
    if not (stored / "tokenizer_config.json").exists():
        limit = min(TOKENIZER_SAMPLE, config.max_tokens // 50)
        sample = (f"{prompt} {text}" for prompt, text in _pairs(run["data"], config, limit=limit))
        build_tokenizer(sample, vocabulary=config.vocabulary, longest=1024).save_pretrained(stored)
    return AutoTokenizer.from_pretrained(stored)


def _pairs(data: str, config: TrainingConfig, limit: int | None = None) -> Iterator[tuple[str, str]]:
    found = _corpus(config) if data == "corpus" else read_examples(Path(data))
    for index, item in enumerate(found):
        if limit is not None and index >= limit:
            return
        yield item.prompt, item.text


def _corpus(config: TrainingConfig) -> Iterator[Example]:
    for index in count():
        yield example(config.seed, index, most_facts=config.short_facts if index < config.short_examples else 12)


def read_examples(path: Path) -> Iterator[Example]:
    """Examples of a JSONL file: title, brand, category, language, field, facts {name: value}, text. Raises TrainingRefused."""
    with path.open(encoding="utf-8") as lines:
        for row, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
                facts = tuple((str(name), str(value)) for name, value in item.get("facts", {}).items())
                sheet = Sheet(item["title"], item.get("brand") or "", item.get("category") or "", facts)
                field, language = item.get("field") or "long_description", item.get("language") or LANGUAGE
                yield Example(field, sheet, prompt_of(field, sheet, language=language), item["text"])
            except (ValueError, KeyError, AttributeError, TypeError) as error:
                raise TrainingRefused(f"{path}, line {row}: {error!r}") from error


def _stored_run(folder: Path) -> dict | None:
    try:
        return json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _write_json(path: Path, content: dict) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(partial, path)


__all__ = ["TASKS", "TrainingRefused", "load_config", "publish", "train_description"]
