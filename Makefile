# Two commands do everything on a fresh machine with Python 3.11 or later: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= auto
# The arrays are small: threads inside NumPy only get in the way of tests that run side by side.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help demo test lint types imports unit docs bench simulation clean

help:
	@echo "make demo        pair the bundled audit, draw a lottery, prove both (in pairing-demo/)"
	@echo "make test        style, types, import layers and all tests"
	@echo "make docs        build the documentation site (in build/site/)"
	@echo "make bench       time the engine beside its peers, each question to a plan, and growth (writes docs/benchmarks.md)"
	@echo "make simulation  the full simulation of what pairing promises (the table of docs/simulation.md)"
	@echo "make clean       remove what these commands made"

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "pairing needs Python 3.11 or later; name one with: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test,docs]"
	@touch $@

demo: $(VENV)/.installed
	$(BIN)/pairing demo --out pairing-demo --force

test: lint types imports unit

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed
	$(BIN)/mypy

imports: $(VENV)/.installed
	$(BIN)/lint-imports --no-cache

unit: $(VENV)/.installed
	$(BIN)/python -m pytest --numprocesses $(WORKERS)

docs: $(VENV)/.installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

$(VENV)/.bench-installed: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test,docs,bench]"
	@touch $@

bench: $(VENV)/.bench-installed
	$(BIN)/python benchmarks/pairing_speed.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/questions_speed.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/peers/suite.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/scale.py --check --write docs/benchmarks.md

simulation: $(VENV)/.bench-installed
	$(BIN)/python benchmarks/honesty.py

clean:
	rm -rf $(VENV) pairing-demo build .mypy_cache .pytest_cache .ruff_cache .hypothesis
