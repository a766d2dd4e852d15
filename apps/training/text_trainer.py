"""transformers' Trainer for ready-made batches and a schedule by the clock. Imports torch: import it only to train."""

import os
import time

import torch
from torch.nn import functional
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader
from transformers import Trainer, TrainerCallback

from .trainer import ClockedCosine


def use_threads(count: int) -> None:
    """Train with `count` threads, and with bf16 inside fp32 products where the machine has it."""
    # oneDNN keeps a compiled kernel for each of 1,024 shapes, and no two batches have the same: gigabytes in an hour.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16")
    torch.set_num_threads(count)
    torch.set_float32_matmul_precision("high")


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
        # accelerate's own autocast wraps `model.forward` alone, and the short way to the scores goes round it.
        with torch.autocast(model.device.type, torch.bfloat16, enabled=self.args.bf16):
            if self.from_scratch:
                hidden = model.get_decoder()(input_ids=inputs["input_ids"], use_cache=False).last_hidden_state
                scores = model.get_output_embeddings()(hidden[:, :-1][wanted])
            else:
                scores = model(input_ids=inputs["input_ids"], use_cache=False).logits[:, :-1][wanted]
        loss = functional.cross_entropy(scores.float(), labels[wanted])
        return (loss, {"logits": scores}) if return_outputs else loss
