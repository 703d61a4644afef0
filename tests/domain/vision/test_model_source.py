import pytest

from domain.errors import Invalid
from domain.vision.model_source import MOBILENET_V2, parse_model_source

HASH = "0123456789abcdef" * 4


def test_main_model_has_two_sources() -> None:
    hub, kaggle = (parse_model_source(handle) for handle in MOBILENET_V2)
    assert (hub.name, hub.address) == ("TensorFlow Hub", MOBILENET_V2[0])
    assert hub.url == f"{MOBILENET_V2[0]}?tf-hub-format=compressed"
    assert (kaggle.name, kaggle.address) == ("Kaggle Models", MOBILENET_V2[1])
    assert kaggle.url == (
        "https://www.kaggle.com/api/v1/models/google/mobilenet-v2/tensorFlow2/100-224-classification/2/download"
    )


def test_other_addresses_are_unchanged() -> None:
    source = parse_model_source("https://models.example.org:8443/v2/model.tar.gz?part=1")
    assert source.url == "https://models.example.org:8443/v2/model.tar.gz?part=1"
    assert source.name == "models.example.org:8443/v2/model.tar.gz"
    assert source.sha256 is None


def test_hash_is_not_part_of_requested_url() -> None:
    source = parse_model_source(f"https://example.org/model.tar.gz#sha256={HASH}")
    assert (source.url, source.sha256) == ("https://example.org/model.tar.gz", HASH)


def test_secrets_are_only_in_requested_url() -> None:
    source = parse_model_source("https://ada:secret@example.org/model.tar.gz?token=hidden")
    assert source.url == "https://ada:secret@example.org/model.tar.gz?token=hidden"
    for shown in (source.name, source.address):
        assert "secret" not in shown
        assert "hidden" not in shown
        assert "ada" not in shown


@pytest.mark.parametrize(
    "handle",
    [
        "",
        "model.tar.gz",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "https://",
        "https://example.org:port/",
        "http://[::1",
    ],
)
def test_other_text_is_refused(handle: str) -> None:
    with pytest.raises(Invalid, match="https://"):
        parse_model_source(handle)


@pytest.mark.parametrize("fragment", ["sha256=", "sha256=123", f"md5={HASH}", HASH.upper()])
def test_invalid_hash_is_refused(fragment: str) -> None:
    with pytest.raises(Invalid, match="64 digits"):
        parse_model_source(f"https://example.org/model.tar.gz#{fragment}")
