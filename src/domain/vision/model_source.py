"""Sources of models: handles of model hubs, and URLs."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from domain.errors import Invalid

MOBILENET_V2 = (
    "https://tfhub.dev/google/imagenet/mobilenet_v2_100_224/classification/5",
    "https://www.kaggle.com/models/google/mobilenet-v2/tensorFlow2/100-224-classification/2",
)
"""The same version of MobileNetV2 1.0 224 on TensorFlow Hub and on Kaggle Models, to which the Hub has moved."""
MOBILENET_V2_LICENCE = "Apache-2.0"
"""The licence stated on both pages."""

_SHA256 = re.compile(r"sha256=([0-9a-f]{64})")
_KAGGLE = re.compile(r"/models/([^/]+/[^/]+/[^/]+/[^/]+/[0-9]+)/?")


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A source of a model. `name` is for people and `address` for the manifest; neither contains a password or token.
    `url` locates the archive. `sha256` is its hash if known."""

    name: str
    address: str
    url: str
    sha256: str | None = None


def parse_model_source(handle: str) -> ModelSource:
    """Parse the address of a module on tfhub.dev or kaggle.com, or of any .tar.gz of a SavedModel. `#sha256=` at the
    end states the hash to verify. Raises `Invalid`."""
    parts = _split_url(handle)
    known = _SHA256.fullmatch(parts.fragment)
    if parts.fragment and not known:
        raise Invalid(f"“#{parts.fragment}” is invalid; after # only sha256= and 64 digits (0-9, a-f) are allowed")
    address = f"{parts.scheme}://{_host(parts)}{parts.path}"
    name, url = _resolve_hub(parts, address) or (f"{_host(parts)}{parts.path}", parts._replace(fragment="").geturl())
    return ModelSource(name, address, url, known[1] if known else None)


def _split_url(handle: str) -> SplitResult:
    try:
        parts = urlsplit(handle)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or True)
    except ValueError:  # a port that is not a number, or an unclosed bracket
        usable = False
    if not usable:
        raise Invalid(
            "a model's address begins with https:// (or http://) and names a host, as in https://example.org/model.tar.gz"
        )
    return parts


def _host(parts: SplitResult) -> str:
    """Return host and port, without user name and password."""
    return parts.netloc.rpartition("@")[2].lower()


def _resolve_hub(parts: SplitResult, address: str) -> tuple[str, str] | None:
    """Return the name of the hub and the URL of the module's archive."""
    host = (parts.hostname or "").removeprefix("www.")
    if host == "tfhub.dev":
        return "TensorFlow Hub", f"{address}?tf-hub-format=compressed"
    if host == "kaggle.com" and (match := _KAGGLE.fullmatch(parts.path)):
        return "Kaggle Models", f"{parts.scheme}://www.kaggle.com/api/v1/models/{match[1]}/download"
    return None
