# The commands of the course; `make` alone lists them.
# Works with GNU make 3.81 (macOS) and newer, and in folders whose path holds spaces.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# Values travel in the environment, so that a path may hold any character. An empty PYTHONSAFEPATH
# lets `python -m` find what is in this folder.
export PYTHON EXTRAS
export PYTHONSAFEPATH :=
VENV_PYTHON := .venv/bin/python
RUN := python=$$(sh tools/find_python.sh) && exec "$$python" -m
SETUP := python=$$(sh tools/find_python.sh) && "$$python" -m tools.setup_env

.PHONY: help lab test train notebooks editions bench slides book lite screenshots clean

help: ## list these commands
	@echo "make COMMAND, where COMMAND is one of"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile
	@echo "EXTRAS=fast,torch adds the compiled and the PyTorch engine to lab or bench."
	@echo "PYTHON=/path/to/python3 chooses the Python that .venv is built from (3.10 or newer)."

lab: ## set up .venv and open JupyterLab on the first notebook (LAB_ARGS=--no-browser)
	@$(RUN) tools.lab $(LAB_ARGS)

test: ## set up .venv and run every check and test (PYTEST_ARGS=...)
	@$(RUN) tools.test $(PYTEST_ARGS)

train: ## the reference run with a bare Python: train, then invent 20 names (TRAIN_ARGS=--help)
	@$(RUN) microgpt $(TRAIN_ARGS)

notebooks: ## execute and normalise all notebooks, or one of them (NB=02)
	@$(SETUP) lab,test
	@$(VENV_PYTHON) -m tools.notebooks $(NB)

editions: ## write the student and the solution edition to build/ (NB=02; GRADER=nbgrader or otter)
	@$(SETUP) lab,test
	@$(VENV_PYTHON) -m tools.notebooks editions $(if $(GRADER),--grader $(GRADER)) $(NB)

bench: ## measure every engine against the script's algorithm
	@$(SETUP) lab
	@$(VENV_PYTHON) -m tools.bench $(BENCH_ARGS)

slides: ## write the slides of every chapter to build/slides/, or of one of them (NB=02)
	@$(SETUP) lab,book
	@$(VENV_PYTHON) -m tools.slides $(NB)

book: ## write the reading edition, a web site, to build/book/
	@$(SETUP) lab,book
	@$(VENV_PYTHON) -m tools.book $(BOOK_ARGS)

lite: ## write the course as a web site that runs in the browser, nothing installed, to build/lite/
	@$(SETUP) lab,lite
	@$(VENV_PYTHON) -m tools.lite.build $(LITE_ARGS)

screenshots: ## renew the pictures of README.md from the real thing
	@$(SETUP) lab,test
	@$(VENV_PYTHON) -m tools.screenshots

clean: ## remove .venv and everything that was built; what readers keep (my_*) stays
	rm -rf .venv .venv-before .venv-draft build dist .nox .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
