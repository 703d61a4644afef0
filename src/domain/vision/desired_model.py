"""The model that the whole deployment is to classify with. All machines share its row and its file, and each brings its
own installed model into line with it."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

from domain.blobs import BlobKey
from domain.vision import Installer, Model, may_replace

_RANKS = (Installer.DEFAULT, Installer.FETCH, Installer.OPERATOR)


@dataclass(frozen=True, slots=True)
class DesiredModel:
    """The `revision`-th desired model. `file` contains everything that a machine needs to run it; None if the
    classifier is a remote service, which has its own. `set_by` names the machine."""

    revision: int
    name: str
    version: str
    temperature: float
    file: BlobKey | None
    installer: Installer
    set_by: str
    set_at: datetime

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"

    def is_run_by(self, model: Model) -> bool:
        """Whether results of `model` are those of the desired one."""
        return str(model) == str(self)


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """The model that is installed on this machine. `file` is the desired file that it last was equal to, if any.
    `is_changed` says whether it was changed on this machine since."""

    installer: Installer
    file: BlobKey | None
    is_changed: bool


class Step(Enum):
    """What a machine has to do: nothing, make its model the desired one, or install the desired one."""

    NONE = auto()
    PUBLISH = auto()
    INSTALL = auto()


def next_step(installed: InstalledModel | None, desired: DesiredModel | None) -> Step:
    """Return the next step of a machine.

    Its own change counts if it was made to the desired model, and its installer may replace that one. A machine whose
    model was never compared, such as one from before desired models, wins only with a stronger installer. Everything
    else was superseded meanwhile.
    """
    if desired is None or desired.file is None:
        return Step.NONE if installed is None else Step.PUBLISH
    if installed is None:
        return Step.INSTALL
    if not installed.is_changed:
        return Step.NONE if installed.file == desired.file else Step.INSTALL
    if installed.file is None:
        is_stronger = _RANKS.index(installed.installer) > _RANKS.index(desired.installer)
        return Step.PUBLISH if is_stronger else Step.INSTALL
    is_own_turn = installed.file == desired.file and (
        installed.installer is desired.installer or may_replace(installed.installer, desired.installer)
    )
    return Step.PUBLISH if is_own_turn else Step.INSTALL


class ModelPackages(Protocol):
    """The installed model of this machine as one file."""

    @abstractmethod
    def installed(self) -> InstalledModel | None:
        """Describe the installed model; None without one."""

    @abstractmethod
    def pack(self) -> bytes:
        """Return the file of the installed model with its description, its temperatures and its quantized form. Equal
        models make equal files. Raises `ModelMissing`, `UnusableModel`."""

    @abstractmethod
    def unpack(self, data: bytes, file: BlobKey, version: str, installer: Installer) -> Model:
        """Install the model of a file as the current one, with the key `file`, as if `installer` had done it. `version`
        is the form to run. Running classifiers use it without a restart. Raises `UnusableModel`,
        `StorageUnavailable`."""

    @abstractmethod
    def mark_synchronized(self, file: BlobKey, version: str) -> None:
        """Record that the installed model is that of the file, and that `version` is the form to run."""


class DesiredModels(Protocol):
    @abstractmethod
    async def current(self) -> DesiredModel | None:
        """Return the desired model; None before the first one."""

    @abstractmethod
    async def add(self, model: DesiredModel) -> bool:
        """Make it the desired model, if its revision follows that of the current one (1 is the first). Return whether
        it did. Of concurrent calls exactly one succeeds."""
