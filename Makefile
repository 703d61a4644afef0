# `make run` serves Tintype, `make test` tests it, and `make` lists all targets.
#
# Everything stays in the checkout: packages in .venv, data in var (TINTYPE_HOME), reports in htmlcov. Only the caches of
# pip and docker are elsewhere.

PYTHON ?= python3
PYTEST_ARGS ?=
LOCK ?= cpu
LOCK_ARGS ?=
OPENAPI_ARGS ?=
# The folder of photographs and a model for benchmarks, which are not in the repository. CONTRIBUTING.md describes it.
DATA ?= $(TINTYPE_TEST_DATA)
BASES ?= debian
IMAGES_ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
TINTYPE := $(VENV)/bin/tintype
CLASSIFIER_TESTS := tests/entrypoints/inference tests/adapters $(wildcard tests/contracts/test_image_classifier_* tests/contracts/test_model_*) --ignore tests/adapters/postgres
TOOLS := .venv-tools/bin

# One process per core; an idle process takes tests from others.
PARALLEL := -n auto --dist worksteal
SUITE := not browser and not convert and not transformers and not upgrade and not wheel
SLOW := $(addprefix --ignore tests/,embedded entrypoints/processes package platform)

NEEDS_DATA = @test -n "$(DATA)" || { echo "This needs photographs and a model: make $@ DATA=FOLDER (see CONTRIBUTING.md)" >&2; exit 2; }

# One lock for Linux and macOS, Python 3.11 to 3.13, with the hash of every file and without the address of an index.
# The program's requirements are in pyproject.toml; the .in files select its extras.
LOCK_STYLE := --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-emit-package tintype

# The launcher and pyproject.toml set the import path. Values from the shell could hide a mistake in them.
unexport PYTHONPATH PYTHONHOME
# Without bytecode each of the many processes of a test run compiles the program and the tests again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test setup setup-dev setup-tools python \
	check static-tests unit-tests test-fast coverage-tests test-browser test-convert test-transformers test-pythons test-upgrade test-wheel format-check lint types imports migrations fmt \
	migrate-head migration attach-db model bench bench-backfill bench-inference bench-cuda bench-page bench-reads bench-similar bench-social bench-start bench-streams bench-uploads test-attack \
	build start stop bash bash-ai inference-tests docker test-images pin-images lint-containers lint-kubernetes \
	docs docs-serve diagrams configuration openapi client recording setup-docs setup-kubernetes build-wheel locks clean

##@ Start here

run: setup ## Set everything up and serve it on http://localhost:8000
	@exec $(TINTYPE) serve

test: setup-dev ## Run the whole suite on all cores (PYTEST_ARGS="-k likes -n 0": some tests, on one core)
	@$(PY) -m pytest $(PARALLEL) -m "$(SUITE)" $(PYTEST_ARGS)

setup: python ## Create .venv, with the program at .venv/bin/tintype (LOCK=gpu: for CUDA)
	@$(PYTHON) -I bin/setup.py $(LOCK)

help: ## Show this list
	@if [ -t 1 ]; then bold=$$(printf '\033[1m') blue=$$(printf '\033[36m') plain=$$(printf '\033[0m'); fi; \
	awk -v bold="$$bold" -v blue="$$blue" -v plain="$$plain" 'BEGIN { FS = ":.*## "; print "Usage: make <target>" } \
		/^##@ / { printf "\n%s%s%s\n", bold, substr($$0, 5), plain } \
		/^[a-z-]+:.*## / { printf "  %s%-16s%s %s\n", blue, $$1, plain, $$2 }' Makefile

##@ Check

check: static-tests unit-tests ## Before a commit: format, lint, types, imports, migrations, Kubernetes, unit tests

static-tests: format-check lint types imports migrations lint-kubernetes ## Check without tests: format, lint, types, imports, migrations, Kubernetes

unit-tests: setup-dev ## Tests that need neither PostgreSQL nor a second process
	@$(PY) -m pytest $(PARALLEL) -m "$(SUITE) and not postgres and not e2e" $(PYTEST_ARGS)

test-fast: setup-dev ## Under a minute: without embedded, process, package, platform and e2e tests, and with fewer examples
	@HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-dev} $(PY) -m pytest $(PARALLEL) -m "$(SUITE) and not e2e" $(SLOW) $(PYTEST_ARGS)

inference-tests: setup-dev ## Tests of the classifier, the models and the inference service
	@$(PY) -m pytest -m "not convert" $(CLASSIFIER_TESTS) $(PYTEST_ARGS)

test-browser: setup-dev ## Tests of the web UI in this machine's Chromium; writes docs/screenshots
	@$(PY) -m pytest tests/browser $(PYTEST_ARGS)

