"""The origin of an image that an archive brings."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.captions import AltText, ModelTags, Suggestion
from domain.ids import ImageId
from domain.images import Image
from domain.understanding import Task
from domain.vision import Label

DESCRIBED = "the image came with its alt text"


@dataclass(frozen=True, slots=True)
class ImageOrigin:
    """What an image of an archive brings: its id, its date and its descriptions. `labels` are displayed until this
    server has classified the image. `captioned_by` is the model that had finished its caption ('' without one): then
    none is requested."""

    id: ImageId
    created_at: datetime
    alt_text: AltText | None = None
    suggestion: Suggestion | None = None
    model_tags: ModelTags | None = None
    labels: tuple[Label, ...] = ()
    captioned_by: str | None = None

    def apply(self, image: Image) -> Image:
        """Return the new image with its origin."""
        rows = {task: replace(row, image_id=self.id) for task, row in image.understanding.items()}
        if self.captioned_by is not None:
            rows[Task.CAPTION] = rows[Task.CAPTION].mark_done(self.captioned_by or None)
        elif self.alt_text is not None and rows[Task.CAPTION].open:
            rows[Task.CAPTION] = rows[Task.CAPTION].mark_skipped(DESCRIBED)
        return replace(
            image,
            id=self.id,
            created_at=self.created_at,
            alt_text=self.alt_text,
            suggestion=self.suggestion,
            model_tags=self.model_tags,
            understanding=rows,
        )
