"""Builds and tests container images with Docker Engine and Compose: `make test-images`. Uses the standard library
only."""
