"""Throughput of inference over HTTP, against a limit and a peer of the same run: `make bench-inference`."""
