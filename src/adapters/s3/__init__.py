"""Keeps blobs in a bucket of Amazon S3 or of a compatible server, with obstore, which is an extra of the package."""

from importlib.util import find_spec

from domain.errors import Unavailable

if find_spec("obstore") is None:
    raise Unavailable("the package obstore is not installed; install tintype[s3]")
