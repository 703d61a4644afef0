"""One pool of decoding processes for all tests: loading the decoders takes a second."""

from adapters.decoding.pool import DecodingPool

POOL = DecodingPool()
