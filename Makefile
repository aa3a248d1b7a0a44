# Two commands: make site, make test; a third for maintainers, make publish. Everything is installed into .venv, and only once: the empty
# files .venv/installed-* are its dates, and older than pyproject.toml or constraints.txt after a change.

PYTHON ?= python3
TORCH ?=
# Other pins, or none, for those who try the oldest or the newest that pyproject.toml allows.
PINS ?= constraints.txt
VERSION ?=
AGAIN ?=
VENV := .venv
# The words of Stable Diffusion 1.5, of which the package's one data file is read: sources/shapes/sd15/tokenizer.
VOCABULARY := open-clip-torch==3.3.0
run := $(VENV)/bin/python -m
by_hash := $(filter constraints.txt,$(PINS))
hashed = site

export VERSION
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: site captures test successor serve publish dist kernels pins oldest cited shots lighthouse generate train chromium clean always
.DELETE_ON_ERROR:

# An empty table means that the inputs are wrong, which a capture cannot mend: status has said why.
site: $(VENV)/installed-base
	@$(run) gen status > $(VENV)/status; code=$$?; cat $(VENV)/status; \
	if [ $$code = 1 ] && [ -s $(VENV)/status ]; then $(MAKE) --no-print-directory captures; \
	else exit $$code; fi
	$(run) mkdocs build --strict

captures: $(VENV)/installed-generate
	$(run) gen capture

# A file's tests stay together, on one of two cores: what they share is made once for them.
test: $(VENV)/installed-test chromium
	$(run) pytest -n 2 --dist loadfile

# What builds and shows the site, by the maintained successor of MkDocs, in an environment of its own.
successor: VENV := .venv-successor
successor:
	$(MAKE) --no-print-directory VENV=$(VENV) $(VENV)/installed-test chromium
	$(VENV)/bin/python -m pip install --quiet properdocs==1.6.7 mkdocs-gen-files==0.6.1
	SITE_ENGINE=properdocs DISABLE_MKDOCS_2_WARNING=true $(VENV)/bin/python -m pytest -n 2 --dist loadfile \
		tests/test_site.py tests/test_packaging.py tests/publish tests/release tests/browser

serve: $(VENV)/installed-base
	$(run) mkdocs serve

# What the workflow runs for a tag, too. VERSION is pyproject.toml's, spelled out; SITE_URL where the site stands.
publish: $(VENV)/installed-base
	@$(run) gen publish "$$VERSION" $(if $(AGAIN),--again)

# gen to take along, and what the site is built with: the same bytes from the same commit.
dist: $(VENV)/installed-release
	rm -rf dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(run) hatchling build --directory dist
	$(run) cyclonedx_py requirements requirements/site.txt --pyproject pyproject.toml --output-reproducible \
		--output-format JSON --output-file dist/site.cdx.json

# What paints in a reader's browser, from its sources, by a compiler that gives the same bytes on every machine. What goes
# four at a time is written so in the sources: all that a compiler vectorized besides was a tenth of the file, and no faster.
kernels := -O3 -fno-unroll-loops -fno-vectorize -Wall -nostdlib -ffreestanding -fno-builtin -fno-math-errno \
	-mbulk-memory -msimd128 -Wl,--no-entry,--export=__heap_base,--strip-all,-z,stack-size=65536
