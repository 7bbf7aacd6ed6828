# One command for each thing that one does here. It needs only Python, git and make:
# the first command makes .venv and installs into it, the next ones reuse it until
# pyproject.toml changes. Beside it, for another Python:
# make test PYTHON=python3.14 VENV=.venv-3.14

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Stamps: a step that succeeded, dated.
CREATED := $(VENV)/.created
PACKAGE := $(VENV)/.package
DEVELOP := $(VENV)/.develop
FACES := $(VENV)/.faces
INTEROP := $(VENV)/.interop
POSTGRES := $(VENV)/.postgres
ENGINES := $(VENV)/engines/.installed
TRY := $(VENV)/.try
RELEASE := $(VENV)/.release
# The packages of npm that `make interop` needs, and the folder that they stand in; and
# what `make try` needs, which is Pyodide.
PACKAGES := $(VENV)/interop
PACKED := $(PACKAGES)/.installed
PYODIDE := $(VENV)/pyodide
LOADED := $(PYODIDE)/.installed

# What `make quick` runs: the definitions of logic, cases, knowledge and decisions. They
# compose no text and make no diagram of all cases.
QUICK := tests/logic tests/case tests/decision tests/test_errors.py \
    tests/knowledge/test_tables.py tests/knowledge/test_crosscheck.py

# The browser of `make faces` and `make interop`.
export CHROMIUM ?= chromium

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Byte code is kept, whatever the shell says: the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo quick test coverage faces interop engines postgres check format bench \
    docs try release clean chromium java

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

demo: $(PACKAGE) ## Assess one example case and print the answer
	@$(BIN)/milia-cds assess examples/cases/adult_cheek.json

quick: $(DEVELOP) ## Check style and format, then run the tests that take no time
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/pytest -q -m "not slow" -n auto $(QUICK)

test: check ## Run every check, then the tests
	@$(BIN)/pytest -n auto --dist worksteal

coverage: $(DEVELOP) ## Run the tests with branch coverage, which takes three times as long
	@$(BIN)/pytest -n auto --cov

faces: $(FACES) try chromium ## Look at every page and picture in Chromium
	@$(BIN)/pytest tests/browser -n auto --dist loadgroup

interop: $(INTEROP) $(PACKED) chromium ## Hold FHIR and the service against other programs
	@$(BIN)/pytest tests/interop -n auto

# It makes a cluster of its own, on a socket; as root it runs the server as `postgres`.
postgres: $(POSTGRES) ## Hold the ledger against a server of PostgreSQL
	@command -v "$${POSTGRES_BIN:-/usr/lib/postgresql/15/bin}/initdb" >/dev/null || { \
	    echo "This needs PostgreSQL. On Debian: sudo apt install postgresql. If its" \
	         "programs stand elsewhere: make postgres POSTGRES_BIN=/folder" >&2; exit 1; }
	@$(BIN)/pytest tests/postgres

engines: java $(ENGINES) ## Decide many cases in Spark, Dask, Ray, DuckDB and Polars
	@$(VENV)/engines/bin/pytest tests/engines

check: $(DEVELOP) ## Check style, format, types and layers, without the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(DEVELOP) ## Put the code into the house format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(DEVELOP) ## Measure the speed
	@$(BIN)/python -m benchmarks

docs: $(DEVELOP) ## Build the documentation into build/docs
	@$(BIN)/sphinx-build -q -W --keep-going -j auto docs build/docs
	@$(BIN)/python docs/check_links.py build/docs
	@echo "Open build/docs/index.html"

try: $(TRY) $(LOADED) ## Build the page that tries a case in a browser, into build/try
	@$(BIN)/python -m docs.try_page $(PYODIDE)

release: $(RELEASE) $(LOADED) ## Build what is released, and use it as it will be installed
	@$(BIN)/python -m release $(PYODIDE)

# What `make faces` and `make interop` look with.
chromium:
	@command -v "$(CHROMIUM)" >/dev/null || { \
	    test "$$(id -u)" = 0 && command -v apt-get >/dev/null || { \
	        echo "This needs Chromium, which only root can install. On Debian:" \
	             "sudo apt install chromium. If it is there under another name:" \
	             "make $(MAKECMDGOALS) CHROMIUM=google-chrome" >&2; exit 1; }; \
	    echo "Installing Debian's chromium"; \
	    apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium \
	        fonts-liberation >/dev/null; }

