# The commands that people and CI run. They keep a virtual environment in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint format docs bench bench-quick clean

demo: $(VENV)/installed
	-@$(BIN)/vaultlint check examples/css-notes --exit-zero

# Where Python is told to write no bytecode, each program that a test starts would compile all modules.
test: $(VENV)/installed-dev
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/installed-dev
	$(BIN)/python scripts/write_rule_pages.py

bench: $(VENV)/installed
	$(BIN)/python -m bench.run $(ARGS)

bench-quick: $(VENV)/installed
	$(BIN)/python -m bench.run --quick

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/installed
