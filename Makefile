# Two commands are enough to use it: `make run` and `make demo`. The others are for those who change it.
#
# The environment is made in .venv from a list with the hash of every file, and made again only when that changes.
# PYTHON says which Python makes it (3.11 or newer); ARGS are handed on: make run ARGS="--port 9000".

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV := var/lock-tools/bin/uv
RESOLVE := $(UV) pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet
COMPILE := $(RESOLVE) pyproject.toml --extra postgres

# Compiled modules are kept even where the environment says otherwise: without them a start takes twice as long.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run demo test check lint slow mutants part-of-mutants format lock dev bench bench-lock clean

help:  ## what there is to type
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run  ## serve at http://127.0.0.1:8000
	@$(BIN)/platform-api serve $(ARGS)

demo: $(VENV)/.run  ## play the main job against a server and a mail server of its own
	@$(BIN)/platform-api demo $(ARGS)

test: $(VENV)/.dev  ## the tests, on two cores
	@$(BIN)/pytest -n 2 -m "not slow and not conformance" $(ARGS)

check: lint slow part-of-mutants  ## lint, types, import contracts, the slow tests, and mutation testing of a part

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

slow: $(VENV)/.dev
	@HYPOTHESIS_PROFILE=thorough $(BIN)/pytest -m "slow or conformance" $(ARGS)

mutants: $(VENV)/.dev  ## change the rules in every way, and see whether their tests notice
	@$(BIN)/python -m tests.mutation $(ARGS)

part-of-mutants: $(VENV)/.dev
	@$(BIN)/python -m tests.mutation --part today

format: $(VENV)/.dev  ## bring the code into its one form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(UV)  ## choose versions anew and write their hashes down
	$(COMPILE) --upgrade --group build --group demo --output-file requirements/run.lock
	$(COMPILE) --upgrade --group dev --constraints requirements/run.lock --output-file requirements/dev.lock
	$(RESOLVE) requirements/clients.in --upgrade --output-file requirements/clients.lock
	$(RESOLVE) requirements/openapi.in --upgrade --output-file requirements/openapi.lock

dev: $(VENV)/.dev  ## the environment for development

bench: $(VENV)/.dev var/bench/.python var/bench/.node  ## measure speed against other implementations
	@$(BIN)/python -m benchmarks run $(ARGS)

bench-lock: $(UV)
	$(UV) pip compile benchmarks/requirements.in --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links --quiet --upgrade --output-file benchmarks/requirements.lock

clean:  ## remove the environment and caches; data and keys in var/ stay
	rm -rf $(VENV) var/lock-tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var/mutants

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed. Name one: make run PYTHON=python3.12"; exit 1; }
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "That needs Python's venv module. On Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.run: requirements/run.lock pyproject.toml $(VENV)/.made
	@echo "Installing what running needs"
	@$(PIP) install --require-hashes --requirement requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml $(VENV)/.made
	@echo "Installing what development needs"
	@$(PIP) install --require-hashes --requirement requirements/dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.run $@

var/bench/.python: benchmarks/requirements.lock
	@echo "Installing what the peers of the benchmarks need"
	@$(PYTHON) -m venv var/bench/venv
	@var/bench/venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@

# Where Node has its headers they are used, since the driver of SQLite may have to be compiled.
var/bench/.node: benchmarks/peers/package.json
	@mkdir -p var/bench/node && cp $< var/bench/node/
	@if command -v npm >/dev/null; then cd var/bench/node && \
	  $$(test -d /usr/include/node && echo env npm_config_nodedir=/usr) npm install --no-audit --no-fund --silent; fi \
	  || echo "Node's packages cannot be installed, so Fastify is not measured."
	@touch $@

$(UV):
	@$(PYTHON) -m venv var/lock-tools
	@var/lock-tools/bin/python -m pip --disable-pip-version-check --quiet install uv==0.13.9