test-convert: setup-dev ## Tests of the conversion, with TensorFlow in .venv-convert
	@$(PYTHON) -I bin/setup.py convert
	@$(PY) -m pytest -m convert $(PYTEST_ARGS)

test-transformers: python ## Tests of captions by a local model, with PyTorch in .venv-transformers
	@$(PYTHON) -I bin/setup.py transformers
	@.venv-transformers/bin/python -m pytest -m transformers $(PYTEST_ARGS)

test-pythons: python ## Setup, one photograph and all tests on each installed Python 3.11, 3.12 and 3.13
	@$(PYTHON) -I bin/pythons.py $(PYTEST_ARGS)

test-wheel: setup-dev ## Tests of the wheel in a new environment, with requirements from the package index
	@$(PY) -m pytest tests/package --from-index $(PYTEST_ARGS)

test-upgrade: setup-dev ## The release before beside this one, on one database and under load; needs its tag
	@$(PY) -m pytest -m upgrade tests/upgrade $(PYTEST_ARGS)

test-attack: setup-dev ## Damaged images through every decoder (MINUTES=10)
	@PYTHONPATH=src:. $(PY) -m tests.hostile.fuzz_images $${MINUTES:-1}

coverage-tests: setup-dev ## The whole suite with coverage, into htmlcov/index.html
	@$(PY) -m pytest $(PARALLEL) -m "$(SUITE)" --cov --cov-report=term --cov-report=html $(PYTEST_ARGS)

fmt: setup-dev ## Format the code and apply the fixes of lint
	@$(PY) -m ruff check --fix-only --quiet
	@$(PY) -m ruff format

format-check: setup-dev
	@$(PY) -m ruff format --check

lint: setup-dev
	@$(PY) -m ruff check

types: setup-dev
	@$(PY) -m mypy

imports: setup-dev
	@PYTHONPATH=src $(VENV)/bin/lint-imports --no-cache

migrations: setup-dev
	@PYTHONPATH=src $(PY) bin/migration_statements.py

##@ Database

migrate-head: setup ## Migrate the current database to the newest migration
	@$(TINTYPE) db upgrade

migration: setup-dev ## Generate a migration from the tables: make migration m="Add tags"
	@test -n "$$m" || { echo 'A migration needs a message: make migration m="Add tags"' >&2; exit 2; }
	@PYTHONPATH=src $(PY) -m alembic revision --autogenerate -m "$$m"
	@$(PY) -m ruff format --quiet migrations

attach-db: setup ## Open psql on the current database
	@$(TINTYPE) db shell

##@ Model

model: setup ## Install the default model if there is none, or MODEL=path (.onnx or SavedModel)
	@$(TINTYPE) model install $${MODEL:+"$$MODEL"}

##@ Benchmarks

bench: setup-dev ## All benchmarks, and their overview docs/benchmarks/README.md (45 minutes, a quiet machine, DATA=FOLDER)
	@PYTHONPATH=src:.:clients/python $(PY) -m bench.overview $(DATA) docs/benchmarks

bench-backfill: setup-dev ## A backlog of 2,000 images for the worker, against a limit (DATA=FOLDER)
	$(NEEDS_DATA)
	@PYTHONPATH=src:. $(PY) -m bench.backfill $(DATA)/model/mobilenet_v2_1.0_224.onnx $(DATA)/images docs/benchmarks/backfill.md

bench-inference: setup-dev ## Throughput of inference over HTTP, against a limit and a peer (DATA=FOLDER)
	$(NEEDS_DATA)
	@PYTHONPATH=src:. $(PY) -m bench.inference $(DATA)/model/mobilenet_v2_1.0_224.onnx $(DATA)/images docs/benchmarks/inference

bench-cuda: ## On a machine with an NVIDIA GPU, after `make setup LOCK=gpu`: agreement, batches, service (DATA=FOLDER)
	$(NEEDS_DATA)
	@PYTHONPATH=src:. .venv/bin/python -m bench.inference.cuda $(DATA)/model/mobilenet_v2_1.0_224.onnx $(DATA)/images docs/benchmarks/cuda.md

bench-page: setup-dev ## Web pages in a browser: largest contentful paint, layout shift, size
	@PYTHONPATH=src:.:clients/python $(PY) -m bench.page docs/benchmarks/page.md

bench-reads: setup-dev ## Pages over HTTP against raw routes
	@PYTHONPATH=src:. $(PY) -m bench.reads docs/benchmarks/reads.md

bench-social: setup-dev ## Feeds, rankings, searches and likes at 20,000 to 2,000,000 posts (half an hour, 9 GB of disk)
	@PYTHONPATH=src:. $(PY) -m bench.social docs/benchmarks/social

