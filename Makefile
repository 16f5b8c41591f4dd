# Storeclerk in a few words: `make help`.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
export PYTHONUNBUFFERED := 1
export GRADIO_ANALYTICS_ENABLED := False
export HF_HUB_OFFLINE := 1

.DEFAULT_GOAL := help
.PHONY: help install run server studio worker test check bench bench-quality screenshots lock env-example clean

help: ## Say what each word does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements.lock infra/install.sh
	@PYTHON="$(PYTHON)" sh infra/install.sh requirements.lock && touch $@

$(VENV)/.installed-dev: requirements-dev.lock infra/install.sh
	@PYTHON="$(PYTHON)" sh infra/install.sh requirements-dev.lock && touch $@ $(VENV)/.installed

install: $(VENV)/.installed ## Install what Storeclerk needs into .venv, from locked versions with hashes

run: $(VENV)/.installed ## Start everything and print the address to open
	@$(RUN) -m studio.entrypoints.run

server: $(VENV)/.installed ## Start only the server: API, exported endpoints, playground
	@$(RUN) -m studio.entrypoints.server

studio: $(VENV)/.installed ## Start only the studio
	@$(RUN) -m studio.entrypoints.studio

worker: $(VENV)/.installed ## Start only a worker, for servers with STORECLERK_RUN_JOBS=false
	@$(RUN) -m studio.entrypoints.worker

test: $(VENV)/.installed-dev ## Run all tests; installs Chromium (Debian) when it is missing
	@sh infra/chromium.sh
	@$(RUN) -m pytest -q -n 2 --cov --cov-report=term --cov-fail-under=90

check: $(VENV)/.installed-dev ## Format, lint, types, import rules
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

bench: $(VENV)/.installed-dev ## Measure crawling, catalogues and speed on ../shared/data
	@$(RUN) -m bench.crawl
	@$(RUN) -m bench.products
	@$(RUN) -m bench.catalogue
	@$(RUN) -m bench.scale

bench-quality: $(VENV)/.installed-dev ## Measure how good answers are, against the last stored run
	@$(RUN) -m bench.quality

screenshots: $(VENV)/.installed-dev ## Photograph every page of the studio into docs/screenshots
	@sh infra/chromium.sh
	@$(RUN) -m studio.entrypoints.screenshots

lock: $(VENV)/.installed-dev ## Resolve requirements anew into the lock files
	@$(VENV)/bin/uv pip compile -q --generate-hashes --universal --python-version 3.11 requirements-dev.txt -o requirements-dev.lock
	@$(VENV)/bin/uv pip compile -q --generate-hashes --universal --python-version 3.11 requirements.txt -c requirements-dev.lock -o requirements.lock

env-example: $(VENV)/.installed ## Write .env.example from the settings
	@$(RUN) -m engine.settings_example > .env.example

clean: ## Remove what was installed and measured, never the data
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
