"""Predicting how long a batch takes, from what earlier ones took. Pure Python."""

from dataclasses import dataclass, field


@dataclass
class CostModel:
    """seconds = start + each * tokens, fitted by least squares over batches that count less the older they are.

    A batch has a price of its own (reading the prompts, one step after the other) beside the price of its tokens, so a
    plain rate would promise too little for large batches and too much for small ones.
    """

    memory: float = 0.9  # how much an earlier batch still counts after one more
    default_rows: int = 8  # rows of a first batch, while nothing is known
    _sums: list[float] = field(default_factory=lambda: [0.0] * 5)  # weight, tokens, seconds, tokens^2, tokens*seconds
    _rows: float = 0.0

    def update(self, *, rows: int, tokens: int, seconds: float) -> None:
        """Learns from a batch: candidates, tokens generated over all of them, seconds."""
        if rows < 1 or tokens < 1 or seconds <= 0:
            return
        new = (1.0, float(tokens), seconds, float(tokens) ** 2, tokens * seconds)
        self._sums = [self.memory * old + value for old, value in zip(self._sums, new, strict=True)]
        self._rows = self.memory * self._rows + rows

    @property
    def is_known(self) -> bool:
        return self._rows > 0

    @property
    def tokens_per_row(self) -> float:
        """Mean tokens that a candidate came out with; 0.0 while nothing is known."""
        return self._sums[1] / self._rows if self._rows else 0.0

    def predict(self, *, tokens: float) -> float:
        """Seconds for a batch of so many generated tokens; 0.0 while nothing is known."""
        if not self.is_known:
            return 0.0
        start, each = self._line()
        return start + each * tokens

    def predict_rows(self, seconds: float, *, tokens_per_row: float | None = None) -> int:
        """How many candidates fit in so many seconds, at least one."""
        if not self.is_known:
            return self.default_rows
        start, each = self._line()
        return max(1, int((seconds - start) / (each * (tokens_per_row or self.tokens_per_row))))

    def _line(self) -> tuple[float, float]:
        weight, x, y, xx, xy = self._sums
        spread = weight * xx - x * x
        each = (weight * xy - x * y) / spread if spread > 1e-6 * weight * xx else 0.0
        start = (y - each * x) / weight
        # Batches all of one size, or noise, say nothing about the start: then a plain rate.
        return (start, each) if each > 0 and start >= 0 else (0.0, y / x)
