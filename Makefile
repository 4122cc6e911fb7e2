# Two commands set everything up on a fresh machine:
#
#   make demo   installs knetc, fetches MNIST, trains LeNet and reports its accuracy
#   make test   installs the tools and runs every check
#
# PYTHON=python3.12 chooses another Python for a new environment (`make clean` removes the old one).

PYTHON ?= python3
PEERS_PYTHON ?= python3.11

VENV := .venv
PEERS := .venv-peers
comma := ,

.DEFAULT_GOAL := help
.PHONY: help demo quick test test-peers lint types contracts coverage fuzz sizes clean

help:
	@echo "make demo        train LeNet on MNIST (make quick: a minute, on the bundled digits)"
	@echo "make test        lint, types, import contracts, all tests (parts: lint types contracts)"
	@echo "make test-peers  compare with PyTorch, JAX and others, in an environment of their own"
	@echo "make coverage    the tests, with the lines that they leave out"
	@echo "make fuzz        many random programs"
	@echo "make sizes       files and lines of each folder"
	@echo "make clean       remove environments and caches"

demo: $(VENV)/.installed-demo
	$(VENV)/bin/python examples/lenet.py

quick: $(VENV)/.installed-demo
	$(VENV)/bin/python examples/lenet.py --quick

test: lint types contracts
	$(VENV)/bin/python -m pytest -n 2

test-peers: $(PEERS)/.installed-peers
	$(PEERS)/bin/python -m pytest -m peers

lint: $(VENV)/.installed-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/codespell

types: $(VENV)/.installed-test
	$(VENV)/bin/mypy

contracts: $(VENV)/.installed-test
	$(VENV)/bin/lint-imports

coverage: $(VENV)/.installed-test
	$(VENV)/bin/python -m pytest -n 2 --cov

fuzz: $(VENV)/.installed-test
	$(VENV)/bin/python -m pytest -n 2 -m fuzz --hypothesis-profile=fuzz

sizes: $(VENV)/.installed-test
	$(VENV)/bin/python tests/test_house.py

clean:
	rm -rf $(VENV) $(PEERS) build *.egg-info htmlcov .coverage* .hypothesis
	rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# $(call install,ENVIRONMENT,PYTHON,EXTRAS) installs knetc with extras, into a new environment if there is none.
# While it works there is a file `.installing`; who finds one left over starts afresh, because a package that
# was interrupted while it was written can look complete. The target is a stamp, renewed when setup.cfg changes.
define install
	@$(2) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "knetc needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@if test -e $(1)/.installing; then echo "the last install was interrupted: starting afresh"; rm -rf $(1); fi
	@mkdir -p $(1) && touch $(1)/.installing
	test -x $(1)/bin/python || $(2) -m venv $(1)
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check \
		--config-settings editable_mode=compat --editable '.[$(3)]'
	@rm $(1)/.installing && touch $@
endef

$(VENV)/.installed-demo: setup.cfg
	$(call install,$(VENV),$(PYTHON),plot)

$(VENV)/.installed-test: setup.cfg
	$(call install,$(VENV),$(PYTHON),test$(comma)dev)

$(PEERS)/.installed-peers: setup.cfg
	$(call install,$(PEERS),$(PEERS_PYTHON),test$(comma)peers)
