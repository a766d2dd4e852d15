"""Reading texts without writing any: probabilities of labels, and vectors."""

import inspect
from collections.abc import Sequence

import torch

from apps.llm.backends.base import PermanentLLMError
from apps.llm.backends.loading import Loaded


def encode_texts(loaded: Loaded, texts: Sequence[str], max_length: int) -> list[list[int]]:
    """Token ids, cut at what the model takes."""
    return loaded.tokenizer(list(texts), truncation=True, max_length=max_length)["input_ids"] if texts else []


def label_columns(loaded: Loaded, labels: Sequence[str]) -> list[int]:
    """Which output of a classifier stands for each label, compared without case."""
    known = {str(name).casefold(): int(place) for place, name in loaded.model.config.id2label.items()}
    missing = [label for label in labels if label.casefold() not in known]
    if missing:
        names = ", ".join(str(name) for name in loaded.model.config.id2label.values())
        raise PermanentLLMError(f"The model has no label {missing[0]}; it knows {names}.")
    return [known[label.casefold()] for label in labels]


def label_tokens(loaded: Loaded, labels: Sequence[str]) -> list[int]:
    """The first token of each label word, which must tell the labels apart."""
    tokens = [loaded.tokenizer(label, add_special_tokens=False)["input_ids"][:1] for label in labels]
    firsts = [first[0] for first in tokens if first]
    if len(set(firsts)) != len(labels):
        raise PermanentLLMError("The label words begin with the same token; choose words that differ in their first.")
    return firsts


@torch.inference_mode()
def label_probabilities(loaded: Loaded, batch: list[list[int]], columns: list[int]) -> list[list[float]]:
    """One row per text, one column per label, each row summing to 1; one forward pass."""
    if loaded.kind == "classifier":
        scores = loaded.model(**_padded(loaded, batch)).logits
    else:
        inputs = _padded(loaded, batch, on_left=True)
        accepted = inspect.signature(loaded.model.forward).parameters
        if "position_ids" in accepted:
            inputs["position_ids"] = (inputs["attention_mask"].cumsum(-1) - 1).clamp(min=0)
        if "logits_to_keep" in accepted:
            inputs["logits_to_keep"] = 1
        scores = loaded.model(**inputs).logits[:, -1]
    return scores[:, columns].float().softmax(-1).tolist()


@torch.inference_mode()
def mean_vectors(loaded: Loaded, batch: list[list[int]]) -> list[list[float]]:
    """Mean of the last hidden states over each text's own tokens, scaled to length 1."""
    inputs = _padded(loaded, batch)
    hidden = loaded.model(**inputs).last_hidden_state.float()
    mask = inputs["attention_mask"][..., None].float()
    means = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
    return torch.nn.functional.normalize(means, dim=-1).tolist()


def _padded(loaded: Loaded, batch: list[list[int]], *, on_left: bool = False) -> dict[str, torch.Tensor]:
    longest = max(1, max(len(ids) for ids in batch))
    pad = loaded.tokenizer.pad_token_id or 0
    ids, mask = [], []
    for row in batch:
        gap, own = [pad] * (longest - len(row)), [1] * len(row)
        none = [0] * len(gap)
        ids.append(gap + row if on_left else row + gap)
        mask.append(none + own if on_left else own + none)
    return {
        "input_ids": torch.tensor(ids, device=loaded.device),
        "attention_mask": torch.tensor(mask, device=loaded.device),
    }
