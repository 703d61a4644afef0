"""Processes of `tintype serve`: API, worker, model download, and their start-up and shutdown."""
