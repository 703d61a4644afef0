import hashlib

from adapters.memory.headers import require_image
from domain.vision import DEFAULT_TOP, EMBEDDING_SIZE, Embedding, ImageClassifier, Label, Model, Prediction

CLASSES = 1000

_DOG = ("retriever", "dog", "pet", "mammal", "animal")
_KNOWN: dict[int, tuple[str, str, tuple[str, ...]]] = {
    207: ("n02099601", "golden retriever", _DOG),
    281: ("n02123045", "tabby cat", ("cat", "pet", "mammal", "animal")),
    340: ("n02391049", "zebra", ("hoofed animal", "mammal", "animal")),
    437: ("n02814860", "lighthouse", ("tower", "building")),
    504: ("n03063599", "coffee mug", ("cup",)),
    817: ("n04285008", "sports car", ("car", "vehicle")),
    954: ("n07753592", "banana", ("fruit", "food")),
    970: ("n09193705", "mountain peak", ("mountain", "landscape")),
}


class MemoryImageClassifier(ImageClassifier):
    """Derives the labels from the hash of the bytes: equal images get equal labels. The few classes with known names
    come first, with scores that decrease geometrically and sum to one over all classes. The best is high enough to be
    displayed."""

    async def classify(self, data: bytes, top: int = DEFAULT_TOP) -> Prediction:
        require_image(data)
        digest = hashlib.sha256(data).digest()
        known = sorted(_KNOWN, key=lambda index: hashlib.sha256(digest + index.to_bytes(2)).digest())
        order = [*known, *(index for index in range(CLASSES) if index not in _KNOWN)]
        ratio = 0.1 + digest[0] / 1024
        labels = (_label(index, (1 - ratio) * ratio**place) for place, index in enumerate(order[:top]))
        return Prediction(await self.model(), tuple(labels), _embedding(digest))

    async def model(self) -> Model:
        return Model("memory", "1", "cpu")


def _embedding(digest: bytes) -> Embedding:
    """Return numbers from 0 to 1, derived from the digest."""
    return tuple(byte / 255 for byte in hashlib.shake_256(digest).digest(EMBEDDING_SIZE))


def _label(index: int, score: float) -> Label:
    key, name, tags = _KNOWN.get(index, (f"n{index:08d}", f"class {index}", ()))
    return Label(key, name, index, score, tags)
