"""Container images, built and tried by Docker Engine and Compose: `make test-images`. Standard library only."""
