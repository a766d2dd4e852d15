# Everything that is typed here: make run, stop, test, lint, bench, messages. Needs Python 3.11 and make.
SHELL := /bin/sh
PYTHON ?= python3.11
VENV ?= .venv
PORT ?= 8000
TESTS ?= tests
PY := $(VENV)/bin/python
export PORT

.PHONY: run stop test lint bench install install-dev chromium messages clean
.DEFAULT_GOAL := run

run: install
	@exec $(PY) -m shopai.supervisor

stop: install
	@exec $(PY) -m shopai.supervisor stop

test: install-dev chromium
	@exec $(PY) -m pytest $(TESTS)

lint: install-dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(VENV)/bin/lint-imports
	@$(PY) manage.py check
	@SHOPAI_STATE_DIR=.shopai/test $(PY) manage.py makemigrations --check --dry-run

# make bench lists them; make bench BENCH=name runs one.
bench: install-dev
ifdef BENCH
	@exec $(PY) benchmarks/$(BENCH).py
else
	@for file in benchmarks/*.py; do $(PY) -c 'import ast,pathlib,sys; path = pathlib.Path(sys.argv[1]); text = ast.get_docstring(ast.parse(path.read_text())) or ""; path.stem.startswith("_") or print(f"make bench BENCH={path.stem:<20} {text.splitlines()[0] if text else str()}")' $$file; done
endif

# Needs GNU gettext (apt install gettext). Both files of locale/ are committed: the product does not compile at run time.
messages: install
	@$(PY) manage.py makemessages --all --no-obsolete --no-wrap --add-location file --ignore tests --ignore benchmarks --ignore $(VENV)
	@$(PY) manage.py compilemessages --ignore $(VENV)

install:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "shopai: ShopAI needs Python 3.11: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) shopai/install.py $(VENV) requirements.txt

install-dev:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "shopai: ShopAI needs Python 3.11: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) shopai/install.py $(VENV) requirements-dev.txt

chromium:
	@$(PY) -m tests.chromium

clean: stop
	@rm -rf staticfiles .pytest_cache .ruff_cache .import_linter_cache
