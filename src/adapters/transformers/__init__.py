"""Captions by an image-to-text model in a local folder: the extra transformers, which nothing else needs."""
