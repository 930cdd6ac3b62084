# Everything that is needed to run Genomics Studio and to check it. Plain `make` lists the commands.
# Written for GNU make 3.81, which macOS ships: one shell line per recipe line, no `.ONESHELL`, no `!=`.

PYTHON ?= python3
PYTEST_ARGS ?= -n 2 --dist loadfile --no-loadscope-reorder

override VENV := .venv
override BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# A Python that the caller named is taken or refused; without one, those that work are also looked for by name.
ifeq ($(origin PYTHON),file)
CANDIDATES := $(PYTHON) python3.12 python3.11 python3.13
else
CANDIDATES := $(PYTHON)
endif
FITS := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

.DEFAULT_GOAL := help
.PHONY: help run test test-all lint types format bench results pins clean

help:
	@echo "make run        open the app in the browser (the first time installs what it needs into $(VENV))"
	@echo "make test       lint, types and every test that is not slow; PYTEST_ARGS=\"-k split\" narrows it"
	@echo "make test-all   the same with the slow tests"
	@echo "make lint       style and format only"
	@echo "make types      types only"
	@echo "make format     mend style and format where a tool can"
	@echo "make bench      measure the speed budgets"
	@echo "make results    train on known sets and write docs/results.md; DATA=FOLDER names the folder that holds them"
	@echo "make pins       pin the requirements anew after a change of requirements.in (needs uv)"
	@echo "make clean      remove $(VENV) and caches; workspace/ stays as it is"

run: $(VENV)/.installed
	@$(BIN)/python -m streamlit run app.py

test: lint types
	@echo "Tests, without the slow ones"
	@$(BIN)/python -m pytest -m "not slow" $(PYTEST_ARGS)

test-all: lint types
	@echo "Tests, all of them"
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.installed-dev
	@echo "Style"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --diff . || { echo "Some files are not formatted; run: make format" >&2; exit 1; }

types: $(VENV)/.installed-dev
	@echo "Types"
	@$(BIN)/python -m mypy

format: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks

DATA ?= ../shared/data
results: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks.results $(DATA)

# requirements-gpu.txt starts from the pins of requirements.txt, so that the two differ by TensorFlow and NVIDIA's libraries only.
UV_COMPILE = uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-emit-index-url --no-strip-extras \
	--custom-compile-command "make pins"
pins:
	@command -v uv >/dev/null || { echo "make pins needs uv; install it with: pip install uv"; exit 1; }
	@$(UV_COMPILE) requirements.in -o requirements.txt
	@cp requirements.txt requirements-gpu.txt
	@sed -e 's/^tensorflow-cpu;.*/tensorflow[and-cuda]; sys_platform == "linux"/' -e 's/^tensorflow;.*/tensorflow; sys_platform != "linux"/' \
		requirements.in | $(UV_COMPILE) - -o requirements-gpu.txt

clean:
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -path ./workspace -prune -o -path ./.git -prune -o -type d -name __pycache__ -prune -exec rm -rf {} +

# The environment. The stamps repeat an installation only after the file that lists the packages has changed.
$(BIN)/python:
	@for python in $(CANDIDATES); do \
		if $$python $(FITS) >/dev/null 2>&1; then \
			echo "Making $(VENV) with $$($$python --version)"; \
			$$python -m venv --clear $(VENV) && exit 0; \
			rm -rf $(VENV); \
			echo "The environment could not be made; on Debian and Ubuntu install python3-venv, then try again." >&2; \
			exit 1; \
		fi; \
	done; \
	found=$$($(PYTHON) --version 2>/dev/null) || found="missing"; \
	echo "Genomics Studio needs Python 3.11, 3.12 or 3.13, but $(PYTHON) is $$found." \
		"Install one of these (https://www.python.org/downloads), then name it: make $(or $(MAKECMDGOALS),run) PYTHON=python3.12" >&2; \
	exit 1

$(VENV)/.installed: requirements.txt | $(BIN)/python
	@$(BIN)/python $(FITS) || { echo "$(VENV) holds $$($(BIN)/python --version), but 3.11, 3.12 or 3.13 is needed; run: make clean" >&2; exit 1; }
	@echo "Installing the packages pinned in requirements.txt; the first time takes a few minutes"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing the tools for tests and checks"
	@$(PIP) -r requirements-dev.txt
	@touch $@
