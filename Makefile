# Zuständig. `make run` runs it on this machine, `make test` tests it; both set themselves up.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
SET_UP := .venv/.set-up

.PHONY: setup lock run run-artifact inbox redrive subscriptions backfill history explain package deploy test check check-kit fuzz scale bench schema train curve card evaluate compare train-replies evaluate-replies
setup: $(SET_UP)

$(SET_UP): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Zuständig needs Python 3.11 or newer; name one with make PYTHON=…")'
	@echo "Setting up .venv (once) …" >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"
lock: $(SET_UP)
	$(COMPILE) -o requirements.txt
	$(COMPILE) --group dev -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --group training -c requirements-dev.txt -o training/requirements.txt

# PORT, ENGINE_PORT, DATA_DIR, MODEL and DEMO=0 are honoured; docs/running.md tells what they do.
# exec, so that a signal to make's child is a signal to us.
run: $(SET_UP)
	@exec $(BIN)/python -m infra.local
run-artifact: $(SET_UP)
	@exec $(BIN)/python -m infra.local.artifact

inbox: $(SET_UP)
	@exec $(BIN)/python -m infra.inbox
redrive: $(SET_UP)
	@exec $(BIN)/python -m infra.redrive
# RENEW=1 also renews what is due; STACK=… asks a deployed one. SINCE is a time, PLATFORM one of its platforms.
subscriptions: $(SET_UP)
	@exec $(BIN)/python -m infra.subscriptions
backfill: $(SET_UP)
	@exec $(BIN)/python -m infra.backfill
# MODEL: a file that `make train` has written. N tickets are replayed; TEXT=1 shows what people wrote.
compare: $(SET_UP)
	@exec $(BIN)/python -m infra.compare
# What people have corrected, as JSON lines for make evaluate and make train; STACK=… asks a deployed one.
history: $(SET_UP)
	@exec $(BIN)/python -m infra.examples
explain: $(SET_UP)
	@exec $(BIN)/python -m infra.explain

# MODEL: a file that `make train` has written, to be packed in place of the shipped model.
package: $(SET_UP)
	@exec $(BIN)/python -m infra.package
deploy: $(SET_UP)
	@exec $(BIN)/python -m infra.deploy

# KIT: a folder laid out like tests/fixtures.
KIT ?= tests/fixtures
# Two halves side by side: most machines have two cores.
test: $(SET_UP)
	@$(BIN)/python -m pytest tests/contract tests/infra tests/test_[t-z]*.py > .tests.log 2>&1 & half=$$!; trap "kill $$half" INT TERM; \
	$(BIN)/python -m pytest --ignore=tests/contract --ignore=tests/infra --ignore-glob='*/test_[t-z]*.py' && rest=0 || rest=$$?; \
	wait $$half && other=0 || other=$$?; cat .tests.log; rm .tests.log; exit $$((rest || other))
check: $(SET_UP)
	@$(BIN)/ruff format --check --quiet . || { echo "run $(BIN)/ruff format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 8
check-kit: $(SET_UP)
	@$(BIN)/python -m pytest tests/test_kit.py --kit $(KIT)
fuzz: $(SET_UP)
	@HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest tests/contract tests/test_envelope.py tests/test_listing.py tests/test_changes.py tests/test_changes_running.py tests/test_calendars_fuzz.py
# What lists and alarms read of 10,000 and of 100,000 tickets (make test takes 2,000).
scale: $(SET_UP)
	@for tickets in $${TICKETS:-10000 100000}; do TICKETS=$$tickets $(BIN)/python -m pytest tests/test_scale.py; done
bench: $(SET_UP) .venv-training/.set-up
	@$(BIN)/python bench/accept.py
	@.venv-training/bin/python bench/classify.py

schema: $(SET_UP)
	@$(BIN)/python -c "from chalicelib.openapi import event_schemas as s; [open(f'docs/schemas/{n}.json', 'w').write(t) for n, t in s().items()]"

TRAINING := .venv-training/.set-up
$(TRAINING): training/requirements.txt
	@$(PYTHON) -m venv .venv-training
	@.venv-training/bin/pip install -qq --disable-pip-version-check --require-hashes -r training/requirements.txt
	@touch $@
# HISTORY: a company's own labelled messages, as `make evaluate` reads them: adapts the model to it and writes
# .local/adapted.bin instead (or MODEL). Without it, the shipped model and its card are made anew.
train: $(TRAINING)
	@.venv-training/bin/python -m training.train $${HISTORY:+--history="$$HISTORY"} $${MODEL:+--out="$$MODEL"}
	@[ -n "$${HISTORY-}$${MODEL-}" ] || .venv-training/bin/python -m training.card
curve: $(TRAINING)
	@.venv-training/bin/python -m training.curve
card: $(SET_UP)
	@$(BIN)/python -m training.card
# DATA, OUT: files of JSON lines; MODEL, PNG: files; ARGS: prices of the second reader, as ARGS=--help tells.
evaluate: $(TRAINING)
	@.venv-training/bin/python -m training.evaluate $${OUT:+--out="$$OUT"} $${MODEL:+--model="$$MODEL"} $${PNG:+--png="$$PNG"} $(ARGS) -- "$${DATA-}"
# Replies of a company: DATA, OUT are files of JSON lines; training/README.md tells what is in them.
train-replies: $(TRAINING)
	@.venv-training/bin/python -m training.replies_train
evaluate-replies: $(SET_UP)
	@$(BIN)/python -m training.evaluate_replies $${OUT:+--out="$$OUT"} -- "$${DATA-}"
