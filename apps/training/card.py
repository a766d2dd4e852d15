"""The model card: card.json for the program, README.md for people."""

import json
from pathlib import Path

from .corpus.texts import FIELDS


def write_card(folder: Path, *, run: dict, figures: dict, evaluation: dict, name: str = "", version: str = "1") -> None:
    """Writes `folder`/card.json with what the model is, what it was trained on, and what was measured on held-out sheets."""
    from_corpus = run["data"] == "corpus"
    card = {
        "name": name or ("shopai-mini" if run["config"]["name"] == "bundled" else run["config"]["name"]),
        "version": version,
        "languages": ["en"] if from_corpus else [],
        "tasks": ["description"],
        "fields": list(FIELDS),
        "base": run["base"],
        "lora": run["lora"],
        "training_data": (
            "Fact sheets and reference texts made by the grammar in apps/training/corpus, written for this project"
            if from_corpus
            else "A file of approved texts"
        ),
        "figures": figures,
        "config": run["config"],
        "held_out": evaluation,
        "limits": LIMITS if from_corpus else [],
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


LIMITS = [
    "English only.",
    "States the facts of the sheet and nothing else: no benefits, no story, no voice; guidance and voice are not read.",
    "Plain prompts only, in the layout of templates/prompts/description/en/plain.txt.",
]
