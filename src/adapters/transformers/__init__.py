"""Captions by an image-to-text model in a local folder: an extra (requirements/transformers.txt) that nothing else
needs."""
