"""Choosing the next token, row by row: filters, bans and noise that depend on the row alone.

Sampling is greedy decoding over scores with Gumbel noise (the Gumbel-max trick draws exactly from the softmax). The
noise is a hash of the row's seed, the step and the token's id, so a candidate does not depend on who shares its batch
and can be made again alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from apps.llm.backends.base import Sampling

_GOLDEN = 0x9E3779B97F4A7C15
_MULTIPLIERS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


@dataclass
class Row:
    """One candidate while it is being written; tokens holds what was generated, the end token excluded."""

    prompt: list[int]
    seed: int
    sampling: Sampling
    stop: tuple[str, ...] = ()
    tokens: list[int] = field(default_factory=list)
    finish_reason: str = ""
    _followers: dict[tuple[int, ...], set[int]] = field(default_factory=dict)

    def append(self, token: int) -> None:
        self.tokens.append(token)
        size = self.sampling.no_repeat_ngram_size
        if size and len(self.tokens) >= size:
            *head, last = self.tokens[-size:]
            self._followers.setdefault(tuple(head), set()).add(last)

    def banned(self) -> set[int]:
        """Tokens that would repeat an n-gram of what was generated; the prompt's own n-grams stay allowed."""
        size = self.sampling.no_repeat_ngram_size
        if not size or len(self.tokens) < size - 1:
            return set()
        return self._followers.get(tuple(self.tokens[len(self.tokens) - size + 1 :]), set())


class Sampler:
    """Chooses one token per row of a batch. Rows may differ in every setting."""

    def __init__(self, rows: Sequence[Row], device: torch.device) -> None:
        self.device = device
        self.select(rows)

    def select(self, rows: Sequence[Row]) -> None:
        """Goes on with these rows only, in this order."""
        self.rows = list(rows)
        settings = [row.sampling for row in rows]
        self._keys = _mix(self._tensor([_signed(row.seed) for row in rows], torch.int64) + _signed(_GOLDEN))
        self._temperature = self._tensor([each.temperature or 1.0 for each in settings], torch.float32)[:, None]
        self._noise = self._tensor([float(each.temperature > 0) for each in settings], torch.float64)[:, None]
        self._top_p = self._tensor([each.top_p for each in settings], torch.float32)[:, None]
        widths = [1 if each.temperature <= 0 else each.top_k for each in settings]
        self._width = 0 if 0 in widths else max(widths, default=1)
        self._top_k = self._tensor([width or 2**31 for width in widths], torch.int64)[:, None]
        self._is_greedy = all(each.temperature <= 0 for each in settings)

    def choose(self, scores: torch.Tensor) -> torch.Tensor:
        """Token ids of shape (rows,) from raw scores of shape (rows, vocabulary); the scores are used up."""
        scores = self._penalise(scores.float())
        self._ban(scores)
        if self._is_greedy:
            return scores.argmax(-1)
        width = min(self._width or scores.shape[-1], scores.shape[-1])
        values, ids = scores.topk(width, dim=-1)
        values = values / self._temperature
        places = torch.arange(width, device=self.device)
        values = values.masked_fill(places >= self._top_k, -torch.inf)
        probabilities = values.softmax(-1)
        # The token that crosses top_p stays, so at least one is left.
        values = values.masked_fill(probabilities.cumsum(-1) - probabilities >= self._top_p, -torch.inf)
        chosen = (values + self._noise * self._gumbel(ids)).argmax(-1, keepdim=True)
        return ids.gather(-1, chosen).squeeze(-1)

    def _gumbel(self, ids: torch.Tensor) -> torch.Tensor:
        steps = self._tensor([len(row.tokens) for row in self.rows], torch.int64)
        keys = _mix(self._keys + steps * _signed(_GOLDEN))
        bits = _mix(keys[:, None] + ids * _signed(_GOLDEN))
        uniform = (_shift(bits, 11).double() + 0.5) * 2.0**-53
        return -torch.log(-torch.log(uniform))

    def _penalise(self, scores: torch.Tensor) -> torch.Tensor:
        # Only what was generated counts: values of the prompt are there to be copied.
        for place, row in enumerate(self.rows):
            penalty = row.sampling.repetition_penalty
            if penalty != 1.0 and row.tokens:
                ids = self._tensor(sorted(set(row.tokens)), torch.int64)
                seen = scores[place, ids]
                scores[place, ids] = torch.where(seen > 0, seen / penalty, seen * penalty)
        return scores

    def _ban(self, scores: torch.Tensor) -> None:
        places, tokens = [], []
        for place, row in enumerate(self.rows):
            for token in row.banned():
                places.append(place)
                tokens.append(token)
        if tokens:
            scores[self._tensor(places, torch.int64), self._tensor(tokens, torch.int64)] = -torch.inf

    def _tensor(self, values: list, dtype: torch.dtype) -> torch.Tensor:
        return torch.tensor(values, dtype=dtype, device=self.device)


def _signed(number: int) -> int:
    """The number's low 64 bits as torch's int64 holds them."""
    number &= 2**64 - 1
    return number - 2**64 if number >= 2**63 else number


def _shift(bits: torch.Tensor, count: int) -> torch.Tensor:
    # torch shifts int64 with its sign; the mask makes it a logical shift.
    return (bits >> count) & (2 ** (64 - count) - 1)


def _mix(bits: torch.Tensor) -> torch.Tensor:
    """The finaliser of splitmix64; products wrap around in int64."""
    bits = (bits ^ _shift(bits, 30)) * _signed(_MULTIPLIERS[0])
    bits = (bits ^ _shift(bits, 27)) * _signed(_MULTIPLIERS[1])
    return bits ^ _shift(bits, 31)
