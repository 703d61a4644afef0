"""libvips: decoding, scaling and encoding. Only decoding processes load it."""
