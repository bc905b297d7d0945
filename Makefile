# Everything a developer or CI runs. Needs Python 3.11+ and make; the playground's own files need Node too.
PYTHON ?= python3
export PIP_DISABLE_PIP_VERSION_CHECK := 1
BIN := .venv/bin

# A system's own python3 may be older (macOS: 3.9), and what pip says of that helps nobody.
define NEW_ENOUGH
import sys
if sys.version_info < (3, 11):
    version = ".".join(map(str, sys.version_info[:2]))
    sys.exit("This is Python " + version + "; newsgraph needs 3.11 or later: make PYTHON=python3.12 demo")
endef
export NEW_ENOUGH

.DEFAULT_GOAL := help
.PHONY: help install playground demo test test-slow lint format lock bench clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(BIN)/newsgraph ## Make .venv with everything: runtime, embedded MongoDB, developer tools, the playground
	@$(MAKE) --no-print-directory playground || echo "The playground was not built, for the reason above; the rest needs it not."

$(BIN)/newsgraph: requirements/all.lock pyproject.toml
	@$(PYTHON) -c "$$NEW_ENOUGH"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/all.lock
	$(BIN)/pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

WEB := api/playground/web
PLAYGROUND := api/playground/dist/index.html

ifneq ($(shell command -v npm),)
playground: $(PLAYGROUND) ## Bundle GraphiQL, so that the playground needs no CDN (needs Node 20+)
	@:
else
playground:
	@test -e $(PLAYGROUND) || echo "No npm here: the playground will load GraphiQL from a CDN. With Node 20+, run: make playground"
endif

$(PLAYGROUND): $(WEB)/package-lock.json $(WEB)/build.mjs $(shell find $(WEB)/src -type f)
	cd $(WEB) && npm ci --loglevel=error && npm run --silent build

demo: install ## Load examples/content into an embedded MongoDB and serve it at http://127.0.0.1:8000
	$(BIN)/newsgraph demo

test: install ## Run the tests against a real mongod
	$(BIN)/pytest -m "not slow" -n auto --maxprocesses=4 --dist loadfile

test-slow: install ## Run the tests that take minutes: faults, fuzzing, histories
	$(BIN)/pytest -m slow

lint: install ## Style, types, and the one-way dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install ## Run the benchmarks and write docs/benchmarks.md (needs wrk; Node for the peers)
	$(BIN)/python -m benchmarks

format: install ## Let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Pin every dependency by hash, without naming a host (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements/app.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --all-extras --group dev -c requirements/app.lock pyproject.toml -o requirements/all.lock

clean: ## Remove the virtual environment and caches (not your data)
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache $(WEB)/node_modules api/playground/dist
