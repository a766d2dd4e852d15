"""The training loop: transformers' Trainer with ready-made batches, the loss on the text alone, and a schedule by the clock."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from .config import TrainingConfig
from .encoding import EncodedText, batches_of, padding_collator

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


class ClockedCosine:
    """The factor of the learning rate: warm-up, then a cosine that ends with the steps or with the time, whichever is first.

    So a run that shares its machine still ends with a small rate. The seconds that count are those of training itself;
    they travel in the checkpoint with the scheduler, so a resumed run goes on where it stood.
    """

    floor = 0.02

    def __init__(self, *, steps: int, warmup_share: float, max_seconds: float) -> None:
        self.steps, self.warmup_share, self.max_seconds = max(1, steps), warmup_share, max_seconds
        self.seconds = 0.0
        self.progress = 0.0

    def count(self, seconds: float) -> None:
        self.seconds += seconds

    def __call__(self, step: int) -> float:
        by_time = self.seconds / self.max_seconds if self.max_seconds else 0.0
        self.progress = max(self.progress, step / self.steps, by_time)
        if step < self.warmup_share * self.steps:
            return (step + 1) / (self.warmup_share * self.steps + 1)
        return self.floor + (1 - self.floor) * 0.5 * (1 + math.cos(math.pi * min(1.0, self.progress)))


def run_training(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    data: EncodedText,
    *,
    config: TrainingConfig,
    folder: Path,
    resume: bool,
    from_scratch: bool,
) -> dict:
    """Trains `model` in place and returns steps, tokens (of the examples shown), loss (mean of the last steps), minutes.

    Checkpoints go to `folder`; with `resume` the newest complete one is taken up, with its place in the data.
    """
    from .text_trainer import TextTrainer, use_threads

    use_threads(config.threads)
    lengths = data.lengths()
    batches = batches_of(lengths, batch_tokens=config.batch_tokens, seed=config.seed)
    schedule = ClockedCosine(steps=len(batches), warmup_share=config.warmup_share, max_seconds=config.max_minutes * 60)
    trainer = TextTrainer(
        model=model,
        args=_arguments(config, folder),
        train_dataset=data,
        data_collator=padding_collator(tokenizer.pad_token_id),
        batches=batches,
        schedule=schedule,
        from_scratch=from_scratch,
    )
    checkpoint = last_checkpoint(folder) if resume else None
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    steps = trainer.state.global_step
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry][-10:]
    return {
        "steps": steps,
        "tokens": sum(lengths[index] for batch in batches[:steps] for index in batch),
        "loss": round(sum(losses) / len(losses), 4) if losses else None,
        "minutes": round(schedule.seconds / 60, 1),
    }


def _arguments(config: TrainingConfig, folder: Path):
    import torch
    from transformers import TrainingArguments

    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=1,
        learning_rate=config.learning_rate,
        weight_decay=config.weight_decay,
        adam_beta2=0.98,
        max_grad_norm=1.0,
        optim="adamw_torch_fused",
        bf16=has_bf16(),
        use_cpu=not torch.cuda.is_available(),
        seed=config.seed,
        data_seed=config.seed,
        save_strategy="steps",
        save_steps=config.checkpoint_steps,
        save_total_limit=2,
        logging_steps=10,
        report_to=[],
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_num_workers=0,
    )


def last_checkpoint(folder: Path) -> Path | None:
    """The newest complete checkpoint: the state file is written last, so a kill in the middle leaves one without it."""

    def step(path: Path) -> int:
        return int(path.name.rsplit("-", 1)[1])

    complete = [
        path for path in folder.glob("checkpoint-*") if path.name.rsplit("-", 1)[1].isdigit() and _is_complete(path)
    ]
    return max(complete, key=step, default=None)


def _is_complete(path: Path) -> bool:
    try:
        return "global_step" in json.loads((path / "trainer_state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def has_bf16() -> bool:
    """Whether this machine multiplies bf16 natively; without that autocast is slower than fp32."""
    import torch

    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    return bool(getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)())
