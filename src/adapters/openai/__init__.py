"""Writes captions by OpenAI, or by a server with the same API. Importing the SDK takes half a second, so this happens
with the first caption."""
