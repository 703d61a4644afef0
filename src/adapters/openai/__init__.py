"""Captions by OpenAI, or by any server that speaks its wire format. The SDK takes half a second to import: it is
imported with the first caption."""
