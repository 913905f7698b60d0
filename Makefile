# Everything runs in its own environment, .venv, which each target makes if it is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# pip of the system installs into the environment, so that it needs no pip of its own and keeps the user's settings.
PIP := $(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python

FUZZ ?= 5000

.PHONY: fuzz mutate audit sbom demo test check fix docs site cases bench bench-jobs bench-check bench-check-update bench-peers lock clean

demo: $(STAMP)  ## anonymize a sample file, show the preview and the first rows of the result
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh docs/demo.sh

test: $(STAMP)  ## the whole test suite
	$(BIN)/python -m pytest -n 2

check: $(STAMP)  ## lint, types, import contracts, docs, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check anonymize tests docs sample_data benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check
	$(BIN)/python -m pytest -n 2

fix: $(STAMP)  ## what can be put right without thinking
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format anonymize tests docs sample_data benchmarks

docs: $(STAMP)  ## write the reference pages from the components
	$(BIN)/python -m docs.generate

site: $(STAMP)  ## the documentation as a site, in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --site-dir site

cases: $(STAMP)  ## record what the command line prints now as expected
	ANONYMIZE_WRITE_CASES=1 $(BIN)/python -m pytest tests/cli/test_cases.py
	DOCS=record $(BIN)/python -m pytest tests/test_docs.py

bench: bench-jobs bench-peers  ## every benchmark, with other tools beside ours (hours)

bench-jobs: $(STAMP)  ## the reference job against its floor and its peers, and on larger files
	$(BIN)/python -m benchmarks.run --rows 1000000 5000000
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.transforms > benchmarks/results/transforms.md

bench-check: $(STAMP)  ## fail if a job has become slower against its floor (a minute)
	$(BIN)/python -m benchmarks.check

bench-check-update: $(STAMP)  ## store how fast the jobs are against their floors now
	$(BIN)/python -m benchmarks.check --update

bench-peers: $(STAMP) .venv-peers/.installed  ## cryptography, finding, k-anonymity and small jobs against other tools
	$(BIN)/python -m benchmarks.crypto
	$(BIN)/python -m benchmarks.field
	$(BIN)/python -m benchmarks.anonymity
	$(BIN)/python -m benchmarks.detection

.venv-peers/.installed: benchmarks/requirements-peers.txt
	test -x .venv-peers/bin/python || $(PYTHON) -m venv --without-pip .venv-peers
	$(PYTHON) -m pip --disable-pip-version-check --python .venv-peers/bin/python install --quiet -r $<
	touch $@

fuzz: $(STAMP)  ## random files and rules, for as long as FUZZ says (examples of each property)
	ANONYMIZE_FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/fuzz -n 2 --timeout 0

mutate: $(STAMP)  ## break the code in small ways and see whether the tests notice (an hour at most)
	$(BIN)/python -m tests.mutation.run --most 60 --seconds 3600

audit: $(STAMP) .venv-audit/.installed  ## look the pinned packages up in the database of known vulnerabilities
	@sh docs/audit.sh .venv-audit/bin/python requirements.lock

sbom: $(STAMP)  ## write the bill of materials, dist/anonymize.cdx.json
	$(BIN)/python -m docs.sbom requirements.lock dist/anonymize.cdx.json

.venv-audit/.installed:
	test -x .venv-audit/bin/python || $(PYTHON) -m venv --without-pip .venv-audit
	-$(PYTHON) -m pip --disable-pip-version-check --python .venv-audit/bin/python install --quiet 'pip-audit>=2.10,<3' && touch $@

lock:  ## write the pinned, hashed requirements (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements.lock

$(STAMP): pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --editable .
	touch $@

clean:  ## remove the environment and everything generated
	rm -rf $(VENV) .venv-peers .venv-audit .demo dist build site .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
