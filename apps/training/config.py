"""What a training run is made of: the shape of the model, the amount of text, the schedule."""

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path


@dataclass(frozen=True)
class TrainingConfig:
    """Settings of one run. Lengths and budgets are in tokens, `max_minutes` 0 means no limit of time.

    The first `short_examples` have at most `short_facts` facts: copying is learned sooner on short sheets.
    """

    name: str = "bundled"
    vocabulary: int = 4096
    hidden_size: int = 320
    layers: int = 7
    heads: int = 5
    intermediate_size: int = 832
    longest: int = 512
    max_tokens: int = 24_000_000
    max_minutes: float = 0
    batch_tokens: int = 4608
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    warmup_share: float = 0.02
    short_examples: int = 15_000
    short_facts: int = 3
    checkpoint_steps: int = 100
    seed: int = 7
    threads: int = 2
    evaluation_sheets: int = 100
    candidates: int = 5
    lora_rank: int = 16

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2)


PRESETS = {
    "bundled": TrainingConfig(),
    "tiny": TrainingConfig(
        name="tiny", vocabulary=512, hidden_size=64, layers=2, heads=2, intermediate_size=128, max_tokens=40_000, short_examples=100,
        batch_tokens=1024, checkpoint_steps=10, evaluation_sheets=4, candidates=2, threads=1,
    ),
    "fine-tune": TrainingConfig(name="fine-tune", learning_rate=1e-4, batch_tokens=2048, max_tokens=2_000_000, short_examples=0),
}  # fmt: skip


def load_config(name: str, **changes: object) -> TrainingConfig:
    """The preset `name`, or the JSON file of that path, with every change that is not None. ValueError for unknown keys."""
    if name in PRESETS:
        config = PRESETS[name]
    else:
        try:
            stored = json.loads(Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ValueError(f"{name} is neither a preset ({', '.join(PRESETS)}) nor a JSON file: {error}") from error
        config = replace(TrainingConfig(), **_known(stored))
    return replace(config, **_known({key: value for key, value in changes.items() if value is not None}))


def _known(values: dict) -> dict:
    unknown = set(values) - {field.name for field in fields(TrainingConfig)}
    if unknown:
        raise ValueError(f"Unknown training settings: {', '.join(sorted(unknown))}")
    return values
