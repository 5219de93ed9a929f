# Two commands do everything: `make demo` shows zood at work, `make test` checks all of it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build demo test fuzz torture bench boot-test lint docs clean

# The same flags everywhere, so that no command builds again what another has built.
# The check makes the import of a module that Package.swift does not allow an error.
CHECKED := --explicit-target-dependency-import-check error

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## Install the Debian packages that are missing
	@scripts/setup

build: setup ## Build zood, zooctl and the loopback hosts
	swift build $(CHECKED)

demo: build ## Watch zood do its job on a real model (KEEP=1: keep it running)
	@KEEP='$(KEEP)' scripts/demo

test: setup ## Format, lint, import check, documents, ten seconds of fuzzing per target, others' clients, every test
	scripts/lint
	scripts/docs
	swift build --build-tests $(CHECKED)
	@FUZZ_SECONDS=10 scripts/fuzz
	@scripts/test-clients
	@scripts/test

fuzz: setup ## Look for inputs that break what reads and edits (FUZZ_SECONDS=60 per target)
	@scripts/fuzz

torture: setup ## Faults, kills, rot and edits for long (OF=gists or binaries, SEED=; sizes: see scripts/torture)
	swift build --build-tests $(CHECKED)
	@OF='$(OF)' SEED='$(SEED)' GISTS='$(GISTS)' STEPS='$(STEPS)' PAIRS='$(PAIRS)' ROUNDS='$(ROUNDS)' EDITS='$(EDITS)' scripts/torture

bench: ## Measure a release build against its peers (WRITE=1: into docs/performance.md)
	@scripts/bench $(if $(WRITE),--write)

boot-test: setup ## Try the release and the units under a real systemd (root; minutes)
	scripts/boot-test

lint: setup ## Format, house rules, units, import check
	scripts/lint
	swift build --build-tests $(CHECKED)

docs: setup ## Write the generated documents anew, then check all of them
	swift build --build-tests $(CHECKED)
	ZOOD_UPDATE_DOCS=1 swift test --skip-build --disable-xctest --filter ConfigurationReference
	scripts/docs

clean: ## Remove what was built and fetched
	rm -rf .build .build-release .cache
