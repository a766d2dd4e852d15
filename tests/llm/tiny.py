"""Tiny models with tokenizers, built on the spot: random weights, real formats, loaded like any other model."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from apps.llm.backends.base import GenerateRequest, Sampling

CORPUS = [
    "Write a short text about this product. Title: Oak chair. Material: oak. Width: 45 cm. Colour: navy.",
    "The red cotton shirt with long sleeves is soft, warm and easy to wash at 30 degrees. Great value, poor fit.",
    "system user assistant positive negative neutral 0 1 2 3 4 5 6 7 8 9",
]
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)


@dataclass(frozen=True)
class Prompt:
    text: str = ""
    messages: tuple = field(default=())


def request(text: str, *, seeds=(1,), stop=(), messages=(), **sampling) -> GenerateRequest:
    settings = {"temperature": 1.0, "top_p": 1.0, "top_k": 20, "max_new_tokens": 12, **sampling}
    return GenerateRequest(Prompt(text, messages), len(seeds), tuple(seeds), Sampling(**settings), tuple(stop))


def byte_tokenizer(*, chat: bool) -> transformers.PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>" if chat else "<|endoftext|>"
    )
    if chat:
        fast.pad_token = "<|endoftext|>"
        fast.chat_template = CHAT_TEMPLATE
    return fast


def word_tokenizer() -> transformers.PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=300, special_tokens=special))
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", model_max_length=64
    )


def save_gpt2(folder: Path) -> Path:
    """No chat template, no pad token: as GPT-2 comes."""
    tokenizer = byte_tokenizer(chat=False)
    end = tokenizer.eos_token_id
    torch.manual_seed(1)
    config = transformers.GPT2Config(
        vocab_size=len(tokenizer), n_positions=128, n_embd=32, n_layer=2, n_head=4, bos_token_id=end, eos_token_id=end
    )
    return _save(folder, transformers.GPT2LMHeadModel(config), tokenizer)


def save_qwen3(folder: Path, **card) -> Path:
    """A chat template that knows enable_thinking; grouped heads."""
    tokenizer = byte_tokenizer(chat=True)
    torch.manual_seed(2)
    config = transformers.Qwen3Config(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=8, max_position_embeddings=256, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    return _save(folder, transformers.Qwen3ForCausalLM(config), tokenizer, card)


def save_bert(folder: Path, *, labels: tuple[str, ...] = ()) -> Path:
    """A classifier where labels are given, otherwise a bare encoder."""
    tokenizer = word_tokenizer()
    torch.manual_seed(3)
    config = transformers.BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=64, pad_token_id=0, id2label=dict(enumerate(labels)) if labels else None,
        label2id={label: place for place, label in enumerate(labels)} if labels else None,
    )  # fmt: skip
    kind = transformers.BertForSequenceClassification if labels else transformers.BertModel
    return _save(folder, kind(config), tokenizer)


def save_adapter(folder: Path, base: Path) -> Path:
    """A LoRA adapter with weights that change what the base writes."""
    from peft import LoraConfig, get_peft_model

    model = transformers.AutoModelForCausalLM.from_pretrained(base)
    torch.manual_seed(4)
    targets = ["c_attn"] if model.config.model_type == "gpt2" else ["q_proj", "v_proj"]
    config = LoraConfig(r=4, lora_alpha=64, target_modules=targets, init_lora_weights=False, task_type="CAUSAL_LM")
    get_peft_model(model, config).save_pretrained(folder)
    return folder


def _save(folder: Path, model, tokenizer, card: dict | None = None) -> Path:
    # Larger than the usual start, so that the random model prefers some tokens clearly.
    for weights in model.parameters():
        if weights.dim() > 1:
            weights.data.normal_(std=0.3)
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    if card:
        (folder / "card.json").write_text(json.dumps(card))
    return folder
