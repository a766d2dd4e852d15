"""The model that a run trains: a small Qwen3 from scratch, an existing causal LM, or one with a LoRA adapter."""

from pathlib import Path
from typing import TYPE_CHECKING

from .config import TrainingConfig

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def new_model(tokenizer: "PreTrainedTokenizerBase", config: TrainingConfig) -> "PreTrainedModel":
    """A Qwen3 with random weights in the shape that `config` gives; the seed decides the weights."""
    from transformers import AutoModelForCausalLM, GenerationConfig, Qwen3Config, set_seed

    set_seed(config.seed)
    shape = Qwen3Config(
        vocab_size=-(-len(tokenizer) // 64) * 64,
        hidden_size=config.hidden_size,
        intermediate_size=config.intermediate_size,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        num_key_value_heads=config.heads,
        head_dim=config.hidden_size // config.heads,
        max_position_embeddings=1024,
        rope_parameters={"rope_type": "default", "rope_theta": 10_000.0},
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    # On short rows plain attention trains a quarter faster on a CPU than the fused kernel; the saved files do not name it.
    model = AutoModelForCausalLM.from_config(shape, attn_implementation="eager")
    model.generation_config = GenerationConfig(
        do_sample=True,
        temperature=0.6,
        top_p=0.95,
        max_new_tokens=320,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return model


def existing_model(
    base: str, config: TrainingConfig, *, lora: bool
) -> tuple["PreTrainedModel", "PreTrainedTokenizerBase"]:
    """The model and tokenizer of a folder or hub id; with `lora` only an adapter of rank `config.lora_rank` is trained."""
    from transformers import AutoModelForCausalLM, AutoTokenizer, set_seed

    set_seed(config.seed)
    tokenizer = AutoTokenizer.from_pretrained(base)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    model = AutoModelForCausalLM.from_pretrained(base, dtype="float32")
    if lora:
        from peft import LoraConfig, get_peft_model

        adapter = LoraConfig(
            r=config.lora_rank, lora_alpha=2 * config.lora_rank, target_modules="all-linear", task_type="CAUSAL_LM"
        )
        model = get_peft_model(model, adapter)
    return model, tokenizer


def save_model(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", folder: Path) -> None:
    """Weights as bf16 safetensors with configuration and tokenizer: a folder that `from_pretrained` loads."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    # Training switches the cache of keys and values off; who loads the model generates with it.
    model.config.use_cache = True
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    for path in folder.glob("*.safetensors"):
        path.chmod(0o644)
