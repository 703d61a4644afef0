"""Every provider can be built in every mode: neither mypy nor the library detects a misspelt keyword."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from dependency_injector import providers

from container import Container
from entrypoints.choices import (
    Blobs,
    Captions,
    Classifier,
    Device,
    Mail,
    Screening,
    SensitiveMediaDetector,
    Store,
    Tracing,
)
from entrypoints.settings import Settings

SRC = Path(__file__).resolve().parents[2] / "src"
CHOICES: Sequence[Iterable[Any]] = (
    *(Store, Blobs, Classifier, Captions, Mail, Screening, SensitiveMediaDetector),
    ["argon2", "memory"],
)
ADDRESSES: dict[str, Any] = {
    "smtp_url": "smtp://mail.test",
    "mail_from": "a@mail.test",
    "public_url": "https://mail.test",
    "screening_url": "http://hma.test",
    "s3_bucket": "images",
}


def pairs(mode: Sequence[Any]) -> set[Any]:
    """The pairs of choices that a mode contains."""
    return set(combinations(enumerate(mode), 2))


def pairwise(choices: Sequence[Iterable[Any]]) -> list[tuple[Any, ...]]:
    """Modes that contain every pair of choices of two settings: a small part of all combinations. A provider's branch
    depends on one setting, so a misspelt keyword fails in any mode with that choice."""
    every = list(product(*choices))
    missing, modes = set().union(*map(pairs, every)), []
    while missing:
        modes.append(max(every, key=lambda mode: len(pairs(mode) & missing)))
        missing -= pairs(modes[-1])
    return modes


def build_container(home: Path, **config: object) -> Container:
    return Container(config={**Settings(home=home).config(), **config})


@pytest.mark.parametrize(
    ("store", "blobs", "classifier", "captions", "mail", "screening", "detector", "passwords"), pairwise(CHOICES)
)
def test_all_providers_can_be_built_in_all_modes(
    tmp_path: Path,
    store: Store,
    blobs: Blobs,
    classifier: Classifier,
    captions: Captions,
    mail: Mail,
    screening: Screening,
    detector: SensitiveMediaDetector,
    passwords: str,
) -> None:
    chosen = Settings(
        home=tmp_path,
        store=store,
        blobs=blobs,
        classifier=classifier,
        captions=captions,
        mail=mail,
        screening=screening,
        sensitive_media_detector=detector,
        **ADDRESSES,
    )
    processor = "memory" if blobs is Blobs.MEMORY else "vips"
    url = {"database": "external", "database_url": "postgresql://localhost/nowhere"}
    chosen_config = {**chosen.config(), "proof_of_work": "memory" if passwords == "memory" else "altcha"}

    container = Container(config={**chosen_config, **url, "passwords": passwords, "processor": processor})

    for name, provider in container.providers.items():
        if not isinstance(provider, providers.Configuration):
            is_off = (
                (name, captions) == ("captions", Captions.OFF)
                or (name == "screening" and screening in {Screening.NONE, Screening.BLOCKLIST})
                or (name, detector) == ("sensitive_media_detector", SensitiveMediaDetector.OFF)
            )
            assert provider() is not None or is_off or name in {"identity_provider", "tracing", "tracing_packages"}


@pytest.mark.parametrize("kind", ["oidc", "memory"])
def test_identity_provider_can_be_built(tmp_path: Path, kind: str) -> None:
    assert build_container(tmp_path, identity_provider=kind).identity_provider() is not None


@pytest.mark.parametrize("kind", [Tracing.OTLP, Tracing.MEMORY])
def test_tracing_can_be_built(tmp_path: Path, kind: Tracing) -> None:
    container = build_container(tmp_path, tracing=kind)

    container.tracing_packages()
    assert container.tracing() is not None


@pytest.mark.parametrize("device", Device)
def test_building_uses_neither_disk_nor_network(tmp_path: Path, device: Device) -> None:
    container = build_container(
        tmp_path, device=device, database="external", database_url="postgresql://localhost/nowhere"
    )

    container.image_analysis()
    container.health_checks()

    assert list(tmp_path.iterdir()) == []


def test_inference_service_imports_no_database_and_no_captions() -> None:
    code = "import json, sys; import entrypoints.inference.asgi; print(json.dumps(list(sys.modules)))"
    imported = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=SRC).stdout

    assert not {"sqlalchemy", "asyncpg", "alembic", "pgqueuer", "openai", "matplotlib"} & set(json.loads(imported))


def test_container_imports_only_libraries_that_every_process_uses() -> None:
    code = "import json, sys; import container; print(json.dumps(list(sys.modules)))"
    imported = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=SRC).stdout

    unused = {
        "fastapi",
        "starlette",
        "werkzeug",
        "httpx",
        "httpx2",
        "asyncpg",
        "sqlalchemy",
        "alembic",
        "webauthn",
        "authlib",
        "opentelemetry.sdk",
    }
    assert not unused & set(json.loads(imported))


def test_postgres_storage_imports_neither_sqlalchemy_nor_alembic() -> None:
    code = "import json, sys; import adapters.postgres.storage; print(json.dumps(list(sys.modules)))"
    imported = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=SRC).stdout

    assert not {"sqlalchemy", "alembic"} & set(json.loads(imported))


def test_unknown_technology_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match='no "mongo" provider'):
        build_container(tmp_path, store="mongo").post_reader()
