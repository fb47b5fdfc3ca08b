# Potok's daily work. Bare `make` lists the targets; everything installs what it needs first, once.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?=
WORKERS ?= 2
PYTEST_ARGS ?=
BENCH_ARGS ?=

BIN := .venv/bin
PYTEST := $(BIN)/pytest
UV := env -u VIRTUAL_ENV $(BIN)/uv
# --inexact: each target adds what it needs and takes nothing away from the others.
SYNC := $(UV) sync --frozen --inexact --quiet
READY_TO_RUN := .venv/.ready-run
READY_TO_DEVELOP := .venv/.ready-develop
READY_TO_BENCH := .venv-bench/.ready

.PHONY: help
help: ## list these targets
	@printf 'Potok: a light, fast, durable workflow orchestrator.\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1mmake %-8s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nSettings: PORT=8081 (run), PYTEST_ARGS="tests/engine -k retry" WORKERS=2 (test), BENCH_ARGS (bench), PYTHON=python3.12 (setup).\n'

.PHONY: run
run: $(READY_TO_RUN) ## start Potok on the example workspace and print a one-click login link
	@cd examples && ../$(BIN)/python first_runs.py && exec ../$(BIN)/potok up $(if $(PORT),--port $(PORT))

.PHONY: test
test: $(READY_TO_DEVELOP) ## run the tests (installs PostgreSQL when it is missing)
	@scripts/need postgres
	$(PYTEST) -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

.PHONY: check
check: $(READY_TO_DEVELOP) ## format, lint, types, import arrows, lock file, generated docs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(UV) lock --check --quiet
	$(if $(wildcard docs/generate.py),$(BIN)/python -m docs.generate --check)

.PHONY: format
format: $(READY_TO_DEVELOP) ## format the code and mend what the linter can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

.PHONY: prove
prove: $(READY_TO_DEVELOP) ## the long proofs: kill real processes, many seeds (up to an hour)
	@scripts/need postgres
	$(PYTEST) -m prove --timeout 3600 $(PYTEST_ARGS)

.PHONY: bench
bench: $(READY_TO_DEVELOP) $(READY_TO_BENCH) ## measure Potok beside Celery + Redis and print both
	@scripts/need postgres
	@scripts/need redis
	$(BIN)/python bench/run.py $(BENCH_ARGS)

.PHONY: docs
docs: $(READY_TO_DEVELOP) ## write the reference pages that come from the code
	$(if $(wildcard docs/generate.py),$(BIN)/python -m docs.generate)

.PHONY: setup
setup: $(READY_TO_DEVELOP) ## make the whole development environment in .venv

.PHONY: clean
clean: ## remove environments and caches (never a workspace's data)
	rm -rf .venv .venv-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/uv:
	@scripts/need venv $(PYTHON)
	@echo "making .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13.9,<0.14'

$(READY_TO_RUN): pyproject.toml uv.lock | $(BIN)/uv
	@echo "installing Potok and what the examples need"
	@$(SYNC) --extra postgres --group examples
	@touch $@

$(READY_TO_DEVELOP): pyproject.toml uv.lock | $(BIN)/uv
	@echo "installing Potok and its development tools"
	@$(SYNC) --extra postgres --group dev
	@touch $@ $(READY_TO_RUN)

$(READY_TO_BENCH): bench/requirements-celery.txt | $(BIN)/uv
	@echo "installing Celery beside us"
	@$(UV) venv --quiet --allow-existing .venv-bench
	@$(UV) pip install --quiet --python .venv-bench/bin/python -r $<
	@touch $@
