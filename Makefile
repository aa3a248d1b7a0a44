# Two commands: make site, make test; a third for maintainers, make publish. Everything is installed into .venv, and only once: the empty
# files .venv/installed-* are its dates, and older than pyproject.toml or constraints.txt after a change.

PYTHON ?= python3
TORCH ?=
VERSION ?=
AGAIN ?=
VENV := .venv
run := $(VENV)/bin/python -m

export VERSION
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: site captures test successor serve publish shots lighthouse generate train chromium clean always
.DELETE_ON_ERROR:

# An empty table means that the inputs are wrong, which a capture cannot mend: status has said why.
site: $(VENV)/installed-base
	@$(run) gen status > $(VENV)/status; code=$$?; cat $(VENV)/status; \
	if [ $$code = 1 ] && [ -s $(VENV)/status ]; then $(MAKE) --no-print-directory captures; \
	else exit $$code; fi
	$(run) mkdocs build --strict

captures: $(VENV)/installed-generate
	$(run) gen capture

test: $(VENV)/installed-test chromium
	$(run) pytest

# What builds and shows the site, by the maintained successor of MkDocs, in an environment of its own.
successor: VENV := .venv-successor
successor:
	$(MAKE) --no-print-directory VENV=$(VENV) $(VENV)/installed-test chromium
	$(VENV)/bin/python -m pip install --quiet properdocs==1.6.7 mkdocs-gen-files==0.6.1
	SITE_ENGINE=properdocs DISABLE_MKDOCS_2_WARNING=true $(VENV)/bin/python -m pytest \
		tests/test_site.py tests/test_packaging.py tests/publish tests/release tests/browser

serve: $(VENV)/installed-base
	$(run) mkdocs serve

# What the workflow runs for a tag, too. VERSION is pyproject.toml's, spelled out; SITE_URL where the site stands.
publish: $(VENV)/installed-base
	@$(run) gen publish "$$VERSION" $(if $(AGAIN),--again)

# Both look at the site that was built last. Lighthouse comes through npx, and stays in npm's own cache.
shots: $(VENV)/installed-test chromium
	$(VENV)/bin/python benchmarks/shots.py

lighthouse: $(VENV)/installed-test chromium
	$(VENV)/bin/python benchmarks/lighthouse.py

generate: $(VENV)/installed-generate

train: $(VENV)/installed-train

clean:
	rm -rf site shots .cache .pytest_cache .ruff_cache dist
	find . -name .venv -prune -o -name __pycache__ -exec rm -rf {} +

$(VENV)/installed-base: extras =
$(VENV)/installed-generate: extras = [generate]
$(VENV)/installed-train: extras = [train]
$(VENV)/installed-test: extras = [train,test]

# TORCH, if given, is what pip is asked for first. A torch that is already there is always kept.
$(VENV)/installed-generate $(VENV)/installed-train $(VENV)/installed-test: $(if $(TORCH),always)
$(VENV)/installed-%: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(if $(and $(TORCH),$(extras)),$(run) pip install $(TORCH))
	@if $(VENV)/bin/python -c 'import importlib.metadata as m; m.version("torch")' 2>&-; \
	then grep -v '^torch==' constraints.txt; else cat constraints.txt; fi > $(VENV)/constraints.txt
	$(run) pip install --quiet -c $(VENV)/constraints.txt -e '.$(extras)'
	@touch $(VENV)/installed-base $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || { \
		echo "make: '$(PYTHON)' is not Python 3.11, 3.12 or 3.13;" \
			"name one that is: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>&- || { \
		echo "make: $(PYTHON) cannot make a virtual environment;" \
			"on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Debian's own where we may install it, else the build that Playwright brings.
chromium: $(VENV)/installed-test
	@if [ -z "$$CHROMIUM" ] && ! command -v chromium > /dev/null; then \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null \
			&& apt-get update && apt-get install -y chromium; } \
		|| $(run) playwright install chromium; fi