bench-start: setup-dev ## The time until the service is ready, and its memory
	@PYTHONPATH=src:.:clients/python $(PY) -m bench.start docs/benchmarks/start.md

bench-streams: setup-dev ## A thousand idle event streams, and the latency of notifications
	@PYTHONPATH=src:. $(PY) -m bench.streams docs/benchmarks/streams.md

bench-uploads: setup-dev ## The upload pipeline against Pillow, and its memory (DATA=FOLDER)
	$(NEEDS_DATA)
	@PYTHONPATH=src:.:clients/python $(PY) -m bench.uploads $(DATA)/images docs/benchmarks/uploads.md

bench-similar: setup-dev ## Similar images by the index against the exact answer
	@PYTHONPATH=src:. $(PY) -m bench.similar docs/benchmarks/similar.md

##@ Containers

build: docker ## Build the images of API and worker, and of the inference service
	docker compose build

start: docker ## Start PostgreSQL, API (http://localhost:8000), worker and inference
	docker compose up --detach

stop: docker ## Stop them and keep the data
	docker compose down

bash: docker ## Open a shell in an API container
	docker compose run --rm api bash

bash-ai: docker ## Open a shell in an inference container
	docker compose run --rm inference bash

test-images: python ## Build and test all images (BASES=registry: on the public base images; IMAGES_ARGS=--help)
	@$(PYTHON) -m tests.images --bases $(BASES) $(IMAGES_ARGS)

pin-images: docker ## Write the digests of the public base images into Dockerfile and compose.yaml
	@bin/pin-images.sh

lint-containers: setup-tools ## Lint Dockerfiles, compose files and the files in .github
	@$(TOOLS)/hadolint Dockerfile tests/images/postgres/Dockerfile
	@$(TOOLS)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml compose.proxy.yaml
	@$(TOOLS)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/ci.yml
	@$(TOOLS)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(TOOLS)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/bug.yml .github/ISSUE_TEMPLATE/feature.yml

lint-kubernetes: setup-kubernetes ## Render deploy/kubernetes, and check it offline against schemas and rules
	@.venv-kubernetes/bin/python bin/lint_kubernetes.py

##@ Documentation

docs: setup-docs ## Build the documentation site into site; fail on broken links
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs --quiet build --strict
	@$(PYTHON) -I bin/check_site.py site

docs-serve: setup-docs ## Serve the documentation site on http://localhost:8001 while you write
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs serve --dev-addr localhost:8001

diagrams: setup-dev ## Draw the diagrams of the documentation (needs npm and Chromium)
	@$(PY) bin/diagrams.py docs

configuration: setup-dev ## Write docs/configuration.md from the settings class
	@PYTHONPATH=src $(PY) bin/configuration.py docs/configuration.md

openapi: setup-dev ## Write docs/openapi*.json; refuse changes that break clients (OPENAPI_ARGS=--breaking)
	@PYTHONPATH=src:. $(PY) bin/openapi.py docs $(OPENAPI_ARGS)

client: setup-tools ## Generate clients/python from docs/openapi.json
	@$(TOOLS)/python bin/client.py docs/openapi.json clients/python

recording: setup-dev ## Record the quick start in a terminal: docs/recordings/quickstart.cast (PHOTO=photo.jpg)
	@$(PYTHON) -I bin/recording.py "$(PHOTO)" docs/recordings/quickstart.cast

##@ Maintenance

build-wheel: setup-dev ## Build the wheel and the sdist into dist
	@$(PY) -m hatchling build --clean --directory dist

locks: setup-tools ## Update the locks of requirements/*.in (LOCK_ARGS=--upgrade: newer versions)
	@for lock in cpu gpu dev convert transformers tools docs kubernetes; do \
		(cd requirements && ../$(TOOLS)/uv pip compile $(LOCK_STYLE) $(LOCK_ARGS) --output-file $$lock.txt $$lock.in) || exit 1; done

clean: ## Remove caches and reports, but neither .venv nor var
	@rm -rf .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis site
	@find bin src tests migrations -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

setup-dev: python
	@$(PYTHON) -I bin/setup.py dev

python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
		found=$$($(PYTHON) -V 2>&1) || found="not on this machine"; \
		echo "Tintype needs Python 3.11, 3.12 or 3.13, but $(PYTHON) is $$found; use another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
		exit 1; }

setup-tools: python
	@$(PYTHON) -I bin/setup.py tools

setup-kubernetes: python
	@$(PYTHON) -I bin/setup.py kubernetes

setup-docs: python
	@$(PYTHON) -I bin/setup.py docs

docker:
	@docker compose version >/dev/null 2>&1 || { \
		echo "This needs docker with its compose plugin, which is not installed; make run needs neither." >&2; exit 1; }
