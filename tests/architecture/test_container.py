"""Every provider can be built in every mode: neither mypy nor the library sees a misspelt keyword."""

from itertools import product
from pathlib import Path

import pytest
from dependency_injector import providers

from container import Container
from entrypoints.settings import Blobs, Captions, Classifier, Device, Settings, Store

MODES = list(product(Store, Blobs, Classifier, Captions, ["argon2", "memory"]))
"""Every choice of technology that a setting offers, with every other."""


def built(home: Path, **config: object) -> Container:
    return Container(config={**Settings(home=home).config(), **config})


@pytest.mark.parametrize(("store", "blobs", "classifier", "captions", "passwords"), MODES)
def test_every_provider_is_built_in_every_mode(
    tmp_path: Path, store: Store, blobs: Blobs, classifier: Classifier, captions: Captions, passwords: str
) -> None:
    chosen = Settings(home=tmp_path, store=store, blobs=blobs, classifier=classifier, captions=captions)
    processor = "memory" if blobs is Blobs.MEMORY else "pillow"
    url = {"database": "external", "database_url": "postgresql://localhost/nowhere"}

    container = Container(config={**chosen.config(), **url, "passwords": passwords, "processor": processor})

    for name, provider in container.providers.items():
        if not isinstance(provider, providers.Configuration):
            assert provider() is not None or (name, captions) == ("captions", Captions.OFF)


@pytest.mark.parametrize("device", Device)
def test_no_mode_touches_the_disk_or_the_network_when_built(tmp_path: Path, device: Device) -> None:
    container = built(tmp_path, device=device, database="external", database_url="postgresql://localhost/nowhere")

    container.understanding()
    container.checkup()

    assert list(tmp_path.iterdir()) == []


def test_an_unknown_technology_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match='no "mongo" provider'):
        built(tmp_path, store="mongo").feeds()
