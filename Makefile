# Two commands: `make demo` runs everything, `make test` proves it. CONTRIBUTING.md says the rest.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
WORKERS ?= 3
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

.PHONY: install demo demo-reset shell pictures test test-fast test-long chaos year test-hours coverage check lint format-check imports templates \
	dependencies types fmt hooks lock

install: $(STAMP)

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 ou plus récent est nécessaire" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install
	@exec $(BIN)/python -m pfmp_saas.demo.run

demo-reset:
	rm -rf var

# A Python shell on the demonstration's database, while `make demo` runs: session, school("0211033J").
shell: install
	@exec $(BIN)/python -m pfmp_saas.demo.shell

# Every main page of the demonstration that runs (PFMP_DEMO, else port 8000), into docs/pictures.
pictures: install
	$(BIN)/python -m pfmp_saas.demo.pictures

test: install
	$(PYTEST) -m "not long"

# No server, no browser, nothing slow: under a minute.
test-fast: install
	$(PYTEST) -m "not long and not servers and not slow"

test-long: install
	$(PYTEST) -m long

# Valkey, the mail server and PostgreSQL killed, hung and filled under a real service; prints its counts.
chaos: install
	@$(BIN)/python -m pfmp_saas.bench.chaos

# A school year in three schools, with the time passed in: every mail compared with what a reckoning apart asks.
year: install
	@$(BIN)/python -m pfmp_saas.bench.year

# The suite at hours that surprise. Real processes (`real_processes`, browsers) stay on the machine's clock.
HOURS := 2026-11-24T23:30 2026-12-31T23:30 2028-02-29T23:30 2026-10-25T00:30 2027-03-28T00:30
test-hours: install
	@for at in $(HOURS); do echo "$$at UTC"; PFMP_TEST_NOW=$$at+00:00 $(PYTEST) -m "not long" || exit 1; done

# The suite once more, with what it ran of the product.
coverage: install
	rm -f .coverage .coverage.*
	-$(BIN)/coverage run -m pytest -m "not long"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: install lint format-check imports templates dependencies types

lint:
	$(BIN)/ruff check .

format-check:
	$(BIN)/ruff format --check .

imports:
	$(BIN)/lint-imports

templates:
	$(BIN)/djlint --lint --quiet templates

# Once for what nothing imports, once for what the product imports and production lacks.
dependencies:
	$(BIN)/deptry .
	$(BIN)/deptry . --extend-exclude tests --optional-dependencies-dev-groups dev

types:
	$(BIN)/mypy

fmt: install
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

# The checks before each commit, on what it changes.
hooks: install
	$(BIN)/pre-commit install

# The locks, with hashes, from requirements/*.in: versions stay unless asked (UPGRADE="--upgrade" or "-P flask").
lock:
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/pip install --quiet --disable-pip-version-check uv
	$(LOCK) requirements/runtime.in -o requirements/runtime.txt
	$(LOCK) requirements/runtime.in requirements/dev.in -o requirements/dev.txt

LOCK = .venv/lock/bin/uv pip compile $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --quiet
