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
E2E_ARGS ?=
BENCH_ARGS ?=

BIN := .venv/bin
# where scripts/need puts a Node.js of our own, when the system's is missing or too old
export PATH := $(CURDIR)/.venv/node:$(PATH)
PYTEST := $(BIN)/pytest
UV := env -u VIRTUAL_ENV $(BIN)/uv
# --inexact: each target adds what it needs and takes nothing away from the others.
SYNC := $(UV) sync --frozen --inexact --quiet
READY_TO_RUN := .venv/.ready-run
READY_TO_DEVELOP := .venv/.ready-develop
READY_TO_BENCH := .venv-bench/.ready
READY_UI := ui/node_modules/.ready
BUILT_UI := src/potok/api/static/index.html
UI_SOURCES := $(shell find ui/src ui/public ui/index.html ui/vite.config.ts ui/tsconfig.json -type f 2>/dev/null)

.PHONY: help
help: ## list these targets
	@printf 'Potok: a light, fast, durable workflow orchestrator.\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1mmake %-10s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nSettings: PORT=8081 (run), PYTEST_ARGS="tests/engine -k retry" WORKERS=2 (test), BENCH_ARGS (bench), PYTHON=python3.12 (setup).\n'

.PHONY: run
run: $(READY_TO_RUN) $(BUILT_UI) ## start Potok on the example workspace and print a one-click login link
	@cd examples && ../$(BIN)/python first_runs.py && exec ../$(BIN)/potok up $(if $(PORT),--port $(PORT))

.PHONY: test
test: $(READY_TO_DEVELOP) $(BUILT_UI) ## run the tests (installs PostgreSQL when it is missing; journeys in a browser: test-ui)
	@scripts/need postgres
	$(if $(PYTEST_ARGS),,cd ui && npx vitest run)
	$(PYTEST) -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

.PHONY: test-ui
test-ui: $(READY_TO_DEVELOP) $(BUILT_UI) ## run the UI's tests alone: vitest, then Playwright against real servers
	@scripts/need chromium
	cd ui && npx vitest run && npx playwright test $(E2E_ARGS)

.PHONY: ui
ui: $(BUILT_UI) ## build the web UI into the package

.PHONY: ui-types
ui-types: $(READY_TO_DEVELOP) $(READY_UI) ## write the UI's API types from our OpenAPI
	$(BIN)/python -m docs.openapi > ui/node_modules/.openapi.json
	cd ui && npx openapi-typescript node_modules/.openapi.json --alphabetize -o src/api/schema.gen.ts

.PHONY: check
check: $(READY_TO_DEVELOP) $(READY_UI) ## format, lint, types, import arrows, lock file, generated docs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(UV) lock --check --quiet
	$(if $(wildcard docs/generate.py),$(BIN)/python -m docs.generate --check)
	$(BIN)/python -m docs.openapi > ui/node_modules/.openapi.json
	cd ui && npx openapi-typescript node_modules/.openapi.json --alphabetize --check -o src/api/schema.gen.ts
	cd ui && npx biome check . && npx tsc --noEmit

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

.PHONY: bench-ui
bench-ui: $(READY_TO_DEVELOP) $(BUILT_UI) ## measure the web UI on a generated year: server and browser
	@scripts/need chromium
	$(BIN)/python bench/ui/run.py $(BENCH_ARGS)

.PHONY: bench-onec
bench-onec: $(READY_TO_DEVELOP) ## measure reader and analysis of 1C sources: make bench-onec CORPUS=DIR
	$(BIN)/python -m onec.bench.run $(CORPUS)

.PHONY: shots
shots: $(READY_TO_DEVELOP) $(BUILT_UI) ## make pictures of every page (ui/shots) and those of the docs (docs/pictures)
	@scripts/need chromium
	cd ui && npx playwright test --config pictures/playwright.config.ts $(SHOTS_ARGS)

.PHONY: docs
docs: $(READY_TO_DEVELOP) ## write the reference pages that come from the code
	$(if $(wildcard docs/generate.py),$(BIN)/python -m docs.generate)

.PHONY: setup
setup: $(READY_TO_DEVELOP) ## make the whole development environment in .venv

.PHONY: clean
clean: ## remove environments and caches (never a workspace's data)
	rm -rf .venv .venv-bench ui/node_modules src/potok/api/static .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

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

$(READY_UI): ui/package.json ui/package-lock.json | $(BIN)/uv
	@scripts/need node
	@echo "installing what the web UI is built with"
	@cd ui && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT_UI): $(READY_UI) $(UI_SOURCES)
	@echo "building the web UI"
	@cd ui && npx vite build --logLevel warn
	@touch $@

$(READY_TO_BENCH): bench/requirements-celery.txt | $(BIN)/uv
	@echo "installing Celery beside us"
	@$(UV) venv --quiet --allow-existing .venv-bench
	@$(UV) pip install --quiet --python .venv-bench/bin/python -r $<
	@touch $@
