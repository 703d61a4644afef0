"""Decodes untrusted images in sandboxed child processes (ADR 27)."""
