"""Decodes, scales and encodes with libvips. Only decoding processes load it."""
