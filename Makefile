# Everything a user or a developer runs. `make build` and `make test` need Python 3.11+, pip and git.
# A virtual environment is made again only when pyproject.toml changes.

PYTHON ?= python3
OUT ?= out
RECORDS ?= 800
WORKERS ?=
VENV := .venv
BIN := $(VENV)/bin
# Two more environments hold the wheel with its core dependencies alone, one a `datasets` major.
OLD := .venv-datasets3
NEW := .venv-wheel
# One more holds the extras of hundreds of megabytes, for `test-all`.
HEAVY := .venv-heavy
# What is not run there: it looks at pictures, which needs the extra [build]; or `doors` runs it.
NOT_CORE := tests/render tests/scenes tests/picture_test.py tests/doors
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: build test test-all check lint unit doors core wheel-suite heavy demo schema golden bench teachers-test teachers-golden clean

build: $(VENV)/.build  ## build all four subsets on this machine and show rows of each
	$(BIN)/world2vlm build --out $(OUT) --records $(RECORDS) $(if $(WORKERS),--workers $(WORKERS))
	$(BIN)/world2vlm check $(OUT)/bundles $(OUT)/World2VLM
	$(BIN)/python examples/show_rows.py $(OUT)/World2VLM

test: lint unit doors core  ## what CI runs: core, both `datasets` majors; the slow and heavy is in test-all
	@echo "not run here: tests marked 'slow' (the demo made again, Ray, models, whole grids) and the suite from the installed wheel; make test-all runs them"

test-all: lint $(VENV)/.dev doors core wheel-suite heavy  ## everything
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.build  ## check the demo
	$(BIN)/world2vlm check data-demo

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.dev
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile --durations 10

doors: $(OLD)/.ready $(NEW)/.ready  ## every way to load, from the wheel, outside the checkout
	home=$$(mktemp -d) && export W2V_DOORS_HOME=$$home && \
	scripts/outside.sh $(OLD) tests/doors tests/publish tests/audit tests/mistakes tests/schemas && \
	scripts/outside.sh $(NEW) tests/doors; \
	status=$$?; rm -rf $$home; exit $$status

core: $(NEW)/.ready  ## all tests that need no extra, with the core dependencies alone
	scripts/outside.sh $(NEW) tests -m "not slow" -n 2 --dist loadfile -rs $(NOT_CORE:%=--ignore %)

wheel-suite: $(VENV)/.dev dist/.wheel  ## the whole suite from the installed wheel, outside the checkout
	PYTHON=$(PYTHON) scripts/wheel_suite.sh

heavy: $(HEAVY)/.ready  ## slow tests, and those that skip without [audit] or [detect]: Ray, torch, TRL, scikit-learn
	$(HEAVY)/bin/python -m pytest -m slow -rs
	$(HEAVY)/bin/python -m pytest -m "not slow" -n 2 --dist loadfile -rs \
		tests/audit/blind tests/audit/obedience tests/trackers tests/paper/test_from_bundles.py

demo: $(VENV)/.build  ## make data-demo/ again from its one seed
	$(BIN)/python -m builder.pipeline.demo data-demo

schema: $(VENV)/.build  ## write schema/tasks/*.json from the task files
	$(BIN)/python -m builder.pipeline.task_schemas schema/tasks

golden: $(VENV)/.dev  ## accept what the golden tests see now
	W2V_REWRITE=1 $(BIN)/python -m pytest tests/tasks tests/audit -q

bench: $(VENV)/.dev  ## the figures of docs/measured.md that need no hour
	$(BIN)/python bench/frame_time.py
	$(BIN)/python -m bench.right_eye
	$(BIN)/python bench/hook_cost.py
	$(BIN)/python -m bench.score_exploits
	if [ -d $(OUT)/bundles ]; then \
		$(BIN)/python bench/check_throughput.py $(OUT)/bundles; $(BIN)/python bench/load_speed.py $(OUT); \
	else echo "not run: check_throughput, load_speed; make build first, they read $(OUT)"; fi

# With checkouts of the world models (W2V_SVC_ROOT, W2V_HY_ROOT) and interpreters that have their
# packages (W2V_SVC_PYTHON, W2V_HY_PYTHON); what is missing skips and says so. See docs/teachers.md.
teachers-test: $(VENV)/.dev  ## both adapters, end to end on a CPU, through unmodified upstream code
	$(BIN)/python -m pytest tests/teachers tests/contracts/test_backend_contract.py -rs -s --durations 5

teachers-golden: $(VENV)/.dev  ## write tests/golden/teachers/*.json from the checkouts
	PYTHONPATH=. $(BIN)/python tests/teachers/golden.py

clean:
	rm -rf $(VENV) $(OLD) $(NEW) $(HEAVY) .venv-suite dist out

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.build: pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install -q -e ".[build]"
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install -q -e ".[build,dev]"
	@touch $@ $(VENV)/.build

dist/.wheel: $(VENV)/.dev pyproject.toml world2vlm.py $(shell git ls-files builder schema data-demo startup 2>/dev/null)
	rm -rf dist && $(BIN)/python -m build --wheel --installer pip -o dist . >/dev/null
	@touch $@

$(OLD)/.ready: dist/.wheel
	$(PYTHON) -m venv $(OLD)
	$(OLD)/bin/pip install -q --upgrade "datasets==3.6.*" pytest hypothesis
	$(OLD)/bin/pip install -q --force-reinstall --no-deps dist/*.whl
	$(OLD)/bin/pip install -q dist/*.whl
	@touch $@

$(NEW)/.ready: dist/.wheel
	$(PYTHON) -m venv $(NEW)
	$(NEW)/bin/pip install -q pytest pytest-xdist hypothesis
	$(NEW)/bin/pip install -q --force-reinstall --no-deps dist/*.whl
	$(NEW)/bin/pip install -q dist/*.whl
	@touch $@

$(HEAVY)/.ready: pyproject.toml
	$(PYTHON) -m venv $(HEAVY)
	$(HEAVY)/bin/pip install -q -e ".[build,audit,depth,detect,ray,dev]" trl mlcroissant
	@touch $@
