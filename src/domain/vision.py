"""What a model sees in a picture."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from pathlib import Path
from typing import Protocol

from domain.errors import Invalid, Unavailable

DEFAULT_TOP = 5
"""How many classes are answered to who does not say how many."""

CLASS_COUNT = 1000
"""How many classes ILSVRC 2012 has: what has to be seen to decide what an image is shown with."""


EMBEDDING_SIZE = 1280

Embedding = tuple[float, ...]
"""What the network sees before it names it: 1,280 numbers >= 0, the pooled activations in front of its classifier.
Pictures that look alike have embeddings of a small cosine distance."""


UNKNOWN = "unknown"
"""The licence or source of a model that does not state it."""


class Verdict(StrEnum):
    """What the owner said of a label."""

    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Label:
    """One class of the model: `score` is its probability, `class_index` 0-999 in ILSVRC order, `key` its WordNet id,
    `tags` everyday words for it, from the narrowest to the most general. Or such a word in its stead
    (`domain.label_selection`), without a class index."""

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
    """A classifier as it runs: `version` changes whenever its answers may (the weights' SHA-256, shortened). Its
    probabilities mean what they say at `temperature` (`domain.calibration`); 1 as long as none was fitted. `licence`
    (an SPDX identifier) and `source` describe its weights, `classes` is the number of its logits: 1,000, or 1,001 with
    a background class in front."""

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
    """The best classes, best first, exactly as many as asked for, never filtered; and the picture's embedding."""

    model: Model
    labels: tuple[Label, ...]
    embedding: Embedding


class ModelMissing(Unavailable):
    """No model is installed (yet). Waiting images are not failed by it."""

    code = "model_missing"


class ClassifierUnreachable(Unavailable):
    """The classifier is elsewhere and cannot be reached now. Waiting images are not failed by it."""


class UnusableModel(Invalid):
    """The file is not a model this classifier can run: the detail names the shape or hash that is wrong."""

    code = "unusable_model"


class ImageClassifier(Protocol):
    @abstractmethod
    async def classify(self, data: bytes, top: int = DEFAULT_TOP) -> Prediction:
        """The `top` (1-1000) best classes of an encoded image (any upload format), by plain softmax.

        Raises `BrokenImage`, `UnsupportedImage` or `TooManyPixels` for bytes that cannot be classified, `ModelMissing`
        without a model, `UnusableModel` when the installed one is damaged, `Unavailable` when the queue is full,
        `ClassifierUnreachable` when it is elsewhere and nobody answers there.
        """

    @abstractmethod
    async def model(self) -> Model | None:
        """The model that `classify` would use now, or None without one. A newly installed one shows without restart."""


class Installer(StrEnum):
    """Who made a model current: the program with its default model, the program with the model it fetched, or an
    operator, who also chooses by a rollback."""

    DEFAULT = "default"
    FETCH = "fetch"
    OPERATOR = "operator"


def may_replace(installer: Installer, current: Installer | None) -> bool:
    """Whether `installer` may replace the model that `current` installed; None when no model is installed.

    The program never replaces the choice of an operator. Its default model replaces nothing, its fetched model the
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
    """The installed models: one is current, the one before it is kept for a rollback."""

    @abstractmethod
    def install(
        self, path: Path, provenance: Mapping[str, object] | None = None, installer: Installer = Installer.OPERATOR
    ) -> Model:
        """Check `path` (an .onnx file) and make it current, atomically; the weights stay untouched. Idempotent, and
        safe beside others who install. Returns the current model: the old one if `installer` may not replace it
        (`may_replace`).

        `provenance` is kept in the manifest. Its `name`, `licence` and `source` describe the model; what it leaves out
        is read from the metadata of the file.

        Raises `UnusableModel` and leaves the current model as it is when the check fails.
        """

    @abstractmethod
    def installer(self) -> Installer | None:
        """Who made the current model current; None without a model."""

    @abstractmethod
    def rollback(self) -> Model:
        """Make the previous model current. Raises `UnusableModel` when there is none."""

    @abstractmethod
    def save_temperature(self, model: Model, temperature: float) -> Model:
        """Keep the temperature fitted for `model`, the current one in the form in which a classifier ran it; other
        installs and rollbacks leave it alone, and who runs the model takes it up without restart.

        Raises `ModelMissing` without a model, `UnusableModel` when another one is installed.
        """

    @abstractmethod
    def current(self) -> Model | None:
        """The installed model, or None. Reads the manifest only: cheap, loads no weights. `device` is ''."""

    @abstractmethod
    def manifest(self) -> Mapping[str, object] | None:
        """What is remembered about the installed model, or None without one."""
