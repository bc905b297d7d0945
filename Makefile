# Commands for developers and CI. They need Python 3.11 or later; the pages for browsers also need Node.
PYTHON ?= python3
export PIP_DISABLE_PIP_VERSION_CHECK := 1
BIN := .venv/bin

# The system's python3 may be older (macOS: 3.9), and pip's message about that does not help.
define NEW_ENOUGH
import sys
if sys.version_info < (3, 11):
    version = ".".join(map(str, sys.version_info[:2]))
    sys.exit("newsgraph needs Python 3.11 or later, but this is " + version + ". Name another one: make PYTHON=python3.12 demo")
endef
export NEW_ENOUGH

.DEFAULT_GOAL := help
.PHONY: help install playground reader demo test test-slow lint format lock bench clean

help: ## List these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(BIN)/newsgraph ## Create .venv with newsgraph, MongoDB and the development tools; build the playground and the reader
	@$(MAKE) --no-print-directory playground reader || echo "The playground or the reader was not built (see the error above). Everything else works without it."

$(BIN)/newsgraph: requirements/all.lock pyproject.toml
	@$(PYTHON) -c "$$NEW_ENOUGH"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/all.lock
	$(BIN)/pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

ifneq ($(shell command -v npm),)
playground: api/playground/dist/index.html ## Build the playground so that it works without a CDN (needs Node 20 or later)
	@:
reader: api/reader/dist/index.html ## Build the reader, the news site at / (needs Node 20 or later)
	@:
else
playground:
	@test -e api/playground/dist/index.html || echo "npm is not installed, so the playground loads GraphiQL from a CDN. With Node 20 or later, run: make playground"
reader:
	@test -e api/reader/dist/index.html || echo "npm is not installed, so there is no reader at /. With Node 20 or later, run: make reader"
endif

define BUNDLE
api/$(1)/dist/index.html: api/$(1)/web/package-lock.json api/$(1)/web/build.mjs $(shell find api/$(1)/web/src -type f)
	cd api/$(1)/web && npm ci --omit=dev --loglevel=error && npm run --silent build
endef
$(foreach page,playground reader,$(eval $(call BUNDLE,$(page))))

demo: install ## Load the example content and serve it at http://127.0.0.1:8000/graphql
	$(BIN)/newsgraph demo

# The guide's queries are in the playground.
api/playground/dist/index.html: docs/graphql.md api/playground/web/guide.mjs

# Four processes, also on two cores: many tests wait for servers and timeouts. The files go in the order of their names,
# which begins with those that take longest; by default xdist begins with those that have the most tests.
PARALLEL := -n 4 --dist loadfile --no-loadscope-reorder

test: install ## Run the tests against a real MongoDB
	$(BIN)/pytest -m "not slow" $(PARALLEL)

.PHONY: coverage
coverage: ## Run the same tests as `make test`, and list the branches that they do not reach
	PYTEST_ADDOPTS=--cov $(MAKE) --no-print-directory test

# Loading first, as its histories take longest. Faults of a replica set are judged by how soon clients are served again,
# so they have the machine for themselves.
test-slow: install ## Run the tests that take minutes: faults, fuzzing, histories of loads, browsers, clients
	@status=0; set -x; \
	$(BIN)/pytest -m slow $(PARALLEL) tests/loaders tests/fuzz tests/[!f]* || status=$$?; \
	$(BIN)/pytest -m slow tests/faults || status=$$?; \
	set +x; exit $$status

lint: install ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install ## Run the benchmarks and update docs/benchmarks.md (needs wrk, and Node for Mercurius)
	$(BIN)/python -m benchmarks

format: install ## Format the code and fix what ruff can fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Pin every dependency by hash (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements/app.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --all-extras --group dev -c requirements/app.lock pyproject.toml -o requirements/all.lock

clean: ## Remove the virtual environment, caches and built files, but keep all data
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache api/*/web/node_modules api/*/dist
	rm -f .coverage .coverage.*
