"""The training loop: transformers' Trainer with ready-made batches, the loss on the text alone, and a schedule by the clock."""

import json
import math
import time
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
    import torch
    from transformers import TrainingArguments

    torch.set_num_threads(config.threads)
    lengths = data.lengths()
    batches = batches_of(lengths, batch_tokens=config.batch_tokens, seed=config.seed)
    schedule = ClockedCosine(steps=len(batches), warmup_share=config.warmup_share, max_seconds=config.max_minutes * 60)
    arguments = TrainingArguments(
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
    trainer = _trainer_class()(
        model=model,
        args=arguments,
        train_dataset=data,
        data_collator=padding_collator(tokenizer.pad_token_id),
        batches=batches,
        schedule=schedule,
        from_scratch=from_scratch,
    )
    trainer.train(resume_from_checkpoint=str(last_checkpoint(folder)) if resume and last_checkpoint(folder) else None)
    steps = trainer.state.global_step
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry][-10:]
    return {
        "steps": steps,
        "tokens": sum(lengths[index] for batch in batches[:steps] for index in batch),
        "loss": round(sum(losses) / len(losses), 4) if losses else None,
        "minutes": round(schedule.seconds / 60, 1),
    }


def last_checkpoint(folder: Path) -> Path | None:
    """The newest complete checkpoint: the state file is written last, so a kill in the middle leaves one without it."""

    def step(path: Path) -> int:
        return int(path.name.rsplit("-", 1)[1])

    complete = [path for path in folder.glob("checkpoint-*") if path.name.rsplit("-", 1)[1].isdigit() and _is_complete(path)]
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


def _trainer_class() -> type:
    # The base class is only there once torch is loaded, which no import of this module may do.
    import torch
    from torch.nn import functional
    from torch.optim.lr_scheduler import LambdaLR
    from torch.utils.data import DataLoader
    from transformers import Trainer, TrainerCallback

    class _Clock(TrainerCallback):
        def __init__(self, schedule: ClockedCosine) -> None:
            self.schedule, self.last = schedule, time.monotonic()

        def on_step_begin(self, args, state, control, **kwargs):
            self.last = time.monotonic()

        def on_step_end(self, args, state, control, **kwargs):
            self.schedule.count(time.monotonic() - self.last)
            if self.schedule.progress >= 1:
                control.should_training_stop = True

    class TextTrainer(Trainer):
        def __init__(self, *, batches: list[list[int]], schedule: ClockedCosine, from_scratch: bool, **kwargs) -> None:
            super().__init__(callbacks=[_Clock(schedule)], **kwargs)
            self.batches, self.schedule, self.from_scratch = batches, schedule, from_scratch

        def get_train_dataloader(self) -> DataLoader:
            return DataLoader(self.train_dataset, batch_sampler=self.batches, collate_fn=self.data_collator)

        def create_scheduler(self, num_training_steps: int, optimizer=None):
            self.lr_scheduler = LambdaLR(optimizer or self.optimizer, self.schedule)
            return self.lr_scheduler

        def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
            labels = inputs["labels"][:, 1:]
            wanted = labels != -100
            # Padding stands on the right, where causal attention never looks, so no mask is needed; and of the
            # vocabulary's scores only those of the text are computed.
            if self.from_scratch:
                hidden = model.get_decoder()(input_ids=inputs["input_ids"], use_cache=False).last_hidden_state
                scores = model.get_output_embeddings()(hidden[:, :-1][wanted])
            else:
                scores = model(input_ids=inputs["input_ids"], use_cache=False).logits[:, :-1][wanted]
            loss = functional.cross_entropy(scores.float(), labels[wanted])
            return (loss, {"logits": scores}) if return_outputs else loss

    torch.set_float32_matmul_precision("high")
    return TextTrainer
