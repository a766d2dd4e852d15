"""Examples as token ids, in batches of about equal cost: what the training loop reads."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

CHUNK = 2000
POOL = 4000
"""Examples that are sorted by length together: large enough for full batches, small enough to stay shuffled."""


@dataclass
class EncodedText:
    """Token ids of all examples in one row: `ids[starts[i]:starts[i + 1]]` is example i, its first `prompts[i]` the prompt."""

    ids: "object"
    starts: "object"
    prompts: "object"

    def __len__(self) -> int:
        return len(self.prompts)

    def __getitem__(self, index: int) -> tuple:
        return self.ids[self.starts[index] : self.starts[index + 1]], int(self.prompts[index])

    def lengths(self) -> list[int]:
        return (self.starts[1:] - self.starts[:-1]).tolist()

    def save(self, path: Path) -> None:
        import numpy

        numpy.savez(path, ids=self.ids, starts=self.starts, prompts=self.prompts)

    @classmethod
    def load(cls, path: Path) -> "EncodedText":
        import numpy

        with numpy.load(path) as stored:
            return cls(stored["ids"], stored["starts"], stored["prompts"])


def encode(
    pairs: Iterable[tuple[str, str]], tokenizer: "PreTrainedTokenizerBase", *, longest: int, max_tokens: int
) -> EncodedText:
    """Encodes (prompt, text) pairs until `max_tokens` are reached; a pair longer than `longest` tokens is left out.

    Raises ValueError if nothing is left.
    """
    import numpy

    ids, lengths, prompts, total = [], [], [], 0
    for chunk in _chunks(pairs):
        heads = tokenizer([prompt for prompt, _ in chunk], add_special_tokens=False).input_ids
        tails = tokenizer([" " + text for _, text in chunk], add_special_tokens=False).input_ids
        for head, tail in zip(heads, tails, strict=True):
            row = [*head, *tail, tokenizer.eos_token_id]
            if len(row) > longest:
                continue
            ids.append(numpy.asarray(row, dtype=numpy.int32))
            lengths.append(len(row))
            prompts.append(len(head))
            total += len(row)
            if total >= max_tokens:
                break
        if total >= max_tokens:
            break
    if not ids:
        raise ValueError(f"No example of at most {longest} tokens")
    starts = numpy.concatenate([[0], numpy.cumsum(lengths)])
    return EncodedText(numpy.concatenate(ids), starts, numpy.asarray(prompts, dtype=numpy.int32))


def _chunks(pairs: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    chunk = []
    for pair in pairs:
        chunk.append(pair)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def batches_of(lengths: list[int], *, batch_tokens: int, seed: int) -> list[list[int]]:
    """Indices in batches of at most `batch_tokens` tokens, padding counted; the pools keep their order (easy ones first)."""
    rng = Random(seed)
    batches = []
    for start in range(0, len(lengths), POOL):
        pool = sorted(range(start, min(start + POOL, len(lengths))), key=lambda index: (lengths[index], rng.random()))
        group: list[list[int]] = [[]]
        for index in pool:
            if group[-1] and lengths[index] * (len(group[-1]) + 1) > batch_tokens:
                group.append([])
            group[-1].append(index)
        rng.shuffle(group)
        batches += group
    return batches


def padding_collator(pad_id: int) -> Callable[[list], dict]:
    """A collator that pads on the right and hides prompt and padding (-100) from the loss."""
    import torch

    def collate(rows: list) -> dict:
        width = -(-max(len(row) for row, _ in rows) // 8) * 8
        ids = torch.full((len(rows), width), pad_id, dtype=torch.long)
        labels = torch.full((len(rows), width), -100, dtype=torch.long)
        for index, (row, prompt) in enumerate(rows):
            tokens = torch.from_numpy(row.astype("int64"))
            ids[index, : len(tokens)] = tokens
            labels[index, prompt : len(tokens)] = tokens[prompt:]
        return {"input_ids": ids, "labels": labels}

    return collate
