"""Mapping of the errors of object stores to domain errors, with advice for the operator."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

from domain.blobs import StorageUnavailable

_CODE = re.compile(r"<Code>(\w+)</Code>")
_CREDENTIALS = (
    "the server refuses the credentials; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and that they permit to "
    "read, write, list and delete objects"
)
_REGION = "the bucket is in another region; set TINTYPE_S3_REGION"
_NO_BUCKET = "there is no such bucket; create it or correct TINTYPE_S3_BUCKET"
_ADVICE = {
    "AccessDenied": _CREDENTIALS,
    "InvalidAccessKeyId": _CREDENTIALS,
    "SignatureDoesNotMatch": _CREDENTIALS,
    "AuthorizationHeaderMalformed": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "NoSuchBucket": _NO_BUCKET,
    "RequestTimeTooSkewed": "the clocks differ; set the clock of this machine",
}
_METADATA_SERVICE = "169.254.169.254"
_MAX_REPORT = 300


@contextmanager
def translate_errors(where: str) -> Iterator[None]:
    """Raise `StorageUnavailable` for errors of the object store at `where`. The caller handles missing objects; what
    else is missing is the bucket."""
    try:
        yield
    except (BaseError, FileNotFoundError) as fault:
        raise StorageUnavailable(
            "image storage is unavailable; retry in 30 s", retry_after=30, operator_detail=f"{where}: {_advice(fault)}"
        ) from fault


def names_missing_bucket(fault: FileNotFoundError) -> bool:
    """Whether a request failed because the bucket does not exist, rather than the object."""
    return "NoSuchBucket" in str(fault)


def _advice(fault: Exception) -> str:
    text = str(fault)
    code = _CODE.search(text)
    if code and code[1] in _ADVICE:
        return _ADVICE[code[1]]
    if "incorrectly configured region" in text:  # obstore's words for a redirect
        return _REGION
    if _METADATA_SERVICE in text:
        return "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    if isinstance(fault, PermissionDeniedError | UnauthenticatedError):
        return _CREDENTIALS
    if isinstance(fault, FileNotFoundError):
        return _NO_BUCKET
    report = " ".join(text.split())[:_MAX_REPORT]
    return f"the server cannot be used; check TINTYPE_S3_ENDPOINT. The client reports: {report}"
