# Each target sets itself up on a fresh machine that has Python 3.11+, pip and make.
.DEFAULT_GOAL := help
.PHONY: help setup demo run test check pytest exiftool test-page pictures bench linkage fuzz promises crash drills remnants long clean
VENV := .venv
UV := $(VENV)/bin/uv
BIN := $(VENV)/bin
PYTHON ?= python3

# Without compiled modules each process compiles 1,300 of them before its first line: seconds.
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

# `python3 -m venv` lacks pip on some systems: the system's pip fills it from outside.
$(UV):
	$(PYTHON) -m venv --without-pip $(VENV)
	$(PYTHON) -m pip --python $(VENV)/bin/python install --quiet uv

$(VENV)/.ready: pyproject.toml uv.lock | $(UV)
	$(UV) sync --locked --quiet --inexact
	@touch $@

setup: $(VENV)/.ready ## install what the other targets need

demo: setup ## the product on a local Telegram, with a page to click
	$(BIN)/sauti demo

run: setup ## the bot, with the settings of .env
	$(BIN)/sauti run

check: setup ## lint, types, imports, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

test: setup exiftool ## every check and the tests; exiftool is installed by apt where it is missing
	$(MAKE) --jobs=2 check pytest

pytest: setup
	$(BIN)/pytest -n 3 --dist worksteal

exiftool: # reads what is left in cleaned files
	@command -v exiftool >/dev/null || (apt-get update -qq && apt-get install -y -qq libimage-exiftool-perl)

test-page: setup ## the page, in a real Chromium
	@command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium)
	$(BIN)/pytest tests/page -n 2 --override-ini addopts="--strict-markers --strict-config --import-mode=importlib -ra"

pictures: setup ## docs/pictures anew: of a digest, and of the page while its story is played
	@command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium)
	$(BIN)/python -m tests.kept_pictures
	$(BIN)/python -m tests.page.pictures

bench: setup ## what is measured, beside its limit and its peers
	$(BIN)/python -m bench

linkage: setup ## a thief with every file and service key guesses who wrote what
	$(BIN)/python -m bench.linkage

fuzz: setup ## what strangers hand in, under a coverage-guided fuzzer, a minute a target
	$(UV) sync --locked --quiet --inexact --group fuzz
	$(BIN)/python -m tests.fuzz

promises: setup exiftool ## each promise attacked, and each build that leaks found out: a table
	$(BIN)/python -m pytest -n 2 -p tests.promises.kept tests/promises

crash: setup ## 500 kills at any moment: nothing acknowledged is lost
	CRASHES=500 $(BIN)/pytest tests/promises/test_09_acknowledged_is_never_lost.py --timeout 0

drills: setup ## the restore and recovery drills, through the commands, on both databases: docs/drills.md
	$(BIN)/python -m tests.drills

remnants: setup ## how long what was destroyed stays in which file
	$(BIN)/python -m bench.remnants

long: setup ## thirty days of a country, custody in any order, and HPKE against another implementation
	CUSTODY=200 $(BIN)/pytest tests/properties/test_custody_machine.py --timeout 0
	DAYS=30 REPORTS=500 FOLLOWERS=300 $(BIN)/pytest tests/e2e/test_thirty_days.py --timeout 0
	@command -v npm >/dev/null || (apt-get update -qq && apt-get install -y -qq nodejs npm)
	$(BIN)/pytest tests/live --override-ini addopts="--strict-markers --strict-config --import-mode=importlib -ra"

clean: ## forget the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
