# Nothing but Python 3.11 to 3.13 and make is needed: .venv is built from the lock, every download checked by its hash.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/installed-from-lock
ENGINES := $(VENV)/installed-engines

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export MPLBACKEND := agg

.PHONY: help report test pictures engines test-engines lint lab data bench bench-engines lock clean

help:
	@echo "make report MONTH=2020-11   make the report of a month in reports/2020-11"
	@echo "make test                   run the tests"
	@echo "make pictures               renew the pictures that the report's pages are compared with"
	@echo "make test-engines           install Dask, Spark and a small S3 server (0.7 GB), and run the tests that use them"
	@echo "make lab                    open the notebooks in JupyterLab"
	@echo "make lint                   check style, types and notebooks"
	@echo "make data                   rebuild the reconstruction and import it as a new vintage"
	@echo "make bench                  measure imports, and reports beside the plain way; writes docs/benchmarks"
	@echo "make bench-engines          measure the engines on up to ten million made records; writes docs/benchmarks"
	@echo "make lock                   pin the newest allowed versions in requirements.lock"

report: $(STAMP) $(if $(TOLL_RECORDS),,data/records)
	@$(BIN)/toll report $(MONTH)

test: $(STAMP)
	$(BIN)/pytest -n auto

pictures: $(STAMP)
	RENEW_PICTURES=1 $(BIN)/pytest tests/end_to_end/test_pages_seen.py

engines: $(ENGINES)

test-engines: $(ENGINES)
	$(BIN)/pytest tests/engines tests/end_to_end/test_object_storage.py

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/nbstripout --verify --keep-id --keep-metadata-keys "metadata.kernelspec cell.metadata.section cell.metadata.tags" notebooks/*.ipynb

lab: $(STAMP) $(if $(TOLL_RECORDS),,data/records)
	$(BIN)/jupyter lab notebooks

data: $(STAMP)
	$(BIN)/python -m analysis.records.reconstruction
	$(BIN)/toll import data/reconstruction/records.csv

bench: $(STAMP)
	$(BIN)/python benchmarks/import_million.py
	$(BIN)/python benchmarks/reports.py

bench-engines: $(ENGINES)
	$(BIN)/python benchmarks/engines.py

data/records: | $(STAMP)
	@$(BIN)/toll import data/reconstruction/records.csv --records $@

# The engines get the versions of the main lock; the server of the tests has an environment, and so a lock, of its own.
PIN = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --upgrade
lock: $(STAMP)
	$(BIN)/pip install --quiet uv
	$(PIN) --extra build --extra cluster --extra lab --extra test pyproject.toml --output-file requirements.lock
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"] \
	  ["optional-dependencies"]["engines"], sep="\n")' | $(PIN) --constraint requirements.lock - --output-file requirements-engines.lock
	printf 'flask\nflask-cors\nmoto[s3]\n' | $(PIN) - --output-file requirements-s3.lock

# The server wants an older python-dateutil than the report has, and is a process of its own anyway.
$(ENGINES): requirements-engines.lock requirements-s3.lock $(STAMP)
	@echo "Installing Dask, Spark and a small S3 server (once, some minutes) ..."
	@$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements-engines.lock
	@$(PYTHON) -m venv --clear $(VENV)/s3
	@$(VENV)/s3/bin/pip install --quiet --no-deps --require-hashes --requirement requirements-s3.lock
	@command -v java >/dev/null || echo "Spark needs Java 17 or newer: apt-get install openjdk-17-jre-headless"
	@touch $@

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info[:2] <= (3, 13); sys.exit(None if ok else \
	  "Python 3.11, 3.12 or 3.13 is needed, this is " + sys.version.split()[0] + ". Name one: make PYTHON=python3.12 ...")'
	@echo "Building $(VENV) from requirements.lock (once, a minute or two) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) data/records reports/.*.partial-*
