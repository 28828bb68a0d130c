# Everything runs from here; nothing needs to be installed before but Python 3.11 or newer and make.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test test-long histories interleavings lives properties photographs check check-rest fix bench stop clean clean-data lock setup setup-test

# The first Python that is new enough; override with `make PYTHON=/path/to/python`.
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
endif
# Asked before anything else, so that a Python that is absent, too old or mistyped is said in words.
NEEDS_PYTHON = $(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || { \
	echo "$(if $(PYTHON),PYTHON=$(PYTHON) is not Python 3.11 or newer.,Python 3.11 or newer was not found.)" \
	     "It is needed (Debian/Ubuntu: apt-get install python3 python3-venv)."; \
	echo "$(if $(PYTHON),PYTHON=$(PYTHON) không phải là Python 3.11 trở lên.,Không tìm thấy Python 3.11 trở lên.)" \
	     "Cần có Python này (Debian/Ubuntu: apt-get install python3 python3-venv)."; exit 1; } >&2
BIN := .venv/bin
DATA ?= cantho
FILE ?=
PORT ?= 8000
WORKERS ?= 2
COUNT ?= 1000
ARGS ?=

# Those modules of bench/ that can be run.
BENCHMARKS = $(basename $(notdir $(shell grep -l __main__ bench/[a-z]*.py)))
TEMPLATES = $(shell find src -path '*/templates/*' -name '*.html')

help:  ## this list
	@echo "Kiểu Mẫu"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup  ## load the demo and serve it (DATA=cantho, national or london; FILE=…; PORT=8000)
	@exec $(BIN)/kieumau demo --data "$(DATA)" $(if $(FILE),--file "$(FILE)") --port "$(PORT)"

# Tests use a cluster of their own that may forget; where DATABASE_URL is set it wins.
test: setup-test  ## set everything up and run all tests (ARGS="-k units" for some)
	@url="$$($(BIN)/python -m kieumau.supervisor url --for-tests)" && \
	DATABASE_URL="$$url" exec $(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not long" $(ARGS)

test-long: setup-test  ## the few that take more than half a minute each: every migration back and forth, the whole demo
	@url="$$($(BIN)/python -m kieumau.supervisor url --for-tests)" && \
	DATABASE_URL="$$url" exec $(BIN)/pytest -n $(WORKERS) -m long $(ARGS)

# Slow on purpose: a few of them are among the tests, all of them take from a quarter of an hour up.
histories: setup-test  ## 1,000 random histories of mergers and figures (COUNT=…)
	@url="$$($(BIN)/python -m kieumau.supervisor url --for-tests)" && \
	DATABASE_URL="$$url" KIEUMAU_HISTORIES="$(COUNT)" \
	exec nice $(BIN)/pytest src/kieumau/indicators/maps -k histories $(ARGS)

interleavings: setup-test  ## 1,000 meetings of two editors, a send-back, a deadline (COUNT=…)
	@url="$$($(BIN)/python -m kieumau.supervisor url --for-tests)" && \
	DATABASE_URL="$$url" KIEUMAU_INTERLEAVINGS="$(COUNT)" \
	exec nice $(BIN)/pytest src/kieumau/rounds -k whoever_comes_first $(ARGS)

lives: setup-test  ## 1,000 random lives of a dossier by people of all sides (COUNT=…)
	@url="$$($(BIN)/python -m kieumau.supervisor url --for-tests)" && \
	DATABASE_URL="$$url" KIEUMAU_LIVES="$(COUNT)" \
	exec nice $(BIN)/pytest src/kieumau/rounds -k any_life $(ARGS)

properties: setup-test  ## every property with 1,000 examples (COUNT=…)
	@url="$$($(BIN)/python -m kieumau.supervisor url --for-tests)" && \
	DATABASE_URL="$$url" KIEUMAU_EXAMPLES="$(COUNT)" exec nice $(BIN)/pytest -m hypothesis $(ARGS)

photographs: setup-test  ## 200 photographs sent, and served without a byte of metadata
	@url="$$($(BIN)/python -m kieumau.supervisor url --for-tests)" && \
	DATABASE_URL="$$url" KIEUMAU_PHOTOGRAPHS=200 exec nice $(BIN)/pytest src/kieumau/documents -k photographs $(ARGS)

kills: setup-test  ## a round over 3,321 communes and 34 criteria whose worker is killed three times
	@url="$$($(BIN)/python -m kieumau.supervisor url --for-tests)" && \
	DATABASE_URL="$$url" KIEUMAU_WHOLE_COUNTRY=1 \
	exec nice $(BIN)/pytest -s src/kieumau/cli/tests/test_worker.py -k whole_country $(ARGS)

check: check-rest test test-long  ## format, lint, imports, types, migrations, dependencies, templates, tests

check-rest: setup-test  ## all of check but the tests
	@url="$$($(BIN)/python -m kieumau.supervisor url --for-tests)" && \
	DATABASE_URL="$$url" $(BIN)/python tools/check.py

fix: setup-test  ## put format and simple lint right
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djangofmt --quiet $(TEMPLATES)
	@$(BIN)/djade --target-version=5.2 $(TEMPLATES) || true

bench: setup-test  ## run the benchmarks; each prints a table (ARGS=pages for one)
	@for each in $(or $(ARGS),$(BENCHMARKS)); do echo; $(BIN)/python -m "bench.$$each" || exit 1; done

stop:  ## stop the local databases
	@$(NEEDS_PYTHON)
	@PYTHONPATH=src $(PYTHON) -m kieumau.supervisor stop
	@PYTHONPATH=src $(PYTHON) -m kieumau.supervisor stop --for-tests

clean: stop  ## remove what can be made again (not the demo's data)
	@rm -rf .venv node_modules build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@rm -rf "$${KIEUMAU_HOME:-.kieumau}"/postgres-test "$${KIEUMAU_HOME:-.kieumau}"/postgres-test.*
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	@find src -name '*.mo' -delete

clean-data: stop  ## remove the demo's database as well
	@rm -rf "$${KIEUMAU_HOME:-.kieumau}"/postgres "$${KIEUMAU_HOME:-.kieumau}"/postgres.*

lock:  ## write the hashed requirement files anew (ARGS=--upgrade for newer versions)
	@$(NEEDS_PYTHON)
	@$(PYTHON) tools/lock.py $(ARGS)

setup:
	@$(NEEDS_PYTHON)
	@$(PYTHON) tools/setup.py demo --data "$(DATA)" --file "$(FILE)"

setup-test:
	@$(NEEDS_PYTHON)
	@$(PYTHON) tools/setup.py test
