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

GROWTH = 32  # tokens by which the cache grows
COMPACT_BELOW = 0.8  # share of rows still writing under which the others leave the batch


class RoomyLayer(DynamicLayer):
    """A layer of the cache that grows by many tokens at a time; concatenating one by one copies all of it each step.

    Keys and values are handed out with the room that is not used yet, since a part of a buffer would be copied by the
    CPU's batched products; get_mask_sizes() has the mask cover it, so nobody attends to it.
    """

    def __init__(self, keys: torch.Tensor, values: torch.Tensor, picks: torch.Tensor) -> None:
        super().__init__()
        self.dtype, self.device, self.is_initialized = keys.dtype, keys.device, True
        self.used = keys.shape[2]
        self.keys = self._with_room(keys[picks], self.used + 1)
        self.values = self._with_room(values[picks], self.used + 1)

    def update(self, key_states: torch.Tensor, value_states: torch.Tensor, *args, **kwargs):
        after = self.used + key_states.shape[2]
        if after > self.keys.shape[2]:
            self.keys = self._with_room(self.keys, after)
            self.values = self._with_room(self.values, after)
        self.keys[:, :, self.used : after] = key_states
        self.values[:, :, self.used : after] = value_states
        self.used = after
        return self.keys, self.values

    def get_seq_length(self) -> int:
        return self.used

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        return max(self.keys.shape[2], _rounded(self.used + query_length)), 0

    def _with_room(self, states: torch.Tensor, length: int) -> torch.Tensor:
        rows, heads, old, size = states.shape
        # Zeros, because a weight of 0 times whatever lay in memory may be no number.
        grown = states.new_zeros(rows, heads, _rounded(length), size)
        grown[:, :, :old] = states
        return grown


def _rounded(length: int) -> int:
    return -(-length // GROWTH) * GROWTH


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
        scores, cache = self._read(ids, mask, positions, picks)
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

    def _read(self, ids, mask, positions, picks) -> tuple[torch.Tensor, DynamicCache]:
        """Reads each prompt once; scores and a roomy cache, both with one entry per row."""
        cache = DynamicCache(config=self.model.config)
        scores = self._step(ids, mask, positions, cache)[picks]
        layers = []
        while cache.layers:
            layer = cache.layers.pop(0)
            layers.append(RoomyLayer(layer.keys, layer.values, picks))
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
