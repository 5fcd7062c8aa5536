# Reptrail. `make run` and `make test` need nothing but Python 3.11 or newer; a bare `make` prints this help.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.setup-stamp
ARGS ?=
# Programs of an installed PostgreSQL 15 or newer; where there is one, the tests run on it too.
EXTERNAL_POSTGRES ?= $(patsubst %/initdb,%,$(shell ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1))

.DEFAULT_GOAL := help

.PHONY: help
help: ## Print this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# The development set, pinned by requirements-dev.txt, into a virtual environment of the project's own.
$(STAMP): pyproject.toml requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Reptrail needs Python 3.11 or newer on PATH"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) ..."
	@REPTRAIL_WITHOUT_WEB=1 $(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements-dev.txt -e '.[dev]'
	@touch $(STAMP)

.PHONY: setup
setup: $(STAMP) ## Set up the virtual environment (the others do it by themselves)

# The app that the server serves, built where its sources changed.
.PHONY: web
web: $(STAMP) ## Build the web app where it changed
	@$(BIN)/python hatch_build.py

.PHONY: run
run: $(STAMP) web ## Serve on http://127.0.0.1:8000 with a demonstration athlete (ARGS="--port 9000")
	@$(BIN)/reptrail serve --demo $(ARGS)

.PHONY: test
test: $(STAMP) web ## Run every test, on both databases (ARGS="tests/training -k lifecycle")
ifneq ($(ARGS),)
	@$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m pytest -n auto
ifneq ($(EXTERNAL_POSTGRES),)
	@echo "On the PostgreSQL of this machine ($(EXTERNAL_POSTGRES)), all but what is the same on any: sources and the form of the API:"
	@REPTRAIL_TEST_POSTGRES=$(EXTERNAL_POSTGRES) $(BIN)/python -m pytest -n auto -m "not embedded" --ignore=tests/gates --ignore=tests/contract
else
	@echo "No PostgreSQL installed on this machine: tested on the embedded one alone."
endif
endif

.PHONY: check
check: $(STAMP) web ## Linters, types, and the web app's own tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@mkdir -p build && $(BIN)/reptrail openapi > build/openapi.json
	@$(BIN)/python hatch_build.py api check test

.PHONY: format
format: $(STAMP) ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: bench
bench: $(STAMP) ## Measure, each figure beside its bound (ARGS="--quick")
	@$(BIN)/python bench/run.py $(ARGS)

.PHONY: screenshots
screenshots: $(STAMP) web ## Pictures of the app's screens into docs/screenshots (needs a Chromium)
	@$(BIN)/python web/scripts/screenshots.py $(ARGS)

.PHONY: schema
schema: $(STAMP) ## Refresh src/reptrail/db/schema.sql from the migrations
	@$(BIN)/python -m reptrail.db.dump

.PHONY: lock
lock: $(STAMP) ## Pin what the virtual environment holds
	@$(BIN)/python -m pip freeze --disable-pip-version-check --exclude-editable | grep -v '^reptrail' > requirements-dev.txt
