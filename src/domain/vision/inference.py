"""The network port: tensors in, tensors out."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Protocol

from domain.errors import Invalid
from domain.vision import Model

FLOAT_BYTES = 4


class WrongTensor(Invalid):
    """The tensor is not valid input of the network. The detail names the wrong shape or size."""

    code = "wrong_tensor"


@dataclass(frozen=True, slots=True)
class Tensor:
    """Float32 numbers, little-endian, in row-major order. Raises `WrongTensor` unless their number matches `shape`."""

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
    """The output of `model` for N images: logits `[N, 1000 or 1001]` and embeddings `[N, 1280]`."""

    model: Model
    logits: Tensor
    embeddings: Tensor


@dataclass(frozen=True, slots=True)
class NetworkLoad:
    """The load of a network: the waiting images, and the number of batches run for each size."""

    waiting: int = 0
    batches: Mapping[int, int] | None = None


class Network(Protocol):
    @abstractmethod
    async def infer(self, images: Tensor) -> Inference:
        """Run the network on images `[N, 224, 224, 3]`, RGB from 0 to 1, N from 1 to `MAX_IMAGES`.

        Images that wait at the same time may share a batch; the results do not depend on the batch. Raises
        `WrongTensor`, `ModelMissing`, `UnusableModel`, and `Unavailable` when the queue is full.
        """

    @abstractmethod
    async def model(self) -> Model | None:
        """Return the model that `infer` would use now, or None."""

    @abstractmethod
    def current_load(self) -> NetworkLoad:
        """Return the current load."""


IMAGE_SHAPE = (224, 224, 3)
MAX_IMAGES = 64
"""Images in one request."""
PIXEL_TOLERANCE = 1 / 255
"""Tolerance of the pixel range: resizing with a sharpening filter, and rounding, exceed it slightly."""


def check_images(images: Tensor) -> None:
    """Raise `WrongTensor` unless the shape of `images` is valid input of the network."""
    if images.shape[1:] != IMAGE_SHAPE:
        raise WrongTensor(f"the input has the shape {list(images.shape)}; the network takes [N, 224, 224, 3]")
    if not 1 <= images.shape[0] <= MAX_IMAGES:
        raise WrongTensor(
            f"the request holds {images.shape[0]} images; 1-{MAX_IMAGES} are allowed, so send several requests",
            limit=MAX_IMAGES,
            actual=images.shape[0],
        )


def check_pixels(lowest: float, highest: float) -> None:
    """Raise `WrongTensor` unless the pixels of a request are from 0 to 1. NaN fails too: its results could not be
    written as JSON."""
    if not (lowest >= -PIXEL_TOLERANCE and highest <= 1 + PIXEL_TOLERANCE):
        raise WrongTensor(f"the input has values from {lowest:g} to {highest:g}; pixels must be RGB from 0 to 1")
