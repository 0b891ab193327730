# Everything a newcomer needs: make report, make test, make lab.
QUARTER ?= 2026Q3
PYTHON ?= python3
BIN := .venv/bin
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder
CATALOGUE := src/analysis/locale/zh/LC_MESSAGES/quarterbook.po
# Calls whose text a reader sees: which argument of the contract's helpers is a text.
WORDS := say mark Column:4 Table:2 _text:2 _day:2 _minor:2 _rate:2 _share:2

.PHONY: help setup spark report test test-extended check words lab bank benchmarks truth lock clean

help:  ## List the targets.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /: /'

setup: .venv/.ready  ## Make the environment from the lock.

.venv/.ready: requirements.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh ./setup.sh

spark: .venv/.ready  ## Add what a source on a Spark cluster needs (and Java 17).
	$(BIN)/pip --quiet --disable-pip-version-check install \
		--require-hashes --no-deps --requirement requirements-spark.lock

report: .venv/.ready  ## Run a quarter and publish its reports (QUARTER=2026Q3).
	@$(BIN)/quarterbook report $(QUARTER)

bank: .venv/.ready  ## Make the embedded synthetic bank.
	@$(BIN)/quarterbook bank

lab: .venv/.ready  ## Open JupyterLab on the notebooks.
	@$(BIN)/quarterbook bank --if-missing
	@$(BIN)/jupyter lab notebooks

check: .venv/.ready  ## Lint, types, layers, docstrings, notebooks, spelling.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(git ls-files 'src/*.py')
	$(BIN)/nbstripout --keep-id --verify notebooks/*.ipynb
	$(BIN)/codespell

words: .venv/.ready  ## Collect the texts of reports into the catalogue to be translated.
	$(BIN)/pybabel -q extract -F pyproject.toml --no-default-keywords -k "$(WORDS)" \
		--no-location --sort-output -w 88 -o $(CATALOGUE)t src
	$(BIN)/pybabel -q update -l zh -i $(CATALOGUE)t -o $(CATALOGUE) -w 88 \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@rm $(CATALOGUE)t

# What is measured for coverage is slowed by half, so only what must be is measured.
test: check  ## Run all that CI runs.
	$(PYTEST) -m "not extended" --ignore=tests/data/spark tests/data tests/statistics \
		--cov=analysis.data --cov=analysis.statistics --cov-report=term:skip-covered
	$(BIN)/coverage report --fail-under=95 --omit='*/spark*' \
		--include='src/analysis/data/*,src/analysis/statistics/*'
	$(PYTEST) -m "not extended" --ignore=tests/statistics --ignore-glob='tests/data/test_*.py'

test-extended: .venv/.ready  ## Run the tests that make test leaves out.
	$(PYTEST) -m extended

benchmarks: .venv/.ready  ## Measure speed and memory; takes long.
	$(BIN)/python benchmarks/quarter.py
	$(BIN)/python benchmarks/kill_anywhere.py --kills 100
	$(BIN)/python benchmarks/relative_importance.py
	$(BIN)/python benchmarks/comment_topics.py
	$(BIN)/python benchmarks/ordered_logit.py
	$(BIN)/python benchmarks/elasticity_scale.py --rows 1 10 100
	$(BIN)/python benchmarks/profit_scale.py --customers 200000 2000000
	$(BIN)/python benchmarks/synthetic_bank.py 20000 200000 2000000

truth: .venv/.ready  ## Score estimators where the truth is known; takes long.
	$(BIN)/quarterbook truth deposit_rate_elasticity \
		--output tests/reference/truth/deposit_rate_elasticity.csv
	$(BIN)/quarterbook truth segment_profitability \
		--output tests/reference/truth/segment_profitability.csv
	$(BIN)/quarterbook truth satisfaction_drivers \
		--output tests/reference/truth/satisfaction_drivers.csv

lock: .venv/.ready  ## Pin again what pyproject.toml asks for (needs uv).
	uv pip compile --universal --no-emit-index-url --no-header --no-annotate \
		--generate-hashes --extra dev pyproject.toml -o requirements.lock
	$(BIN)/python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
		print(*project['optional-dependencies']['spark'], sep='\n')" | \
		uv pip compile --universal --no-emit-index-url --no-header --no-annotate \
		--generate-hashes --constraint requirements.lock - -o requirements-spark.lock

clean:  ## Remove the environment and the synthetic bank; published reports stay.
	rm -rf .venv .bank
