"""Maps errors of the SDK to domain errors. A service's error text may quote the key and is not meant for uploaders, so
it goes to the operator, with the key removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from math import isfinite
from time import time
from typing import Any

from domain.captions import ImageRefused, LostCall, UnusableDraft, WriterLockedOut
from domain.errors import DomainError, Unavailable

MAX_QUOTE = 200

_FOR_THE_OPERATOR = {
    401: "the key is not accepted; set OPENAI_API_KEY to a valid key",
    402: "payment is required; check the account's balance",
    403: "the key has no permission; check its rights, the project and the country",
    404: "the model or the address is unknown; check TINTYPE_OPENAI_MODEL and OPENAI_BASE_URL",
}


@contextmanager
def translate_errors(where: str, api_key: str) -> Iterator[None]:
    """Translate the errors of a call. `where` names the service."""
    import httpx2
    import openai

    unsent = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
    try:
        yield
    except openai.APIStatusError as error:
        raise _status_error(error, where, api_key) from None
    except openai.APIConnectionError as error:
        if isinstance(error.__cause__, unsent):
            operator_detail = f"{where} cannot be reached; check the network and OPENAI_BASE_URL"
            raise Unavailable("the captioning service cannot be reached", operator_detail=operator_detail) from None
        raise LostCall("the captioning service did not answer; it may have charged for the call") from None
    except TimeoutError:
        raise LostCall("the captioning service took too long; it may have charged for the call") from None
    except (openai.OpenAIError, ValueError, RecursionError) as error:  # a response that the SDK cannot parse
        raise UnusableDraft(f"the captioning service's answer is invalid ({type(error).__name__})") from None


def _status_error(error: Any, where: str, api_key: str) -> DomainError:
    """Depends on the status of the response only, not on its body."""
    status, code = int(error.status_code), str(getattr(error, "code", None) or "")
    quote = _quote(error, api_key)
    if status in _FOR_THE_OPERATOR:
        return _locked_out_error(f"{where}: {_FOR_THE_OPERATOR[status]} ({status})", "" if status == 401 else quote)  # noqa: PLR2004
    if code == "insufficient_quota":
        return _locked_out_error(f"{where}: the account has no credit left ({status})", quote)
    if status in {408, 409, 425, 429} or status >= 500:  # noqa: PLR2004
        wait = retry_after(error.response.headers)
        detail = f"the captioning service is busy ({status}); retry in {wait:.0f} s"
        return Unavailable(detail, retry_after=wait, operator_detail=f"{where}: {quote}")
    if 300 <= status < 400:  # noqa: PLR2004
        return _locked_out_error(f"{where} redirects ({status}); correct OPENAI_BASE_URL", "")
    return ImageRefused(f"the captioning service refused this image ({status}{f', {code}' if code else ''})")


def _locked_out_error(operator_detail: str, quote: str) -> WriterLockedOut:
    return WriterLockedOut(f"{operator_detail}; its message: {quote}" if quote else operator_detail)


def _quote(error: Any, api_key: str) -> str:
    message = " ".join(str(error.message).split())
    if api_key:
        message = message.replace(api_key, "[key]")
    return message[:MAX_QUOTE]


def retry_after(headers: Any) -> float:
    """The wait in seconds from `retry-after-ms` or `Retry-After` (RFC 9110, 10.2.3: seconds or a date); 1 without
    them."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            wait = float(headers[name]) / unit
        except (KeyError, ValueError):
            continue
        if isfinite(wait) and wait >= 0:
            return wait
    try:
        return max(0.0, parsedate_to_datetime(headers["retry-after"]).timestamp() - time())
    except (KeyError, ValueError, TypeError, OverflowError):
        return 1.0
