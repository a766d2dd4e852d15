"""The rules of the house that a reader relies on: sizes, names, layers, migrations, and nothing of one machine."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES, MOST_FUNCTION_LINES = 400, 40
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "managers.py", "signals.py"}
# Folders of one machine, and what belongs into no public file.
OF_ONE_MACHINE = re.compile(
    rf"(?<![\w.])(?:/root/\w|/Users/\w|/home/(?!nonexistent|shopai)\w|{re.escape(str(ROOT))}(?!\w))", re.ASCII
)
CREDENTIAL = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bhf_[A-Za-z]{30,}")
TEXT = {".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".html", ".js", ".css", ".sh", ".json", ""}


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and file.suffix in suffixes]


def code() -> list[Path]:
    return [file for file in tracked(".py") if "migrations" not in file.parts]


def functions(file: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_file_is_longer_than_a_reader_can_hold():
    long = {
        str(file.relative_to(ROOT)): n for file in code() if (n := file.read_text("utf-8").count("\n")) > MOST_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name} ({node.end_lineno - node.lineno + 1})"
        for file in code()
        for node in functions(file)
        if node.end_lineno - node.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert long == []


def test_no_file_has_a_name_that_says_nothing():
    assert [str(file.relative_to(ROOT)) for file in tracked(".py") if file.name in FORBIDDEN_NAMES] == []


def test_imports_point_down_only():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_nothing_names_one_machine_or_holds_a_credential():
    found = []
    for file in tracked(*TEXT):
        if file == Path(__file__) or file.stat().st_size > 2_000_000:
            continue
        text = file.read_text(encoding="utf-8", errors="ignore")
        found += [f"{file.relative_to(ROOT)}: {hit[0]}" for hit in OF_ONE_MACHINE.finditer(text)]
        found += [f"{file.relative_to(ROOT)}: a credential" for _ in CREDENTIAL.finditer(text)]
    assert found == []


def test_settings_never_run_tasks_eagerly():
    assert [
        str(file.relative_to(ROOT)) for file in code() if "task_always_" + "eager" in file.read_text("utf-8").lower()
    ] == []


def test_web_process_loads_no_torch():
    program = "import django, sys; django.setup(); import shopai.urls, shopai.wsgi; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
