# make run    everything on this machine, then http://localhost:8000/    (PORT=8001 DATA_DIR=/some/folder DEMO=0)
# make test   everything the tests need, then the whole suite            (ARGS="tests/units -k name")
# make lint   what CI would complain about
# make bench  the table of ratios: how much our pages, papers and imports cost beside the bare work
# make reset  stop the servers and delete DATA_DIR

SYSTEM_PYTHON := $(shell command -v python3.11 || command -v python3)
PYTHON := .venv/bin/python
DATA_DIR ?= .data
PORT ?= 8000
export DATA_DIR PORT

.DEFAULT_GOAL := run
.PHONY: run test lint format bench reset pin messages python ready ready-test ready-lint
MAKEFLAGS += --no-print-directory

run: ready
	@exec $(PYTHON) -m config.supervise

test: ready-test
	@exec $(PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

lint: ready-lint
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m djlint --lint --quiet templates
	.venv/bin/lint-imports
	$(PYTHON) -m config.catalogue check
	$(PYTHON) manage.py makemigrations --check --dry-run

format: ready-lint
	$(PYTHON) -m ruff check --fix-only .
	$(PYTHON) -m ruff format .

bench: ready
	@exec $(PYTHON) -m tests.bench $(ARGS)

reset: ready-lint
	@exec $(PYTHON) -m config.supervise reset

# The pinned files from the short .in files; a version moves only when this is run with ARGS=--upgrade.
pin: ready-lint
	$(PYTHON) -m pip install -q pip-tools
	$(PYTHON) -m piptools compile -q --strip-extras --no-emit-index-url --no-emit-find-links $(ARGS) requirements.in
	$(PYTHON) -m piptools compile -q --strip-extras --no-emit-index-url --no-emit-find-links $(ARGS) requirements-dev.in

messages: ready-lint
	$(PYTHON) -m config.catalogue extract
	$(PYTHON) -m config.catalogue missing

python:
	@test -n "$(SYSTEM_PYTHON)" || { echo "Python 3.11 is missing. Run: sudo apt-get install -y python3 python3-venv"; exit 1; }

ready: python
	@$(SYSTEM_PYTHON) config/doctor.py run

ready-test: python
	@$(SYSTEM_PYTHON) config/doctor.py test

ready-lint: python
	@$(SYSTEM_PYTHON) config/doctor.py lint
