# `make demo` and `make run` need nothing but Python 3.11, pip and (on Debian) apt; the rest is set up on the way.
# Options go through ARGS:  make demo ARGS="--seconds 60 --out build/demo"

PYTHON ?= python3
BIN := .venv/bin
WEIGHTS := whisper-base face-landmarker expressions-fer2013
INSIDE := $(WEIGHTS) selfie-segmentation
ARGS ?=

LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --newline=lf
INPUTS := pyproject.toml installer/environment.in

.PHONY: help demo run test check bench screenshots installer packages smoke lock clean setup setup-dev

help:                ## this list
	@sed -nE 's/^([a-z-]+):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: setup          ## a whole meeting with recorded people, judged; results in build/demo
	@$(BIN)/parley demo $(ARGS)

run:                 ## the window
	@$(PYTHON) -m installer.bootstrap
	-@$(BIN)/parley models fetch $(WEIGHTS)   # without them there are no captions, but there is a meeting
	@$(BIN)/parley run $(ARGS)

test: setup-dev      ## unit, simulated and system tests
	-@$(BIN)/parley models fetch $(WEIGHTS)   # tests that need weights skip, and say so, without them
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses=2 --no-loadscope-reorder $(ARGS)

check: setup-dev     ## ruff, mypy --strict, the import rules and the contrast of colours, side by side
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=target check-style check-types check-windows check-imports check-contrast

.PHONY: check-style check-types check-windows check-imports check-contrast
check-style:
	@$(BIN)/ruff check
check-types:
	@$(BIN)/mypy
check-windows:
	@$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/windows app sfu models
check-imports:
	@$(BIN)/lint-imports --no-logo
check-contrast:
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --quiet tests/ui/test_theme.py

bench: setup-dev     ## measurements: make bench ARGS="NAME --json"
	@$(BIN)/python -m tests.bench $(ARGS)

screenshots: setup-dev ## every screen as a picture, both themes and languages, in build/screenshots
	@$(BIN)/python -m tests.ui.screenshots build/screenshots

installer: setup-dev ## the program that people install, in one folder: dist/parley; with CUDA=1, dist/parley-cuda
ifdef CUDA
	@$(PYTHON) -m installer.bootstrap --dev --cuda --venv build/cuda-venv
	@nice build/cuda-venv/bin/python -m installer.build --cuda $(ARGS)
else
	@nice $(BIN)/python -m installer.build $(ARGS)
endif

packages: installer  ## from dist/parley: both .deb packages and a tarball; with CUDA=1, parley-cuda
ifdef CUDA
	@nice $(BIN)/python -m installer.packages --cuda deb sbom
else
	@$(BIN)/parley models fetch $(INSIDE)
	@nice $(BIN)/python -m installer.packages deb tar sbom
	@nice $(BIN)/python -m installer.packages --full deb
endif

smoke: packages      ## the packages: installed on a computer of their own without a network, used, removed
	@PARLEY_PACKAGES=dist QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/system/test_installed.py \
		tests/system/test_tarball.py $(ARGS)

lock: setup-dev      ## pin the newest allowed dependencies, with hashes
	$(LOCK) --upgrade --output-file installer/requirements.lock $(INPUTS)
	$(LOCK) --upgrade --extra dev --constraint installer/requirements.lock \
		--output-file installer/requirements-dev.lock $(INPUTS)
	$(LOCK) --upgrade --extra cuda --constraint installer/requirements.lock \
		--output-file installer/requirements-cuda.lock $(INPUTS)

clean:               ## everything made here, but not the weights in the user's data folder
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

setup:               ## everything the program needs, and nothing else
	@$(PYTHON) -m installer.bootstrap --weights $(WEIGHTS)

setup-dev:
	@$(PYTHON) -m installer.bootstrap --dev
