"""Which machine follows, and whose change counts."""

from datetime import UTC, datetime

import pytest

from domain.blobs import BlobKey
from domain.vision import Installer, Model
from domain.vision.desired_model import DesiredModel, InstalledModel, Step, next_step

ONE, TWO, THREE = (BlobKey.of(name) for name in (b"one", b"two", b"three"))
DEFAULT, FETCH, OPERATOR = Installer.DEFAULT, Installer.FETCH, Installer.OPERATOR


def desired(file: BlobKey | None = ONE, installer: Installer = OPERATOR) -> DesiredModel:
    return DesiredModel(1, "net", "1", 1.0, file, installer, "host", datetime(2026, 3, 1, tzinfo=UTC))


def installed(file: BlobKey | None, installer: Installer = OPERATOR, *, changed: bool = False) -> InstalledModel:
    return InstalledModel(installer, file, changed)


@pytest.mark.parametrize(
    ("found", "wanted", "step"),
    [
        (None, None, Step.NONE),
        (installed(None, changed=True), None, Step.PUBLISH),  # the first machine
        (None, desired(), Step.INSTALL),  # a new machine
        (installed(ONE), desired(ONE), Step.NONE),
        (installed(ONE), desired(TWO), Step.INSTALL),  # another machine has published
        (installed(ONE, changed=True), desired(ONE), Step.PUBLISH),  # an operator has installed here
        (installed(ONE, changed=True), desired(TWO), Step.INSTALL),  # and another one elsewhere, earlier
        (installed(ONE, FETCH, changed=True), desired(ONE, DEFAULT), Step.PUBLISH),
        (installed(ONE, FETCH, changed=True), desired(ONE, OPERATOR), Step.INSTALL),
        (installed(ONE, DEFAULT, changed=True), desired(ONE, DEFAULT), Step.PUBLISH),  # a fitted temperature
        # Machines from before desired models
        (installed(None, OPERATOR, changed=True), desired(ONE, DEFAULT), Step.PUBLISH),
        (installed(None, OPERATOR, changed=True), desired(ONE, FETCH), Step.PUBLISH),
        (installed(None, OPERATOR, changed=True), desired(ONE, OPERATOR), Step.INSTALL),
        (installed(None, FETCH, changed=True), desired(ONE, DEFAULT), Step.PUBLISH),
        (installed(None, DEFAULT, changed=True), desired(ONE, DEFAULT), Step.INSTALL),
        # The classifier was a remote service
        (installed(THREE), desired(None, DEFAULT), Step.PUBLISH),
        (None, desired(None), Step.NONE),
    ],
)
def test_next_step(found: InstalledModel | None, wanted: DesiredModel | None, step: Step) -> None:
    assert next_step(found, wanted) is step


def test_other_version_does_not_run_desired_model() -> None:
    assert desired().is_run_by(Model("net", "1", "cuda", 0.5))
    assert not desired().is_run_by(Model("net", "1-int8", "cpu"))
    assert not desired().is_run_by(Model("other", "1", "cpu"))
