"""Markets: ISO 3166 codes, and `EU`, which every member state counts as."""

from collections.abc import Iterable

EU_MEMBERS = frozenset(
    ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV"]
    + ["MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"]
)


def normalize(market: str) -> str:
    return market.strip().upper()


def is_in(market: str, wanted: Iterable[str]) -> bool:
    """Whether what counts in one of the `wanted` markets counts in `market`: EU law binds in DE."""
    return market in wanted or (market in EU_MEMBERS and "EU" in wanted)