kernels:
	$(MAKE) --no-print-directory VENV=.venv-kernels .venv-kernels/bin/python
	.venv-kernels/bin/python -m pip install --quiet --only-binary :all: --require-hashes -r requirements/kernels.txt
	cd docs/assets/js/live && $(CURDIR)/.venv-kernels/bin/python -m ziglang cc -target wasm32-freestanding $(kernels) \
		kernels/*.c -o kernels.wasm && chmod 644 kernels.wasm && sha256sum kernels/* kernels.wasm > kernels.sha256

# Whether the lines that the site cites still say what it says they do, in a clone of their own.
cited: site
	rm -rf .cache/cited.git
	git clone --quiet --bare "$$($(VENV)/bin/python -c \
		'import yaml; print(yaml.safe_load(open("sources/sources.yml"))["sd"]["url"])')" .cache/cited.git
	$(run) gen check --clone .cache/cited.git

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

# After a change of dependencies; needs uv. What stands in constraints.txt stays, with or without its hashes.
compile := uv pip compile --quiet --no-header --no-annotate --no-emit-index-url -c constraints.txt --python-version 3.11
pins:
	{ sed '/^#/!d' constraints.txt; \
		$(compile) pyproject.toml --extra generate --extra train --extra test | grep -Ev '^(nvidia|cuda|triton)'; \
	} > constraints.new && mv constraints.new constraints.txt
	for of in site:build release:release test:test; do file=requirements/$${of%:*}.txt; \
		{ echo "# With hashes, for pip install --require-hashes. Written by make pins."; \
			$(compile) pyproject.toml --extra $${of#*:} --universal --generate-hashes; } > $$file; done
	{ echo "# With hashes, for pip install --require-hashes. Written by make pins."; \
		$(compile) requirements/tools.in --universal --generate-hashes; } > requirements/tools.txt
	{ echo "# With hashes, for pip install --require-hashes. Written by make pins."; \
		$(compile) requirements/kernels.in --universal --generate-hashes; } > requirements/kernels.txt

# The oldest of all that pyproject.toml names, for make test PINS=oldest.txt; with PINS= the newest are taken.
oldest:
	uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --resolution lowest-direct \
		--python-version 3.11 pyproject.toml --extra train --extra test | grep -Ev '^(nvidia|cuda|triton)' > oldest.txt

$(VENV)/installed-base: extras =
$(VENV)/installed-generate: extras = [generate]
$(VENV)/installed-train: extras = [train]
$(VENV)/installed-test: extras = [train,test]
$(VENV)/installed-release: extras = [release]
$(VENV)/installed-test: hashed = test
$(VENV)/installed-release: hashed = release

# What the site and its tests need has known hashes; what builds gen is among it, so that nothing else is fetched for that.
# TORCH, if given, is what pip is asked for first. A torch that is already there is always kept. Python compiles
# what it imports: to compile all beforehand took two fifths of the time.
$(VENV)/installed-generate $(VENV)/installed-train $(VENV)/installed-test: $(if $(TORCH),always)
$(VENV)/installed-%: pyproject.toml $(PINS) $(wildcard requirements/*.txt) | $(VENV)/bin/python
	$(if $(by_hash),$(run) pip install --quiet --no-compile --only-binary :all: --require-hashes -r requirements/$(hashed).txt)
	$(if $(and $(TORCH),$(extras)),$(run) pip install $(TORCH))
	@if $(VENV)/bin/python -c 'import importlib.metadata as m; m.version("torch")' 2>&-; \
	then sed '/^torch==/d' /dev/null $(PINS); else cat /dev/null $(PINS); fi > $(VENV)/constraints.txt
	$(run) pip install --quiet --no-compile -c $(VENV)/constraints.txt $(if $(by_hash),--no-build-isolation) -e '.$(extras)'
	$(if $(findstring generate,$(extras))$(findstring train,$(extras)),-$(run) pip install --quiet --no-deps $(VOCABULARY))
	@touch $(VENV)/installed-base $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || { \
		echo "make: '$(PYTHON)' is not Python 3.11, 3.12 or 3.13;" \
			"name one that is: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>&- || { \
		echo "make: $(PYTHON) cannot make a virtual environment;" \
			"on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Debian's own where we may install it, the one without windows, else what is there, else what Playwright brings.
apt := apt-get -o Acquire::http::Timeout=20
chromium: $(VENV)/installed-test
	@if [ -z "$$CHROMIUM" ] && ! command -v chromium-headless-shell > /dev/null; then \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && $(apt) update \
			&& { $(apt) install -y chromium-headless-shell || $(apt) install -y chromium; }; } \
		|| command -v chromium > /dev/null || $(run) playwright install chromium; fi
