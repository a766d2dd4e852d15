"""The trainer on a tiny model: it ends with a folder that loads, and goes on after a kill from where it stood."""

import json
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import call_command

from apps.training import services
from apps.training.config import load_config
from apps.training.services import TrainingRefused, train_description

TINY = {"max_tokens": 8_000, "short_examples": 50, "checkpoint_steps": 4, "evaluation_sheets": 1, "candidates": 1}

ROW = {
    "title": "Alder kettle", "brand": "Auvio", "category": "Kettles", "language": "en", "field": "long_description",
    "facts": {"Capacity": "1.7 l"}, "text": "The Alder kettle from Auvio holds 1.7 l.",
}  # fmt: skip


@pytest.fixture(autouse=True)
def small_tokenizer_sample(monkeypatch):
    monkeypatch.setattr(services, "TOKENIZER_SAMPLE", 300)


def tiny(**changes):
    return load_config("tiny", **(TINY | changes))


def test_a_run_ends_with_a_model_that_loads_and_a_card_that_says_what_it_is(tmp_path):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    figures = train_description(config=tiny(), folder=tmp_path / "run")
    folder = tmp_path / "run" / "model"
    model, tokenizer = AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    assert model.config.vocab_size == len(tokenizer)
    assert tokenizer.decode(tokenizer("7.5 h 保温 🫖").input_ids) == "7.5 h 保温 🫖"
    card = json.loads((folder / "card.json").read_text())
    assert card["languages"] == ["en"]
    assert figures["steps"] > 0
    assert set(figures["held_out"]) >= {"long_description", "seo_title"}


@pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
def test_training_multiplies_in_bf16_where_the_machine_has_it(tmp_path, monkeypatch, dtype):
    import torch

    from apps.training import modelling, trainer

    seen, make = set(), modelling.new_model

    def watched(*args):
        model = make(*args)
        model.model.layers[0].mlp.down_proj.register_forward_hook(lambda module, given, made: seen.add(made.dtype))
        return model

    monkeypatch.setattr(modelling, "new_model", watched)
    monkeypatch.setattr(trainer, "has_bf16", lambda: dtype == "bfloat16")
    train_description(config=tiny(max_tokens=3_000), folder=tmp_path / "run")
    assert seen == {getattr(torch, dtype)}


def test_digits_are_read_one_by_one(tmp_path):
    from apps.training.tokenizer import build_tokenizer

    tokenizer = build_tokenizer(["The kettle holds 1234 ml."] * 20, vocabulary=400, longest=64)
    pieces = [tokenizer.decode([token]).strip() for token in tokenizer("1234").input_ids]
    assert [piece for piece in pieces if piece] == ["1", "2", "3", "4"]


def test_a_killed_run_goes_on_from_its_last_checkpoint(tmp_path):
    folder = tmp_path / "run"
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"max_tokens": 100_000, "vocabulary": 512, "hidden_size": 64, "layers": 2, "heads": 2,
                                  "intermediate_size": 128, "batch_tokens": 1024, "checkpoint_steps": 4,
                                  "evaluation_sheets": 1, "candidates": 1, "threads": 1, "short_examples": 50}))  # fmt: skip
    rows = tmp_path / "own.jsonl"
    rows.write_text("\n".join(json.dumps(ROW | {"title": f"Alder kettle {number}"}) for number in range(3000)))
    command = [sys.executable, "manage.py", "train", "description", "--config", str(config), "--out", str(folder)]
    command += ["--data", str(rows)]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(folder.glob("checkpoint-*/trainer_state.json")):
        assert process.poll() is None, "the run ended before its first checkpoint"
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    from apps.training.trainer import last_checkpoint

    reached = int(last_checkpoint(folder).name.removeprefix("checkpoint-"))
    stored = json.loads((folder / "run.json").read_text())
    stored["config"]["max_minutes"] = 0.02
    (folder / "run.json").write_text(json.dumps(stored))
    figures = train_description(config=tiny(), folder=folder, resume=True)
    assert figures["steps"] >= reached
    assert (folder / "model" / "model.safetensors").is_file()


def test_a_folder_that_holds_a_run_is_not_overwritten(tmp_path):
    (tmp_path / "run.json").write_text(json.dumps({"config": {}, "data": "corpus", "base": "", "lora": False}))
    with pytest.raises(TrainingRefused, match="--resume"):
        train_description(config=tiny(), folder=tmp_path)
    with pytest.raises(TrainingRefused, match="no run"):
        train_description(config=tiny(), folder=tmp_path / "empty", resume=True)


def test_own_text_tunes_an_existing_model_with_an_adapter(tmp_path):
    from peft import PeftConfig

    train_description(config=tiny(), folder=tmp_path / "base")
    rows = tmp_path / "own.jsonl"
    rows.write_text("\n".join(json.dumps(ROW) for _ in range(30)))
    base = str(tmp_path / "base" / "model")
    train_description(config=tiny(), folder=tmp_path / "own", data=str(rows), base=base, lora=True)
    assert PeftConfig.from_pretrained(tmp_path / "own" / "model").base_model_name_or_path == base


def test_wrong_own_text_is_refused_with_the_row_and_the_field(tmp_path):
    rows = tmp_path / "own.jsonl"
    rows.write_text(
        '{"title": "A kettle", "field": "long_description", "facts": {}, "text": "A kettle."}\n{"title": 1}\n'
    )
    with pytest.raises(TrainingRefused, match="2"):
        train_description(config=tiny(), folder=tmp_path / "run", data=str(rows))


def test_the_command_says_what_is_wrong_in_one_line(tmp_path):
    with pytest.raises(SystemExit) as caught:
        call_command("train", "description", "--lora", "--out", str(tmp_path / "run"))
    assert caught.value.code == 2
