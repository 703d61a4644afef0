"""Settings from the environment."""

from decimal import Decimal

import pytest

from domain.captions import TokenUsage
from domain.mail_server import Encryption, MailServer
from entrypoints.choices import Captions
from entrypoints.cli.errors import WrongSetting, load_settings
from entrypoints.settings import Settings
from tests.fake_openai import KEY


@pytest.fixture(autouse=True)
def clear_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "TINTYPE_CAPTIONS",
        "TINTYPE_CAPTION_PRICES",
        "TINTYPE_MODEL_URLS",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("environment", "writer"),
    [
        ({}, Captions.LABELS),
        ({"OPENAI_API_KEY": KEY}, Captions.OPENAI),
        ({"OPENAI_API_KEY": ""}, Captions.LABELS),
        ({"OPENAI_API_KEY": KEY, "TINTYPE_CAPTIONS": "labels"}, Captions.LABELS),
        ({"OPENAI_API_KEY": KEY, "TINTYPE_CAPTIONS": "off"}, Captions.OFF),
        ({"TINTYPE_CAPTIONS": "openai"}, Captions.OPENAI),
        ({"TINTYPE_CAPTIONS": "transformers"}, Captions.TRANSFORMERS),
    ],
)
def test_auto_uses_openai_if_key_is_set(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], writer: Captions
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert Settings().config()["captions"] is writer


def test_prices_are_exact_and_extend_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINTYPE_CAPTION_PRICES", '{"llava": [0, 0], "gpt-4.1-mini": [0.4, 1.6]}')

    prices = Settings().config()["caption_prices"]

    assert set(prices) == {"gpt-4o-mini", "llava", "gpt-4.1-mini"}
    assert prices["gpt-4o-mini"].cost_of(TokenUsage(2_833, 100)) == Decimal("0.00048495")
    assert prices["gpt-4.1-mini"].cost_of(TokenUsage(1, 1)) == Decimal("0.000002")
    assert prices["llava"].cost_of(TokenUsage(10**9, 10**9)) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TINTYPE_CAPTION_PRICES", '{"llava": [-1, 0]}'),
        ("TINTYPE_CAPTION_DAILY_USD", "-1"),
        ("TINTYPE_CAPTION_USER_DAILY_USD", "much"),
        ("TINTYPE_CAPTIONS", "magic"),
    ],
)
def test_invalid_setting_is_reported_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(WrongSetting, match=name):
        load_settings()


def test_key_is_not_in_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("TINTYPE_CAPTIONS", "magic")
    with pytest.raises(WrongSetting) as refusal:
        load_settings()
    monkeypatch.delenv("TINTYPE_CAPTIONS")

    assert KEY not in str(refusal.value) + repr(Settings())


def test_model_sources_are_hubs_or_configured_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [source.name for source in Settings().model_sources] == ["TensorFlow Hub", "Kaggle Models"]

    monkeypatch.setenv("TINTYPE_MODEL_URLS", "https://mirror.example.org/a.tar.gz, http://10.0.0.1/b.tar.gz")

    assert [source.name for source in Settings().model_sources] == ["mirror.example.org/a.tar.gz", "10.0.0.1/b.tar.gz"]


def test_invalid_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINTYPE_MODEL_URLS", "models/mobilenet")

    with pytest.raises(WrongSetting, match=r"TINTYPE_MODEL_URLS is 'models/mobilenet'.*https://"):
        load_settings()


MAIL = {
    "TINTYPE_MAIL": "smtp",
    "TINTYPE_SMTP_URL": "smtp://user:s3cret@mail.example.org",
    "TINTYPE_MAIL_FROM": "Tintype <noreply@example.org>",
    "TINTYPE_PUBLIC_URL": "https://pictures.example.org/",
}


def test_mail_server_and_links_are_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in MAIL.items():
        monkeypatch.setenv(name, value)

    config = Settings().config()

    assert config["mail_server"] == MailServer("mail.example.org", 587, Encryption.STARTTLS, "user", "s3cret")
    assert config["link_base"] == "https://pictures.example.org"
    assert "s3cret" not in repr(Settings())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"TINTYPE_SMTP_URL": ""}, "TINTYPE_MAIL is 'smtp', but value error, needs TINTYPE_SMTP_URL"),
        ({"TINTYPE_MAIL_FROM": "", "TINTYPE_PUBLIC_URL": ""}, "needs TINTYPE_MAIL_FROM and TINTYPE_PUBLIC_URL too"),
        ({"TINTYPE_MAIL_FROM": "Tintype\r\nBcc: eve@example.org"}, "TINTYPE_MAIL_FROM"),
        ({"TINTYPE_MAIL_FROM": "jürgen@example.org"}, "is not a sender"),
        (
            {"TINTYPE_SMTP_URL": "http://user:s3cret@mail.example.org"},
            "TINTYPE_SMTP_URL is set, but value error, is not",
        ),
        ({"TINTYPE_MAIL": "pigeon"}, "TINTYPE_MAIL is 'pigeon'"),
    ],
)
def test_incomplete_mail_settings_are_refused(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], said: str
) -> None:
    for name, value in {**MAIL, **changed}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(WrongSetting) as refused:
        load_settings()

    assert said in str(refused.value.format_message())
    assert "s3cret" not in str(refused.value.format_message())


S3 = {"TINTYPE_BLOBS": "s3", "TINTYPE_S3_BUCKET": "images"}


def test_presigned_links_have_the_origin_of_the_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**S3, "TINTYPE_S3_REGION": "eu-central-1"}.items():
        monkeypatch.setenv(name, value)
    assert Settings().config()["image_origin"] == ""

    monkeypatch.setenv("TINTYPE_S3_DOWNLOADS", "presigned")
    assert Settings().config()["image_origin"] == "https://s3.eu-central-1.amazonaws.com"
    monkeypatch.setenv("TINTYPE_S3_ENDPOINT", "https://s3.example.org/")
    assert Settings().config()["image_origin"] == "https://s3.example.org"
    monkeypatch.setenv("TINTYPE_BLOBS", "filesystem")
    assert Settings().config()["image_origin"] == ""


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"TINTYPE_BLOBS": "s3"}, "TINTYPE_BLOBS is 's3', but value error, needs TINTYPE_S3_BUCKET too"),
        ({**S3, "TINTYPE_S3_ENDPOINT": "s3.example.org"}, "is not the address of a server"),
        ({**S3, "TINTYPE_S3_ENDPOINT": "https://s3.example.org/images"}, "is not the address of a server"),
        ({**S3, "TINTYPE_S3_DOWNLOADS": "presigned"}, "needs TINTYPE_S3_ENDPOINT or TINTYPE_S3_REGION too"),
        ({**S3, "TINTYPE_S3_DOWNLOADS": "torrent"}, "TINTYPE_S3_DOWNLOADS is 'torrent'"),
    ],
)
def test_incomplete_bucket_settings_are_refused(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(WrongSetting) as refused:
        load_settings()

    assert said in str(refused.value.format_message())
