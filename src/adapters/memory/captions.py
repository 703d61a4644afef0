import hashlib
from collections.abc import Sequence

from adapters.memory.headers import require_image
from domain.captions import CaptionDraft, CaptionWriter, ModelTags, Source, Suggestion
from domain.vision import Label

_THINGS = ("a dog", "a cat", "a bird", "a boat", "a mountain", "a street", "a flower", "a cup of coffee")
_SETTINGS = (
    "in the sun",
    "in the rain",
    "by the sea",
    "in a garden",
    "at night",
    "in the snow",
    "on a table",
    "far away",
)


MODEL, PROMPT_VERSION = "memory-1", "memory/1"


class MemoryCaptionWriter(CaptionWriter):
    """Derives the sentence from the hash of the bytes: equal images get equal texts."""

    @property
    def service_name(self) -> None:
        return None

    @property
    def needs_labels(self) -> bool:
        return False

    @property
    def terms(self) -> None:
        return None

    async def write(self, data: bytes, labels: Sequence[Label]) -> CaptionDraft:  # noqa: ARG002  (named as in the port)
        require_image(data)
        digest = hashlib.sha256(data).digest()
        thing, setting = _THINGS[digest[0] % len(_THINGS)], _SETTINGS[digest[1] % len(_SETTINGS)]
        suggestion = Suggestion(f"An image of {thing} {setting}", Source.MODEL, MODEL, PROMPT_VERSION)
        return CaptionDraft(suggestion, ModelTags((thing.removeprefix("a "),), MODEL, PROMPT_VERSION))
