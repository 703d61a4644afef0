import hashlib
import struct
from array import array
from math import isnan

from domain.vision import EMBEDDING_SIZE, Model
from domain.vision.inference import Inference, Network, NetworkLoad, Tensor, check_images, check_pixels

OUTPUTS = 1001


class MemoryNetwork(Network):
    """Derives its numbers from each image's hash: equal images get equal numbers."""

    async def infer(self, images: Tensor) -> Inference:
        check_images(images)
        pixels = array("f", images.data)
        lowest = min(pixels, key=lambda pixel: (not isnan(pixel), pixel))  # min alone may skip NaN
        check_pixels(lowest, max(pixels))
        count = images.shape[0]
        size = len(images.data) // count
        parts = [images.data[at * size : (at + 1) * size] for at in range(count)]
        return Inference(await self.model(), _draw(parts, OUTPUTS), _draw(parts, EMBEDDING_SIZE))

    async def model(self) -> Model:
        return Model("memory", "1", "cpu")

    def current_load(self) -> NetworkLoad:
        return NetworkLoad()


def _draw(images: list[bytes], size: int) -> Tensor:
    """Return numbers from 0 to 1."""
    drawn = b"".join(struct.pack(f"<{size}f", *(byte / 255 for byte in _digest(image, size))) for image in images)
    return Tensor((len(images), size), drawn)


def _digest(image: bytes, size: int) -> bytes:
    return hashlib.shake_256(image + size.to_bytes(4)).digest(size)
