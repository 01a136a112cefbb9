# Every target does its own set-up. PYTHON names another interpreter: make PYTHON=python3.12 run
PYTHON ?= python3
BOOTSTRAP = @$(PYTHON) -B -m portal.bootstrap

.PHONY: help run test lint format lock bench bench-full soak fuzz flask setup clean
.DEFAULT_GOAL := help

help:    ## this list
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/: *##/\t/' | expand -t 12

run:     ## start the product: database, web and worker (PORT=8000, WEB_WORKERS=2, DATABASE_URL=…)
	$(BOOTSTRAP) run

test:    ## check and test everything (ARGS="tests/portal -k health" for a part)
	$(BOOTSTRAP) test $(ARGS)

lint:    ## only the checks: style, types, floors, templates, translations
	$(BOOTSTRAP) lint

format:  ## format the code
	$(BOOTSTRAP) format

lock:    ## make the locks from pyproject.toml and package.json
	$(BOOTSTRAP) lock $(ARGS)

bench:   ## measure, and write docs/performance.md
	$(BOOTSTRAP) bench $(ARGS)

bench-full: ## measure with up to 1,240,000 dossiers (ARGS="--applications 100000" for a smaller world)
	$(BOOTSTRAP) bench-full $(ARGS)

soak:    ## half an hour of mixed work while processes are killed (ARGS="--minutes 5")
	$(BOOTSTRAP) soak $(ARGS)

fuzz:    ## longer runs of the property tests (ARGS as for test)
	$(BOOTSTRAP) fuzz $(ARGS)

flask:   ## a command of the product, beside or without `make run`: make flask ARGS="users list"
	$(BOOTSTRAP) flask $(ARGS)

setup:   ## only the set-up that run and test would do
	$(BOOTSTRAP) setup

clean:   ## remove what set-up made in the state folder; ARGS=--data gives up the data too
	$(BOOTSTRAP) clean $(ARGS)
