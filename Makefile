# Each target sets up what it needs. Without make (Windows): README.md, "Install".
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test bench lint docs golden smoke

setup: .venv/ready  ## make .venv with locked versions and this checkout in it

.venv/ready: pyproject.toml setup.py requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "jointbuy needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1); try: make setup PYTHON=python3.13" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || { \
	  echo "$(PYTHON) cannot make a virtual environment; on Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## check the first example
	$(BIN)/jointbuy demo

test: setup  ## all tests, on two processes; ten times the draws of random ones: JOINTBUY_DRAWS=10 make test
	$(BIN)/python -m pytest -n 2 --dist worksteal

bench: setup  ## time the workloads beside their peers; writes benchmarks/results.json; only some: make bench ONLY="P1 P5"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	$(BIN)/python benchmarks/run.py $(ONLY)

lint: setup  ## formatting, style, types, and whether generated pages are fresh
	$(BIN)/ruff format --check .
	$(BIN)/ruff check --output-format=concise .
	$(BIN)/mypy
	$(BIN)/python tools/docs.py --check

docs: setup  ## write docs/cli.md and docs/rules/ from the code
	$(BIN)/python tools/docs.py

golden: setup  ## write tests/golden/ anew; review the difference before committing
	$(BIN)/python -m pytest --golden tests/test_golden.py tests/test_report_html.py
	-git status --short -- tests/golden

smoke: setup  ## build, install into a bare environment, run from another folder
	$(BIN)/python tools/smoke.py
