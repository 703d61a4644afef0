"""Image classification: models, labels and ports."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from pathlib import Path
from typing import Protocol

from domain.errors import Invalid, Unavailable

DEFAULT_TOP = 5
"""The number of classes returned by default."""

CLASS_COUNT = 1000
"""The number of classes of ILSVRC 2012. The displayed label is selected from all of them."""


EMBEDDING_SIZE = 1280

Embedding = tuple[float, ...]
"""An embedding: 1,280 numbers >= 0, the pooled activations before the classification layer. Similar images have
embeddings of a small cosine distance."""


UNKNOWN = "unknown"
"""The licence or source of a model that does not state it."""


class Verdict(StrEnum):
    """The owner's verdict on a label."""

    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Label:
    """A class of the model: `score` is its probability, `class_index` 0-999 in ILSVRC order, `key` its WordNet id,
    `tags` everyday words for it, narrowest first. Or one of these words (`domain.vision.label_selection`), which has
    no class index."""

    key: str
    name: str
    class_index: int | None
    score: float
    tags: tuple[str, ...] = ()
    verdict: Verdict | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"a label's score is a probability, not {self.score}")


@dataclass(frozen=True, slots=True)
class Model:
    """A classifier as it runs. `version` (the shortened SHA-256 of the weights) changes whenever results may. At
    `temperature` (`domain.vision.calibration`) its probabilities are calibrated; 1 until one is fitted. `licence` (an
    SPDX identifier) and `source` describe its weights. `classes` is the number of its logits: 1,000, or 1,001 with a
    background class in front."""

    name: str
    version: str
    device: str
    temperature: float = 1.0
    licence: str = field(default=UNKNOWN, compare=False)
    source: str = field(default=UNKNOWN, compare=False)
    classes: int = field(default=CLASS_COUNT + 1, compare=False)

    def __post_init__(self) -> None:
        if not 0.0 < self.temperature < inf:
            raise ValueError(f"a model's temperature is a positive number, not {self.temperature}")

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Prediction:
    """The requested number of classes, best first, unfiltered, and the image's embedding."""

    model: Model
    labels: Sequence[Label]
    embedding: Embedding


class ModelMissing(Unavailable):
    """No model is installed (yet). Waiting images do not fail because of it."""

    code = "model_missing"


class ClassifierUnreachable(Unavailable):
    """The classifier is a remote service that cannot be reached. Waiting images do not fail because of it."""


class ModelOutdated(Unavailable):
    """This machine classifies with another model than the deployment wants. Waiting images do not fail for it."""

    code = "model_outdated"


class UnusableModel(Invalid):
    """The file is not a model that this classifier can run. The detail names the wrong shape or hash."""

    code = "unusable_model"


class ImageClassifier(Protocol):
    @abstractmethod
    async def classify(self, data: bytes, top: int = DEFAULT_TOP) -> Prediction:
        """Return the `top` (1-1000) best classes of an encoded image (any upload format) with softmax probabilities.

        Raises `BrokenImage`, `UnsupportedImage` or `TooManyPixels` for bytes that cannot be classified, `ModelMissing`
        without a model, `UnusableModel` when the installed one is damaged, `Unavailable` when the queue is full, and
        `ClassifierUnreachable` when a remote classifier does not respond.
        """

    @abstractmethod
    async def model(self) -> Model | None:
        """Return the model that `classify` would use now, or None. A newly installed one takes effect without a
        restart."""


class Installer(StrEnum):
    """Who installed the current model: the program as its default, the program after fetching it, or an operator (this
    includes a rollback)."""

    DEFAULT = "default"
    FETCH = "fetch"
    OPERATOR = "operator"


def may_replace(installer: Installer, current: Installer | None) -> bool:
    """Whether `installer` may replace the model that `current` installed; None means that no model is installed.

    The program never replaces an operator's choice. Its default model replaces nothing; its fetched model replaces the
    default model only.
    """
    match installer:
        case Installer.OPERATOR:
            return True
        case Installer.FETCH:
            return current in {None, Installer.DEFAULT}
        case Installer.DEFAULT:
            return current is None


class ModelStore(Protocol):
    """The installed models: the current one, and the previous one for a rollback."""

    @abstractmethod
    def install(
        self, path: Path, provenance: Mapping[str, object] | None = None, installer: Installer = Installer.OPERATOR
    ) -> Model:
        """Check `path` (an .onnx file) and make it current, atomically, without changing its weights. Idempotent and
        safe under concurrency. Returns the current model: the old one if `installer` may not replace it
        (`may_replace`).

        `provenance` is stored in the manifest. Its `name`, `licence` and `source` describe the model; values it leaves
        out are read from the metadata of the file.

        Raises `UnusableModel` and keeps the current model when the check fails.
        """

    @abstractmethod
    def installer(self) -> Installer | None:
        """Return who installed the current model; None without a model."""

    @abstractmethod
    def rollback(self) -> Model:
        """Make the previous model current. Raises `UnusableModel` when there is none."""

    @abstractmethod
    def save_temperature(self, model: Model, temperature: float) -> Model:
        """Store the temperature fitted for `model`, which is the current model in the form in which a classifier ran
        it. Other installs and rollbacks do not change it. Running classifiers use it without a restart.

        Raises `ModelMissing` without a model, `UnusableModel` when another one is installed.
        """

    @abstractmethod
    def current(self) -> Model | None:
        """Return the installed model, or None. Reads only the manifest, loads no weights. `device` is ''."""

    @abstractmethod
    def manifest(self) -> Mapping[str, object] | None:
        """Return the manifest of the installed model, or None without one."""
