"""Attention for one new token per row on a CPU, where torch's own kernel is slow.

In bf16 `scaled_dot_product_attention` is several times slower than two batched products, all the more with grouped
heads; benchmarks/engine_throughput.py prints what the whole of it is worth.
"""

import torch
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "shopai_decode"


def decode_attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    **kwargs,
) -> tuple[torch.Tensor, None]:
    """query (rows, heads, 1, size), key and value (rows, key heads, length, size) -> (rows, 1, heads, size), None."""
    rows, heads, queries, size = query.shape
    is_plain = attention_mask is None or attention_mask.dtype == torch.bool
    if queries != 1 or not is_plain or dropout or kwargs.get("position_bias") is not None:
        return sdpa_attention_forward(
            module, query, key, value, attention_mask, dropout=dropout, scaling=scaling, **kwargs
        )
    key_heads, length = key.shape[1], key.shape[2]
    grouped = query.reshape(rows * key_heads, heads // key_heads, size)
    scores = torch.bmm(grouped, key.reshape(rows * key_heads, length, size).transpose(1, 2))
    scores = scores.float() * (scaling if scaling is not None else size**-0.5)
    if attention_mask is not None:
        blocked = ~attention_mask[:, :, -1:, :length]
        scores = scores.view(rows, key_heads, -1, length).masked_fill_(blocked, -torch.inf).view_as(scores)
    weights = scores.softmax(-1).to(value.dtype)
    output = torch.bmm(weights, value.reshape(rows * key_heads, length, value.shape[-1]))
    return output.view(rows, 1, heads, -1), None


def install(model) -> None:
    """Makes a model that runs on torch's kernel use this one for single tokens."""
    AttentionInterface.register(NAME, decode_attention)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    if model.config._attn_implementation == "sdpa":
        model.set_attn_implementation(NAME)
