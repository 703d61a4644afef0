"""The network itself: tensors in, tensors out."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Protocol

from domain.errors import Invalid
from domain.vision import Model

FLOAT_BYTES = 4


class WrongTensor(Invalid):
    """Not what the network takes: the detail names the shape or size that is wrong."""

    code = "wrong_tensor"


@dataclass(frozen=True, slots=True)
class Tensor:
    """Float32 numbers, little-endian and row by row. Raises `WrongTensor` unless there are as many as `shape` says."""

    shape: tuple[int, ...]
    data: bytes

    def __post_init__(self) -> None:
        wanted = prod(self.shape) * FLOAT_BYTES
        if any(size < 0 for size in self.shape) or len(self.data) != wanted:
            raise WrongTensor(
                f"a tensor of shape {list(self.shape)} has {wanted} bytes, not {len(self.data)}",
                limit=wanted,
                actual=len(self.data),
            )


@dataclass(frozen=True, slots=True)
class Inference:
    """What `model` makes of N images: logits `[N, 1000 or 1001]` and embeddings `[N, 1280]`."""

    model: Model
    logits: Tensor
    embeddings: Tensor


@dataclass(frozen=True, slots=True)
class NetworkLoad:
    """How busy a network is: images that wait, and how many batches of each size it has run."""

    waiting: int = 0
    batches: Mapping[int, int] | None = None


class Network(Protocol):
    @abstractmethod
    async def infer(self, images: Tensor) -> Inference:
        """Run on images `[N, 224, 224, 3]`, RGB from 0 to 1, N from 1 to `MAX_IMAGES`. Images that wait at the same
        time may be run together; what each is answered does not depend on it.

        Raises `WrongTensor`, `ModelMissing`, `UnusableModel`, and `Unavailable` when the queue is full.
        """

    @abstractmethod
    async def model(self) -> Model | None:
        """The model that `infer` would use now, or None without one."""

    @abstractmethod
    def current_load(self) -> NetworkLoad:
        """How busy it is at this moment."""


IMAGE_SHAPE = (224, 224, 3)
MAX_IMAGES = 64
"""Of one request."""
PIXEL_TOLERANCE = 1 / 255
"""By how much a pixel may miss its range: what resizing with a sharpening filter and rounding do."""


def check_images(images: Tensor) -> None:
    """Raises `WrongTensor` unless `images` are what a network takes."""
    if images.shape[1:] != IMAGE_SHAPE:
        raise WrongTensor(f"the input has the shape {list(images.shape)}; the network takes [N, 224, 224, 3]")
    if not 1 <= images.shape[0] <= MAX_IMAGES:
        raise WrongTensor(
            f"the request holds {images.shape[0]} images; 1-{MAX_IMAGES} are allowed, so send several requests",
            limit=MAX_IMAGES,
            actual=images.shape[0],
        )


def check_pixels(lowest: float, highest: float) -> None:
    """Raises `WrongTensor` unless the numbers of a request's images reach from 0 to 1. One that is no number fails too:
    what came of it could not be written as JSON."""
    if not (lowest >= -PIXEL_TOLERANCE and highest <= 1 + PIXEL_TOLERANCE):
        raise WrongTensor(f"the input's numbers reach from {lowest:g} to {highest:g}; pixels are RGB from 0 to 1")
