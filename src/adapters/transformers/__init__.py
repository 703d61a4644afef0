"""Writes captions with an image-to-text model in a local folder (extra transformers)."""
