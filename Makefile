# Everything a newcomer types. Needs only make and a Python of 3.11 or later;
# the environment in .venv/ is made on first use and kept.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STEEPEST := $(BIN)/steepest
# One file per set of packages, newer than pyproject.toml while the set is up to date.
BASE := $(VENV)/.installed-base
TEST := $(VENV)/.installed-test
# PyTorch and JAX are large; they are peers to be tested and raced with, and nothing else.
OTHER := .venv-interop
INTEROP := $(OTHER)/.installed
# An editable install leaves the compiling to the first command; this does it before.
COMPILE := $(BIN)/python -m compileall -q src

# One more than the two processors of a small machine: some tests wait, for a browser or a cluster.
WORKERS ?= 3

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test interop browser lint format bench docs package pictures clean
.DELETE_ON_ERROR:

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(BASE)  ## Walk downhill on sin(x)*sin(y) and draw the path
	@mkdir -p demo
	@$(STEEPEST) minimize "sin(x)*sin(y)" --start x=1.66,y=3.37 \
		--method gradient-descent --learning-rate 0.1 --stop no-descent \
		--plot demo/walk.html
	@echo
	@echo "The path is drawn in demo/walk.html: open it in a browser."

test: lint browser  ## Check style, types and floors, then run every test and example
	$(BIN)/pytest -n $(WORKERS)

interop: $(INTEROP)  ## Test beside PyTorch and JAX, in an environment of their own
	$(OTHER)/bin/pytest -n 2 -o addopts="-ra --strict-markers --doctest-modules" \
		--ignore=src/steepest/interop/for_sklearn.py \
		tests/interop src/steepest/interop src/steepest/functions/libraries

browser: $(TEST)  ## Make sure that there is a browser for the tests of the lab
	@$(BIN)/python tests/find_browser.py

lint: $(TEST)  ## Check style, types and floors
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(TEST)  ## Rewrite the files in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(INTEROP)  ## Race against peers and write benchmarks/RESULTS.md (some 15 minutes)
	$(OTHER)/bin/python -m benchmarks.race --write benchmarks/RESULTS.md

docs: $(TEST)  ## Build the documentation in site/, to be opened as files
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo "The documentation is in site/: open site/index.html in a browser."

package:  ## Build wheel and sdist, and use them with the lowest and newest packages (some 4 minutes)
	$(PYTHON) tools/package.py

pictures: $(BASE)  ## Draw the pictures of the documentation again
	$(BIN)/python docs/images/draw.py

clean:  ## Remove the environment and everything generated
	rm -rf $(VENV) $(OTHER) build dist demo site .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "steepest needs Python 3.11 or later; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." \
			"Name a newer one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(BASE): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@$(COMPILE)
	@touch $@

$(TEST): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@$(COMPILE)
	@touch $@ $(BASE)

$(INTEROP): pyproject.toml | $(BIN)/python
	$(PYTHON) -m venv $(OTHER)
	$(OTHER)/bin/python -m pip install --quiet --editable '.[interop,bench]'
	@$(OTHER)/bin/python -m compileall -q src
	@touch $@
