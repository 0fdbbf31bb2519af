# Zuständig. `make run` runs it on this machine, `make test` tests it; both set themselves up.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
SET_UP := .venv/.set-up

.PHONY: setup lock
setup: $(SET_UP)

$(SET_UP): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Zuständig needs Python 3.11 or newer; name one with make PYTHON=…")'
	@echo "Setting up .venv (once) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"
lock: $(SET_UP)
	$(COMPILE) -o requirements.txt
	$(COMPILE) --group dev -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --group training -c requirements-dev.txt -o training/requirements.txt
