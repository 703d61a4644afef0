"""Keeps one backup in a tar file."""
