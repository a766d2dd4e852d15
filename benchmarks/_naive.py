"""The peer that most people would build: one Celery task per product, which calls `generate` for it and saves.

Started by throughput.py as a Celery worker of its own on the same services and the same model.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopai.settings")

import django

django.setup()

from shopai.celery import app  # noqa: E402

_loaded = {}


def load():
    """Model and tokenizer, once per process, with the settings that the product's own backend uses."""
    import torch
    from django.conf import settings
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if not _loaded:
        torch.set_num_threads(settings.SHOPAI_LLM_THREADS or max(1, (os.cpu_count() or 2) - 1))
        _loaded["tokenizer"] = AutoTokenizer.from_pretrained(settings.SHOPAI_MODEL, padding_side="left")
        dtype = torch.bfloat16 if has_bf16() else torch.float32
        _loaded["model"] = AutoModelForCausalLM.from_pretrained(settings.SHOPAI_MODEL, dtype=dtype).eval()
    return _loaded["model"], _loaded["tokenizer"]


def has_bf16() -> bool:
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    return "avx512_bf16" in flags or "amx_bf16" in flags


def generate(prompts: list[str], *, n: int, max_new_tokens: int) -> list[str]:
    """Texts of `model.generate` for these prompts as one batch, n for each."""
    import torch

    model, tokenizer = load()
    batch = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False)
    with torch.inference_mode():
        rows = model.generate(
            input_ids=batch.input_ids, attention_mask=batch.attention_mask, do_sample=True, temperature=0.7, top_p=0.92,
            top_k=40, max_new_tokens=max_new_tokens, num_return_sequences=n,
        )  # fmt: skip
    return tokenizer.batch_decode(rows[:, batch.input_ids.shape[1] :], skip_special_tokens=True)


@app.task(name="naive.write_copy", queue="naive")
def write_copy(draft_id: int) -> None:
    from apps.drafts.models import Candidate, Draft
    from apps.drafts.registry import provider_of
    from apps.drafts.services.sampling import sampling_for
    from apps.llm import prompts

    draft = Draft.objects.get(pk=draft_id)
    context = provider_of(draft.kind).prompt_contexts([draft_id])[draft_id]
    prompt = prompts.render(task="description", language=draft.language, style="plain", context=context)
    limit = sampling_for(field=draft.field, style="plain").max_new_tokens
    texts = generate([prompt.text], n=draft.candidates_wanted, max_new_tokens=limit)
    for ordinal, text in enumerate(texts, 1):
        Candidate.objects.create(
            draft=draft, round=9, ordinal=ordinal, text=text, seed=0, finish_reason="stop", severity=0
        )  # fmt: skip
