from adapters.memory.headers import require_image
from domain.sensitive_media import Detection, SensitiveMediaDetector

MODEL = "memory@1"


class MemorySensitiveMediaDetector(SensitiveMediaDetector):
    """Gives every image the same score, or fails with `error`."""

    def __init__(self, score: float = 0.0) -> None:
        self.score = score
        self.error: Exception | None = None

    async def detect(self, data: bytes) -> Detection:
        require_image(data)
        if self.error is not None:
            raise self.error
        return Detection(MODEL, self.score)
