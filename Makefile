# `make run` and `make test` need git, make and Python >= 3.11 with venv and pip; no root.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin

# else each of some thousand processes that the tests start would compile the program anew
unexport PYTHONDONTWRITEBYTECODE

# an -m of its own replaces the one in pyproject.toml
AND_NOT_NIGHTLY = and not nightly
PYTEST = $(BIN)/python -m pytest
FAILED_ALONE = $(PYTEST) --last-failed --last-failed-no-failures none -m 'realtime $(AND_NOT_NIGHTLY)' tests
# of pyproject.toml; whoever needs several installs them at once. What is imported is compiled then
DEPENDENCY_GROUPS = dev

.PHONY: run test test-all check unit uncounted determinism bench picture figures seed site man peers peers-apps clean

run: $(VENV)/.run   ## set up and run the main job
	$(BIN)/stallsim run --profile sleeping-tab

test: check unit    ## set up and pass everything

test-all: AND_NOT_NIGHTLY =
test-all: PYTEST += --hypothesis-profile nightly --cov --cov-append --cov-report=
test-all: check uncounted unit   ## the same with the long arms, which take hours, and the floor of coverage
	$(BIN)/python -m coverage report --skip-covered --fail-under=88

uncounted: $(VENV)/.dev
	$(BIN)/python -m coverage erase

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

unit: $(VENV)/.dev   ## what computes, what waits (and alone what failed there), what measures time
	$(PYTEST) --numprocesses 4 --dist worksteal -m 'not realtime and not alone $(AND_NOT_NIGHTLY)' tests
	$(PYTEST) --numprocesses 5 --dist loadgroup -m 'realtime $(AND_NOT_NIGHTLY)' tests || \
	$(FAILED_ALONE) || $(FAILED_ALONE)
	$(PYTEST) -m 'alone $(AND_NOT_NIGHTLY)' tests

determinism: $(VENV)/.dev   ## every pinned profile, in peace and disturbed: one digest each
	$(BIN)/python -m benchmarks.determinism

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.tick_cost --check
	$(BIN)/python benchmarks/display_cost.py
	$(BIN)/python benchmarks/witness_rate.py
	$(BIN)/python benchmarks/watch_cost.py

picture: $(VENV)/.dev       ## the README's picture, by the program itself
	$(BIN)/python docs/make_picture.py

figures: $(VENV)/.dev       ## the figures of docs/teaching, by the program itself
	$(BIN)/python docs/make_figures.py

seed: $(VENV)/.dev          ## the report that started it, beside the profile and the real Mongoose (make peers first)
	$(BIN)/python docs/seed/make.py

site: $(VENV)/.dev          ## the documentation, with its reference made from the code: docs/_build/html
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group docs
	$(BIN)/python -m sphinx --fail-on-warning --quiet --builder html docs docs/_build/html

man: site                   ## a man page for each command: docs/_build/man
	$(BIN)/python -m sphinx --fail-on-warning --quiet --builder man docs docs/_build/man

peers: $(VENV)/.dev         ## the servers that we did not write: what their tests need (npm only if it is there)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group peers
	if command -v npm >/dev/null; then cd tests/peers/node && npm install --no-package-lock --no-audit --no-fund; fi

peers-apps: $(VENV)/.dev    ## real applications: installed into STALLSIM_APPS (root for apt-get), measured, and probed
	$(BIN)/python -m tests.peers.apps --install --truth

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "stallsim needs Python 3.11 or newer")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml
	@echo 'installing into $(VENV) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml
	@echo 'installing into $(VENV) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --editable . $(addprefix --group ,$(DEPENDENCY_GROUPS))
	@touch $@ $(VENV)/.run
