"""How each field is sampled."""

from apps.llm.backends.base import Sampling

# Tokens that a text of the field may take, for a tokenizer that spells digits one by one; the rules judge its length.
_MAX_NEW_TOKENS = {
    "long_description": 220,
    "mobile_description": 70,
    "bullets": 200,
    "seo_title": 40,
    "seo_meta": 90,
    "image_alt": 60,
}


def sampling_for(*, field: str, style: str) -> Sampling:
    """A small model keeps closer to its facts at a lower temperature; an instruct model may vary more."""
    tokens = _MAX_NEW_TOKENS.get(field, 220)
    if style == "chat":
        return Sampling(temperature=0.8, top_p=0.95, top_k=50, max_new_tokens=2 * tokens, no_repeat_ngram_size=0)
    return Sampling(temperature=0.7, top_p=0.92, top_k=40, max_new_tokens=tokens, no_repeat_ngram_size=6)


def candidate_seeds(*, seed: int, round: int, n: int) -> tuple[int, ...]:
    """One seed per candidate, so that each can be made again alone."""
    return tuple((seed * 1_000_003 + round * 1_009 + ordinal) % (1 << 62) for ordinal in range(n))
