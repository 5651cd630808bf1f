# Nothing but Python 3.11 to 3.13 and make is needed: .venv is built from the lock, every download checked by its hash.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/installed-from-lock

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export MPLBACKEND := agg

.PHONY: help report test pictures lint lab data bench lock clean

help:
	@echo "make report MONTH=2020-11   make the report of a month in reports/2020-11"
	@echo "make test                   run the tests"
	@echo "make pictures               renew the pictures that the report's pages are compared with"
	@echo "make lab                    open the notebooks in JupyterLab"
	@echo "make lint                   check style, types and notebooks"
	@echo "make data                   rebuild the reconstruction and import it as a new vintage"
	@echo "make bench                  measure the import of a million rows, and reports beside the plain way"
	@echo "make lock                   pin the newest allowed versions in requirements.lock"

report: $(STAMP) $(if $(TOLL_RECORDS),,data/records)
	@$(BIN)/toll report $(MONTH)

test: $(STAMP)
	$(BIN)/pytest -n auto

pictures: $(STAMP)
	RENEW_PICTURES=1 $(BIN)/pytest tests/end_to_end/test_pages_seen.py

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

data/records: | $(STAMP)
	@$(BIN)/toll import data/reconstruction/records.csv --records $@

lock: $(STAMP)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --all-extras --generate-hashes --no-header --no-annotate \
	  --quiet --upgrade pyproject.toml --output-file requirements.lock

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
