# Two commands do everything on a fresh machine with Python >= 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO ?= demo

.PHONY: demo test test-all lint docs bench clean

demo: $(READY)
	rm -rf $(DEMO)
	$(BIN)/nastavnik demo $(DEMO)

test: $(READY) lint
	$(BIN)/python -m pytest

# With the long sweeps and outside programs (LibreOffice, Chromium) where they are installed.
test-all: $(READY) lint
	$(BIN)/python -m pytest -m "heavy or not heavy"

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Everything under docs/ that is generated; a test fails when it is stale.
docs: $(READY)
	$(BIN)/python -m pipeline.reference.forms docs
	$(BIN)/python -m pipeline.reference.program docs

bench: $(READY)
	$(BIN)/python -m bench.run

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25"
	$(BIN)/python -m pip install --quiet -c constraints.txt -e ".[dev]"
	touch $(READY)

clean:
	rm -rf $(VENV) $(DEMO) build dist *.egg-info
