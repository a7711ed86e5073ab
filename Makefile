# Two targets are for everybody: `make demo` shows the whole job, `make test` checks it.
# Both set up .venv from requirements.lock by themselves.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Nothing that runs here reports to anyone.
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
# With this set nothing would ever be compiled, and Prefect's server would miss its start limit.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH

.PHONY: help demo test security audit licences fuzz soak load bench screenshots kills scale lock calibrate clean
help:             ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

demo: $(VENV)/core  ## set up, then crawl the demo site, read it and show what came out
	@$(BIN)/tongket demo

kills: $(VENV)/test    ## kill runs at twenty random moments and compare what is left (minutes)
	TONGKET_TEST_KILLS=20 $(BIN)/python -m pytest tests/faults/test_kills.py tests/faults/test_kills_dataset.py

soak: $(VENV)/test     ## two simulated weeks of nightly runs, each with a fault, compared with undisturbed ones (minutes)
	TONGKET_TEST_NIGHTS=14 $(BIN)/python -m pytest tests/soak

load: $(VENV)/test     ## fifty readers for a minute before the pages of a large release: errors, times, requests a second
	$(BIN)/python -m tests.benchmarks.bench_load --output outputs/bench/load.json

fuzz: $(VENV)/test     ## try twenty times as many texts, pages and files that nobody wrote, and longer ones (an hour)
	TONGKET_TEST_FUZZ=20 $(BIN)/python -m pytest tests/fuzz

scale: $(VENV)/test    ## read 2,000 articles on a Dask cluster, losing a worker, and compare (minutes)
	TONGKET_TEST_ARTICLES=2000 $(BIN)/python -m pytest -s tests/flows/test_dask.py

bench: $(VENV)/test    ## measure articles, pages and rows a second, memory, what Prefect costs and how fast pages are served, and print the figures
	$(BIN)/python -m tests.benchmarks.bench_read --output outputs/bench/read.json
	$(BIN)/python -m tests.benchmarks.bench_crawl --output outputs/bench/crawl.json
	$(BIN)/python -m tests.benchmarks.bench_dataset --output outputs/bench/dataset.json
	$(BIN)/python -m tests.benchmarks.bench_flow --output outputs/bench/flow.json
	$(BIN)/python -m tests.benchmarks.bench_explore --output outputs/bench/explore.json

screenshots: $(VENV)/test  ## take README's pictures of `tongket explore` anew (needs Chromium)
	$(BIN)/python -m tests.browser.screenshots

test: $(VENV)/test  ## set up, then ruff, mypy, import contract and pytest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n 2 --dist worksteal

security: $(VENV)/test  ## run the tests that show guards, in their long forms, and write the table of SECURITY.md anew (minutes)
	TONGKET_TEST_THREATS=SECURITY.md TONGKET_TEST_KILLS=20 TONGKET_TEST_FUZZ=10 \
	    $(BIN)/python -m pytest -n 2 --dist worksteal -m guard

AUDIT := pip-audit==2.10.1
audit:            ## ask PyPI whether a pinned package has a known weakness (needs the network)
	@test -x $(VENV)/audit/bin/pip-audit || ($(PYTHON) -m venv $(VENV)/audit && $(VENV)/audit/bin/python -m pip install -qq $(AUDIT))
	@$(PYTHON) tests/security/audit.py $(VENV)/audit/bin/pip-audit

licences: $(VENV)/test  ## write pipeline/licences.tsv anew: the licences of all that comes with the program
	$(BIN)/python -m tests.security.licences

# One file for both sets: what `make demo` needs stands above the dividing line, what only `make test` adds below.
COMPILE := uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 --no-header --no-annotate
lock:             ## write requirements.lock anew from pyproject.toml (needs uv)
	$(COMPILE) --quiet -o $(VENV)/core.txt
	$(COMPILE) --quiet --extra test -c $(VENV)/core.txt -o $(VENV)/all.txt
	cat $(VENV)/core.txt > requirements.lock
	echo "# --- only for make test ---" >> requirements.lock
	awk 'NR == FNR { if (/^[a-z0-9]/) core[$$1]; next } /^[a-z0-9]/ { keep = !($$1 in core) } keep' \
	    $(VENV)/core.txt $(VENV)/all.txt >> requirements.lock

calibrate: $(VENV)/core  ## measure anew how far figures and awards can be trusted, and what a release says of it
	$(BIN)/python -m pipeline.evaluate.calibrate corpus/gold > $(VENV)/confidence.tsv
	mv $(VENV)/confidence.tsv extractors/lexicon/confidence.tsv
	$(BIN)/python -m pipeline.evaluate.quality corpus/gold > $(VENV)/quality.json
	mv $(VENV)/quality.json pipeline/dataset/codebook/quality.json

clean:            ## remove the virtual environment and what runs have left
	rm -rf $(VENV) corpus/archive
	git clean -qfdX outputs

INSTALL := $(PIP) install -qq --no-compile --no-deps --require-hashes
$(VENV)/core: pyproject.toml requirements.lock
	@echo "Setting up $(VENV): the pinned packages, about a minute the first time."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@sed '/^# --- only for make test/,$$d' requirements.lock > $(VENV)/core.txt
	@$(INSTALL) -r $(VENV)/core.txt
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib || true
	@touch $@

$(VENV)/test: $(VENV)/core
	@echo "Adding what the tests need."
	@$(INSTALL) -r requirements.lock
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib || true
	@touch $@
