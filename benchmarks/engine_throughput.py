"""Generated tokens per second: our backend against the model's own `generate` on the same prompts, sorted the same way.

    python benchmarks/engine_throughput.py [--model FOLDER] [--products 48] [--candidates 2] [--threads 1]

Without --model it takes the bundled model, or where there is none a random one of the same size. Both run the same
weights in the same number format, in batches sorted by length; the peer samples with num_return_sequences. Two cases:
every text of full length, and texts that end by themselves (a random model gets many end tokens, so that it does).
Seconds are the process's own processor time, so that what else the machine does is not measured; with one thread on an
idle machine they are the clock's.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import process_time

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopai.settings")

import django  # noqa: E402

django.setup()

import torch  # noqa: E402
import transformers  # noqa: E402

from apps.llm import prompts  # noqa: E402
from apps.llm.backends.base import GenerateRequest, Sampling  # noqa: E402
from apps.llm.backends.transformers import TransformersBackend  # noqa: E402

MATERIALS = ["oak", "cotton", "steel", "ceramic", "wool"]
NOUNS = ["chair", "shirt", "kettle", "lamp", "blanket", "desk", "bottle"]
SAMPLING = {"temperature": 0.8, "top_p": 0.95, "top_k": 50}


@dataclass
class Timing:
    tokens: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.tokens / self.seconds


def random_model(folder: Path) -> str:
    """A model of the bundled one's shape with random weights and a byte-level tokenizer."""
    from tests.llm.tiny import byte_tokenizer

    torch.manual_seed(0)
    tokenizer = byte_tokenizer(chat=False)
    config = transformers.Qwen3Config(
        vocab_size=8000, hidden_size=320, intermediate_size=1024, num_hidden_layers=8, num_attention_heads=5,
        num_key_value_heads=5, head_dim=64, tie_word_embeddings=True, max_position_embeddings=1024,
        eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    transformers.Qwen3ForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def sheets(count: int, style: str) -> list[prompts.RenderedPrompt]:
    """Prompts of made-up products with two to nine facts."""
    rendered = []
    for number in range(count):
        material, noun = MATERIALS[number % len(MATERIALS)], NOUNS[number % len(NOUNS)]
        facts = [("Material", material), ("Width", f"{20 + number} cm"), ("Colour", "navy"), ("Weight", "1.2 kg")]
        facts += [(f"Feature {place}", f"{material} part {place}") for place in range(5)]
        context = {
            "field": "long_description",
            "title": f"{material.title()} {noun} {number}",
            "brand": "Northwind",
            "category": noun,
            "facts": facts[: 2 + number % 8],
        }
        rendered.append(prompts.render(task="description", language="en", style=style, context=context))
    return rendered


def ours(backend: TransformersBackend, rendered: list, candidates: int, new_tokens: int) -> Timing:
    sampling = Sampling(**SAMPLING, max_new_tokens=new_tokens)
    requests = [
        GenerateRequest(prompt, candidates, tuple(range(place * 10, place * 10 + candidates)), sampling)
        for place, prompt in enumerate(rendered)
    ]
    started = process_time()
    results = backend.generate(requests)
    seconds = process_time() - started
    return Timing(sum(each.tokens for result in results for each in result.completions), seconds)


@torch.inference_mode()
def plain_generate(backend, model, rendered, candidates: int, new_tokens: int, ends: set[int], rows: int) -> Timing:
    """What transformers' documentation shows for batches: left padding, sampling, num_return_sequences."""
    ids = sorted(backend._encoder.encode(rendered), key=len, reverse=True)
    pad = backend._decoder.pad_token
    tokens, started = 0, process_time()
    for start in range(0, len(ids), max(1, rows // candidates)):
        batch = ids[start : start + max(1, rows // candidates)]
        longest = len(batch[0])
        written = model.generate(
            input_ids=torch.tensor([[pad] * (longest - len(each)) + each for each in batch]),
            attention_mask=torch.tensor([[0] * (longest - len(each)) + [1] * len(each) for each in batch]),
            do_sample=True,
            max_new_tokens=new_tokens,
            min_new_tokens=None if ends else new_tokens,
            num_return_sequences=candidates,
            eos_token_id=sorted(ends) or pad,
            pad_token_id=pad,
            **SAMPLING,
        )
        for row in written[:, longest:].tolist():
            tokens += next((place for place, token in enumerate(row) if token in ends), len(row))
    return Timing(tokens, process_time() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="")
    parser.add_argument("--products", type=int, default=48)
    parser.add_argument("--candidates", type=int, default=2)
    parser.add_argument("--new-tokens", type=int, default=160)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    bundled = ROOT / "weights" / "shopai-mini"
    source = options.model or (str(bundled) if (bundled / "config.json").exists() else "")
    with tempfile.TemporaryDirectory() as folder:
        compare(source or random_model(Path(folder)), options, is_random=not source)


def compare(source: str, options, *, is_random: bool) -> None:
    backend = TransformersBackend(model=source, device="cpu", threads=options.threads)
    info = backend.info()
    dtype = getattr(torch, info.dtype)
    peer = transformers.AutoModelForCausalLM.from_pretrained(source, dtype=dtype, attn_implementation="sdpa").eval()
    rendered, decoder = sheets(options.products, info.style), backend._decoder
    natural = set(range(0, 8000, 80)) if is_random else decoder.end_tokens
    print(f"{info.name if not is_random else 'random Qwen3'}: {info.parameters / 1e6:.1f} M parameters, {info.dtype}, "
          f"{options.products} products x {options.candidates} candidates, {options.threads} thread(s)")  # fmt: skip
    print(
        f"{'case':<34}{'rows':>5}{'generate':>12}{'ours':>12}{'ratio':>8}   (tokens per processor second, best of {options.rounds})"
    )
    for label, ends in (("every text of full length", set()), ("texts end by themselves", natural)):
        for rows in (32, 64):
            backend._budget.rows = rows
            decoder.end_tokens = ends
            runs = []
            for _ in range(options.rounds):
                runs.append((
                    plain_generate(backend, peer, rendered, options.candidates, options.new_tokens, ends, rows),
                    ours(backend, rendered, options.candidates, options.new_tokens),
                ))  # fmt: skip
            theirs, mine = max(run[0].rate for run in runs), max(run[1].rate for run in runs)
            print(f"{label:<34}{rows:>5}{theirs:>12.0f}{mine:>12.0f}{mine / theirs:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
