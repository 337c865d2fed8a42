# To use the project, `make run` and `make demo` suffice. The other targets are for developers.
#
# The environment in .venv is created from a lock file with the hash of every file, and updated when that file changes.
# PYTHON selects the Python that creates it (3.11 or newer); ARGS are passed on: make run ARGS="--port 9000".

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV := var/lock-tools/bin/uv
RESOLVE := $(UV) pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet
COMPILE := $(RESOLVE) pyproject.toml --extra postgres

# Compiled modules are kept even if the environment disables them, because starting without them takes twice as long.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run demo test check lint slow mutants part-of-mutants format lock dev bench bench-lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run  ## serve at http://127.0.0.1:8000
	@$(BIN)/platform-api serve $(ARGS)

demo: $(VENV)/.run  ## run a connection's life cycle with its own server and mail server
	@$(BIN)/platform-api demo $(ARGS)

test: $(VENV)/.dev  ## run the tests on two cores
	@$(BIN)/pytest -n 2 -m "not slow and not conformance" $(ARGS)

check: lint slow part-of-mutants  ## lint, types, import contracts, slow tests, mutation testing of a part

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

slow: $(VENV)/.dev
	@HYPOTHESIS_PROFILE=thorough $(BIN)/pytest -m "slow or conformance" $(ARGS)

mutants: $(VENV)/.dev  ## mutation testing of all rules
	@$(BIN)/python -m tests.mutation $(ARGS)

part-of-mutants: $(VENV)/.dev
	@$(BIN)/python -m tests.mutation --part today

format: $(VENV)/.dev  ## format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(UV)  ## update the lock files to the latest versions
	$(COMPILE) --upgrade --group build --group demo --output-file requirements/run.lock
	$(COMPILE) --upgrade --group dev --constraints requirements/run.lock --output-file requirements/dev.lock
	$(RESOLVE) requirements/clients.in --upgrade --output-file requirements/clients.lock
	$(RESOLVE) requirements/openapi.in --upgrade --output-file requirements/openapi.lock

dev: $(VENV)/.dev  ## create the environment for development

bench: $(VENV)/.dev var/bench/.python var/bench/.node  ## measure speed against other implementations
	@$(BIN)/python -m benchmarks run $(ARGS)

bench-lock: $(UV)
	$(UV) pip compile benchmarks/requirements.in --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links --quiet --upgrade --output-file benchmarks/requirements.lock

clean:  ## remove the environment and caches, but not data and keys in var/
	rm -rf $(VENV) var/lock-tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var/mutants

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is required. Select one: make run PYTHON=python3.12"; exit 1; }
	@echo "Creating the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python's venv module is required. On Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.run: requirements/run.lock pyproject.toml $(VENV)/.made
	@echo "Installing the packages for running"
	@$(PIP) install --require-hashes --requirement requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml $(VENV)/.made
	@echo "Installing the packages for development"
	@$(PIP) install --require-hashes --requirement requirements/dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.run $@

var/bench/.python: benchmarks/requirements.lock
	@echo "Installing the packages of the benchmarks' peers"
	@$(PYTHON) -m venv var/bench/venv
	@var/bench/venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@

# Use Node's headers if they are installed, because the SQLite driver may have to be compiled.
var/bench/.node: benchmarks/peers/package.json
	@mkdir -p var/bench/node && cp $< var/bench/node/
	@if command -v npm >/dev/null; then cd var/bench/node && \
	  $$(test -d /usr/include/node && echo env npm_config_nodedir=/usr) npm install --no-audit --no-fund --silent; fi \
	  || echo "The packages for Node cannot be installed, so Fastify is not measured."
	@touch $@

$(UV):
	@$(PYTHON) -m venv var/lock-tools
	@var/lock-tools/bin/python -m pip --disable-pip-version-check --quiet install uv==0.13.9
