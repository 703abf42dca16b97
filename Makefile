# The commands of the course; `make` alone lists them.
# Works with GNU make 3.81 (macOS) and newer, and in folders whose path holds spaces.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

EXTRAS ?= lab,test
PYTEST_ARGS ?= -n 2 --dist loadscope --no-loadscope-reorder
VENV_PYTHON := .venv/bin/python
FIND_PYTHON := python=$$(PYTHON='$(PYTHON)' sh tools/find_python.sh)
SETUP := $(FIND_PYTHON) && PYTHON='$(PYTHON)' "$$python" tools/setup_env.py

.PHONY: help lab test train notebooks editions bench slides book lite screenshots clean

help: ## list these commands
	@echo "make COMMAND, where COMMAND is one of"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile
	@echo "EXTRAS=lab,fast,torch adds the compiled and the PyTorch engine to lab or bench."
	@echo "PYTHON=/path/to/python3 chooses the Python that .venv is built from (3.10 or newer)."

lab bench: EXTRAS = lab

lab: ## set up .venv and open JupyterLab on the first notebook (LAB_ARGS=--no-browser)
	@$(SETUP) $(EXTRAS)
	@$(VENV_PYTHON) tools/start_lab.py $(LAB_ARGS)

test: ## set up .venv and run every check and test (PYTEST_ARGS=...)
	@$(SETUP) $(EXTRAS)
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m mypy
	$(VENV_PYTHON) -m pytest $(PYTEST_ARGS)

train: ## the reference run with a bare Python: train, then invent 20 names (TRAIN_ARGS=--help)
	@$(FIND_PYTHON) && exec "$$python" -m microgpt $(TRAIN_ARGS)

notebooks: ## execute and normalise all notebooks, or one of them (NB=02)
	@$(SETUP) lab,test
	@$(VENV_PYTHON) tools/notebooks.py $(NB)

editions: ## write the student and the solution edition to build/, or of one chapter (NB=02)
	@$(SETUP) lab,test
	@$(VENV_PYTHON) tools/notebooks.py editions $(NB)

bench: ## measure every engine against the script's algorithm
	@$(SETUP) $(EXTRAS)
	@$(VENV_PYTHON) tools/bench.py $(BENCH_ARGS)

slides: ## write the slides of every chapter to build/slides/, or of one of them (NB=02)
	@$(SETUP) lab,book
	@$(VENV_PYTHON) tools/slides.py $(NB)

book: ## write the reading edition, a web site, to build/book/
	@$(SETUP) lab,book
	@$(VENV_PYTHON) tools/book.py $(BOOK_ARGS)

lite: ## write the course as a web site that runs in the browser, nothing installed, to build/lite/
	@$(SETUP) lab,lite
	@$(VENV_PYTHON) -m tools.lite.build $(LITE_ARGS)

screenshots: ## renew the pictures of README.md from the real thing
	@$(SETUP) lab,test
	@$(VENV_PYTHON) tools/screenshots.py

clean: ## remove .venv and everything that was built; what readers keep stays
	rm -rf .venv build dist .nox .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -f notebooks/my_microgpt*.py
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
