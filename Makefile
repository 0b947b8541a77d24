# Everything runs in .venv, made here from the committed locks; the machine needs Python 3.11 or newer, make and git.
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11 python,$(shell \
	$(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
BIN := .venv/bin
ARTICLES ?= seeds/articles
TESTSET ?= seeds/questions.jsonl
REPORT ?= .dateline/report

.PHONY: chat test check index evaluate bench readme lock clean

chat: .venv/installed
	$(BIN)/dateline chat --articles $(ARTICLES)

index: .venv/installed
	$(BIN)/dateline index $(ARTICLES)

evaluate: .venv/installed
	$(BIN)/dateline evaluate $(TESTSET) --articles $(ARTICLES) --report $(REPORT)

test: .venv/installed-test
	$(BIN)/python -m pytest

check: .venv/installed-test
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: .venv/installed-test
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# The tables of measurements in README.md.
readme: .venv/installed-test
	$(BIN)/python benchmarks/readme.py

# The locks pin versions and hashes and name no host, so that any mirror serves.
lock: .venv/python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group build \
		--universal --generate-hashes --python-version 3.11 --no-header --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group build --group test --constraint requirements.lock \
		--universal --generate-hashes --python-version 3.11 --no-header --quiet -o requirements-test.lock

clean:
	rm -rf .venv .dateline

.venv/python:
	@test -n "$(PYTHON)" || { echo "Dateline needs Python 3.11 or newer; install it, or name one: make chat PYTHON=/path/to/python3" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	touch $@

.venv/installed: requirements.lock pyproject.toml | .venv/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/installed-test: requirements-test.lock | .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-test.lock
	touch $@
