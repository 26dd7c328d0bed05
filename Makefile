# Two commands do everything on a fresh machine with Python >= 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO ?= demo
REF ?= HEAD
SCHOOLS ?= 50
# Beside the one of $(VENV); a whole path will do too.
PYTHONS ?= $(filter-out python$(shell $(PYTHON) -c "import sys; print('%d.%d' % sys.version_info[:2])"),python3.11 python3.12 python3.13)
# Two processes; what tests of one file share is made once.
PARALLEL ?= -n 2 --dist loadfile
# What a demo has put into inbox/ and outbox/; without a demo they are somebody's own.
CLEAR_DEMO = if [ -f $(DEMO)/nastavnik.toml ]; then \
	find inbox outbox -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +; fi; rm -rf $(DEMO)

.PHONY: demo check test test-all test-under coverage lint docs pictures bench bench-peers compare clean

# Settings and state lie in demo/, files come and go in the repository's own inbox/ and outbox/.
demo: $(READY)
	$(CLEAR_DEMO)
	$(BIN)/nastavnik demo $(DEMO) --inbox inbox --outbox outbox

# The inner loop: everything but what goes the whole way in processes of its own.
check: $(READY) lint
	$(BIN)/python -m pytest $(PARALLEL) --ignore tests/whole --ignore tests/flows

# Tests come in another order each time; the seed stands in the head of what is printed.
test: $(READY) lint
	$(BIN)/python -m pytest $(PARALLEL)

# With the long sweeps, examples that Hypothesis makes up anew, and outside programs (LibreOffice,
# Chromium) where they are installed, and under each Python of PYTHONS that is here.
test-all: $(READY) lint
	$(BIN)/python -m pytest $(PARALLEL) --hypothesis-profile=default -m "heavy or not heavy"
	@for python in $(PYTHONS); do \
		if $$python -c "" 2>/dev/null; then \
			$(MAKE) test-under PYTHON=$$python VENV=build/$$(basename $$python) || exit 1; \
		fi; \
	done

test-under: $(READY)
	$(BIN)/python -m pytest $(PARALLEL)

# Branches too; fails below the figure of pyproject.toml.
coverage: $(READY)
	$(BIN)/python -m coverage run -m pytest
	$(BIN)/python -m coverage report

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Everything under docs/ that is generated; a test fails when it is stale.
docs: $(READY)
	$(BIN)/python -m pipeline.reference.forms docs
	$(BIN)/python -m pipeline.reference.program docs
	$(BIN)/python -m pipeline.reference.plan .

# The pictures of the README, from a demo; needs LibreOffice, poppler, Chromium, pngquant.
pictures: $(READY)
	$(BIN)/python docs/pictures/make.py

# What it costs, as ratios to reading the same files: bench/README.md.
bench: $(READY)
	$(BIN)/python -m bench.run --schools $(SCHOOLS)

# A yardstick whose versions are not ours.
bench-peers:
	$(PYTHON) -m venv bench/results/earthmover
	bench/results/earthmover/bin/python -m pip install --quiet "earthmover[excel]>=0.4.10,<0.5"

# What this tree says of a corpus of files differently from the commit REF: docs/comparing.md.
compare: $(READY)
	$(BIN)/python -m bench.compare --ref $(REF)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25"
	$(BIN)/python -m pip install --quiet -c constraints.txt -e ".[dev]"
	touch $(READY)

clean:
	$(CLEAR_DEMO)
	rm -rf $(VENV) build dist *.egg-info
