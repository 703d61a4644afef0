"""One pool of decoding processes for the whole run: to load the decoders takes a second."""

from adapters.decoding.pool import DecodingPool

POOL = DecodingPool()
