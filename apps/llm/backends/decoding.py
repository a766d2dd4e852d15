"""From rows of prompt tokens to rows of generated tokens, one batch at a time.

Models whose cache is plain keys and values take our own loop: each prompt is read once however many candidates it has,
the cache is allocated once, and rows that have ended leave the batch. Every other model takes transformers' `generate`.
Both choose tokens with the same sampler, so they write the same text.
"""

import inspect
from collections.abc import Callable, Sequence

import torch
from transformers import DynamicCache, GenerationConfig, LogitsProcessor, StoppingCriteria
from transformers.cache_utils import DynamicLayer

from apps.llm.backends.sampling import Row, Sampler

COMPACT_BELOW = 0.8  # share of rows still writing under which the others leave the batch


class RoomyLayer(DynamicLayer):
    """A layer of the cache with room for every token to come; growing by concatenation copies all of it each step."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor, *, picks: torch.Tensor, room: int) -> None:
        super().__init__()
        self.dtype, self.device, self.is_initialized = keys.dtype, keys.device, True
        used = keys.shape[2]
        self._keys = keys.new_empty(len(picks), keys.shape[1], used + room, keys.shape[3])
        self._values = values.new_empty(len(picks), values.shape[1], used + room, values.shape[3])
        self._keys[:, :, :used] = keys[picks]
        self._values[:, :, :used] = values[picks]
        self._show(len(picks), used)

    def update(self, key_states: torch.Tensor, value_states: torch.Tensor, *args, **kwargs):
        rows, _heads, used, _size = self.keys.shape
        after = used + key_states.shape[2]
        self._keys[:rows, :, used:after] = key_states
        self._values[:rows, :, used:after] = value_states
        self._show(rows, after)
        return self.keys, self.values

    def batch_select_indices(self, indices: torch.Tensor) -> None:
        rows, used = len(indices), self.keys.shape[2]
        self._keys[:rows, :, :used] = self.keys[indices]
        self._values[:rows, :, :used] = self.values[indices]
        self._show(rows, used)

    def _show(self, rows: int, used: int) -> None:
        self.keys, self.values = self._keys[:rows, :, :used], self._values[:rows, :, :used]


class Decoder:
    """Writes the rows of a batch to their end. `decode(ids)` turns token ids into text, for stop strings."""

    def __init__(self, model, *, end_tokens: set[int], pad_token: int, decode: Callable[[list[int]], str]) -> None:
        self.model = model
        self.end_tokens = end_tokens
        self.pad_token = pad_token
        self._decode = decode
        accepted = inspect.signature(model.forward).parameters
        self.is_own_loop = {"position_ids", "logits_to_keep"} <= set(accepted) and has_plain_cache(model.config)

    @torch.inference_mode()
    def run(self, rows: Sequence[Row]) -> None:
        """Fills tokens and finish_reason of every row. Rows of one prompt should stand side by side."""
        if self.is_own_loop:
            self._run_own_loop(list(rows))
        else:
            self._run_generate(list(rows))

    def accept(self, row: Row, token: int) -> None:
        """Takes the token that was chosen for a row and notes whether the row has ended."""
        if token in self.end_tokens:
            row.finish_reason = "stop"
            return
        row.append(token)
        if row.stop and self._has_stopped(row):
            row.finish_reason = "stop"
        elif len(row.tokens) >= row.sampling.max_new_tokens:
            row.finish_reason = "length"

    def _has_stopped(self, row: Row) -> bool:
        # A character takes at most four tokens, so only the end of the text is decoded again at each step.
        reach = 4 * max(len(stop) for stop in row.stop) + 8
        tail = self._decode(row.tokens[-reach:])
        return any(stop in tail for stop in row.stop)

    def _run_own_loop(self, rows: list[Row]) -> None:
        prompts: dict[tuple[int, ...], int] = {}
        sources = [prompts.setdefault(tuple(row.prompt), len(prompts)) for row in rows]
        ids, mask = self._padded([list(prompt) for prompt in prompts])
        picks = torch.tensor(sources, device=ids.device)
        room = max(row.sampling.max_new_tokens for row in rows)
        positions = (mask.cumsum(-1) - 1).clamp(min=0)
        scores, cache = self._read(ids, mask, positions, picks, room)
        mask, positions = mask[picks], positions[picks, -1:]
        mask = torch.cat([mask, mask.new_ones(len(rows), room)], dim=1)
        used = ids.shape[1]
        sampler = Sampler(rows, ids.device)
        while True:
            chosen = sampler.choose(scores)
            for row, token in zip(rows, chosen.tolist(), strict=True):
                if not row.finish_reason:
                    self.accept(row, token)
            active = [place for place, row in enumerate(rows) if not row.finish_reason]
            if not active:
                return
            if len(active) < COMPACT_BELOW * len(rows):
                keep = torch.tensor(active, device=ids.device)
                rows = [rows[place] for place in active]
                cache.batch_select_indices(keep)
                chosen, mask, positions = chosen[keep], mask[keep], positions[keep]
                sampler.select(rows)
            used, positions = used + 1, positions + 1
            scores = self._step(chosen[:, None], mask[:, :used], positions, cache)

    def _read(self, ids, mask, positions, picks, room) -> tuple[torch.Tensor, DynamicCache]:
        """Reads each prompt once; scores and a roomy cache, both with one entry per row."""
        cache = DynamicCache(config=self.model.config)
        scores = self._step(ids, mask, positions, cache)[picks]
        layers = []
        while cache.layers:
            layer = cache.layers.pop(0)
            layers.append(RoomyLayer(layer.keys, layer.values, picks=picks, room=room))
        cache.layers = layers
        return scores, cache

    def _step(self, ids, mask, positions, cache) -> torch.Tensor:
        output = self.model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
            return_dict=True,
        )
        return output.logits[:, -1]

    def _run_generate(self, rows: list[Row]) -> None:
        ids, mask = self._padded([row.prompt for row in rows])
        config = GenerationConfig(
            do_sample=False,
            max_new_tokens=max(row.sampling.max_new_tokens for row in rows),
            eos_token_id=sorted(self.end_tokens) or None,
            pad_token_id=self.pad_token,
            # Said outright, or the model's own generation_config.json would fill them in.
            repetition_penalty=1.0,
            no_repeat_ngram_size=0,
            num_beams=1,
        )
        self.model.generate(
            input_ids=ids,
            attention_mask=mask,
            generation_config=config,
            logits_processor=[_ChooseProcessor(Sampler(rows, ids.device), self)],
            stopping_criteria=[_RowsCriteria(rows)],
        )

    def _padded(self, prompts: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids and attention mask of shape (prompts, longest), filled up on the left."""
        longest = max(len(prompt) for prompt in prompts)
        ids = [[self.pad_token] * (longest - len(prompt)) + prompt for prompt in prompts]
        mask = [[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts]
        return torch.tensor(ids, device=self.model.device), torch.tensor(mask, device=self.model.device)


def has_plain_cache(config) -> bool:
    """Whether every layer keeps all keys and values: no sliding window, no recurrent state."""
    layers = DynamicCache(config=config).layers
    return bool(layers) and all(type(layer) is DynamicLayer for layer in layers)


class _ChooseProcessor(LogitsProcessor):
    """Leaves `generate` no choice but the sampler's token."""

    def __init__(self, sampler: Sampler, decoder: Decoder) -> None:
        self.sampler, self.decoder = sampler, decoder

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        chosen = self.sampler.choose(scores.clone())
        for row, token in zip(self.sampler.rows, chosen.tolist(), strict=True):
            if not row.finish_reason:
                self.decoder.accept(row, token)
        return torch.full_like(scores, -torch.inf).scatter_(1, chosen[:, None], 0.0)


class _RowsCriteria(StoppingCriteria):
    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs) -> torch.Tensor:
        return torch.tensor([bool(row.finish_reason) for row in self.rows], device=input_ids.device)
