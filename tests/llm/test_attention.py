import pytest
import torch

from apps.llm.backends.attention import decode_attention


@pytest.mark.parametrize(("heads", "key_heads"), [(4, 4), (6, 2)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_single_token_attention_equals_torch_with_padding_and_unused_room(heads, key_heads, dtype):
    torch.manual_seed(0)
    query = torch.randn(3, heads, 1, 16, dtype=dtype)
    key, value = (torch.randn(3, key_heads, 40, 16, dtype=dtype) for _ in range(2))
    mask = torch.ones(3, 1, 1, 40, dtype=torch.bool)
    mask[0, ..., :7] = False
    mask[..., 35:] = False
    expected = torch.nn.functional.scaled_dot_product_attention(
        query.float(), key.float(), value.float(), attn_mask=mask, enable_gqa=True
    )
    found, _weights = decode_attention(torch.nn.Module(), query, key, value, mask)
    assert found.shape == (3, 1, heads, 16)
    tolerance = 1e-5 if dtype == torch.float32 else 0.03
    assert torch.allclose(found.transpose(1, 2).float(), expected, atol=tolerance)
    whole, _weights = decode_attention(torch.nn.Module(), query, key, value, None, scaling=0.1)
    unmasked = torch.nn.functional.scaled_dot_product_attention(
        query.float(), key.float(), value.float(), scale=0.1, enable_gqa=True
    )
    assert torch.allclose(whole.transpose(1, 2).float(), unmasked, atol=tolerance)
