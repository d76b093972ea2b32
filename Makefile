# Two commands for everybody: `make demo` and `make test`. Each sets up all it needs first.
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell scripts/find-python)

.PHONY: help demo test pythons check lint types contracts requirements bench corpus chaos lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/.demo ## set up, then show the main job on an invented council
	@$(BIN)/mailroom demo

test: $(VENV)/.dev ## set up, then run the tests (rings whose server is missing are skipped, with the line that installs it)
	@$(BIN)/pytest -n auto --dist worksteal

pythons: $(VENV)/.dev ## the unit tests under every other supported Python that is present
	@scripts/test-pythons

check: lint types contracts test ## everything that must hold before a commit

lint: $(VENV)/.dev ## ruff: every rule, exceptions argued in pyproject.toml
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy

contracts: $(VENV)/.dev ## who may import whom
	@$(BIN)/lint-imports

requirements: $(VENV)/.dev ## which of the policies' clauses have a passing test
	@$(BIN)/python -m tests.requirement_ledger

bench: $(VENV)/.dev ## speed and memory, as ratios measured in one run
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.evidence

lock: ## recompile requirements/*.txt with hashes
	@scripts/lock

clean: ## remove what the other targets made
	rm -rf $(VENV) .venv-3.* .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache demo-council

$(VENV)/.demo: requirements/demo.txt pyproject.toml
	@scripts/set-up "$(PYTHON)" $(VENV) demo

$(VENV)/.dev: requirements/dev.txt pyproject.toml
	@scripts/set-up "$(PYTHON)" $(VENV) dev