# What Spark runs in.
java:
	@java -version 2>&1 | awk -F '[".]' '/version/ && $$2 >= 17 { found = 1 } \
	    END { exit !found }' || { \
	    echo "Spark needs Java 17 or newer. On Debian:" \
	         "sudo apt install openjdk-17-jre-headless" >&2; exit 1; }

clean: ## Remove .venv, the caches and what was built
	rm -rf $(VENV) build dist docs/reference/knowledge htmlcov .coverage \
	    .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache \
	    .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(CREATED):
	@command -v $(PYTHON) >/dev/null || { \
	    echo "$(PYTHON) was not found: install Python 3.11 or newer," \
	         "or name one, as in: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "milia-cds needs Python 3.11 or newer, but $(PYTHON) is" \
	         "$$($(PYTHON) -V 2>&1). Name another, as in:" \
	         "make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make virtual environments: its venv module is" \
	         "missing. On Debian and Ubuntu: sudo apt install python3-venv" >&2; \
	    exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(PACKAGE): pyproject.toml $(CREATED)
	@echo "Installing milia-cds into $(VENV)"
	@$(BIN)/python -m pip install -qq --editable .
	@touch $@

# $(call INSTALL,what) installs into $(BIN).
# uv installs the many packages of the checks in a tenth of pip's time; where it does not
# run, pip does the same.
INSTALL = $(BIN)/python -m pip install -qq uv && \
    $(BIN)/python -m uv pip install -q --compile-bytecode --python $(BIN)/python \
        --editable $(1) || \
    $(BIN)/python -m pip install -qq --editable $(1)

# A comma within what `call` hands on.
COMMA := ,

# This installs the package too.
$(DEVELOP): pyproject.toml $(CREATED)
	@echo "Installing milia-cds and what its checks need into $(VENV)"
	@$(call INSTALL,'.[dev]')
	@touch $(PACKAGE) $@

# This installs the package alone, with what builds and compiles it.
$(TRY): pyproject.toml $(CREATED)
	@echo "Installing milia-cds and what builds its page into $(VENV)"
	@$(call INSTALL,'.[try]')
	@touch $(PACKAGE) $@

# This installs that too.
$(RELEASE): pyproject.toml $(CREATED)
	@echo "Installing milia-cds and what releases it into $(VENV)"
	@$(call INSTALL,'.[release]')
	@touch $(PACKAGE) $(TRY) $@

# This installs all of the above too.
$(FACES): pyproject.toml $(CREATED)
	@echo "Installing milia-cds and what looks at its pages into $(VENV)"
	@$(call INSTALL,'.[faces]')
	@touch $(PACKAGE) $(DEVELOP) $(TRY) $@

# And this, with Node.
$(INTEROP): pyproject.toml $(CREATED)
	@echo "Installing milia-cds and what judges its FHIR into $(VENV)"
	@$(call INSTALL,'.[interop]')
	@touch $(PACKAGE) $(DEVELOP) $@

# And this, with a driver of PostgreSQL.
$(POSTGRES): pyproject.toml $(CREATED)
	@echo "Installing milia-cds and psycopg into $(VENV)"
	@$(call INSTALL,'.[dev$(COMMA)postgres]')
	@touch $(PACKAGE) $(DEVELOP) $@

# An environment of its own, of about 1.2 GB: Spark needs an older pandas than the rest.
$(ENGINES): BIN := $(VENV)/engines/bin
$(ENGINES): pyproject.toml $(CREATED)
	@echo "Installing milia-cds and engines for many cases into $(VENV)/engines"
	@$(VENV)/bin/python -m venv $(VENV)/engines
	@$(call INSTALL,'.[engines]')
	@touch $@

# Install packages of npm as the lock in folder $(1) has them into folder $(2); none of
# their scripts is run.
NPM = mkdir -p $(2) && cp $(1)/package.json $(1)/package-lock.json $(2) && cd $(2) && \
    PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund \
        --loglevel=error >/dev/null

$(PACKED): tests/interop/package.json tests/interop/package-lock.json | $(INTEROP)
	@echo "Installing packages of npm into $(PACKAGES)"
	@$(call NPM,tests/interop,$(PACKAGES))
	@touch $@

$(LOADED): docs/try/package.json docs/try/package-lock.json | $(TRY)
	@echo "Installing Pyodide into $(PYODIDE)"
	@$(call NPM,docs/try,$(PYODIDE))
	@touch $@
