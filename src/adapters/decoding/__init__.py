"""Decoding of untrusted images in child processes that can do nothing else (ADR 27)."""
