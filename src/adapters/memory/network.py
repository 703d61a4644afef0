import hashlib
import struct
from array import array
from math import isnan

from domain.vision import EMBEDDING_SIZE, Model
from domain.vision.inference import Inference, Network, NetworkLoad, Tensor, check_images, check_pixels

OUTPUTS = 1001


class MemoryNetwork(Network):
    """Reads its numbers out of each image's hash: the same image, the same numbers."""

    async def infer(self, images: Tensor) -> Inference:
        check_images(images)
        pixels = array("f", images.data)
        lowest = min(pixels, key=lambda pixel: (not isnan(pixel), pixel))  # min alone may step over what is no number
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
    """Numbers from 0 to 1."""
    drawn = b"".join(struct.pack(f"<{size}f", *(byte / 255 for byte in _digest(image, size))) for image in images)
    return Tensor((len(images), size), drawn)


def _digest(image: bytes, size: int) -> bytes:
    return hashlib.shake_256(image + size.to_bytes(4)).digest(size)
