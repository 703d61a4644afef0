"""Which images can be posted or deleted."""

from collections.abc import Mapping, Sequence

from domain.errors import Conflict, NotFound
from domain.ids import ImageId, PostId
from domain.images import Image, ImageNotFound


class ImageInUse(Conflict):
    code = "image_in_use"


class ImageQuarantined(Conflict):
    code = "image_quarantined"

    def __init__(self) -> None:
        super().__init__("the image is quarantined; it can be deleted after a moderator has decided about it")


def require_deletable(image: Image | None) -> None:
    """Raise `ImageNotFound` for an absent image, `ImageQuarantined`, and `ImageInUse` for one in a post."""
    if image is None:
        raise ImageNotFound
    if image.quarantined:
        raise ImageQuarantined
    if image.post_id is not None:
        raise ImageInUse(
            f"the image is in post {image.post_id}; delete the post, which also deletes the image",
            post_id=str(image.post_id),
        )


def require_attachable(image_ids: Sequence[ImageId], own: Mapping[ImageId, PostId | None]) -> None:
    """Raise the error of the first image that cannot be attached to a new post: `NotFound` if it is not among the
    author's `own` images, `ImageInUse` if it is in a post. `own` states the post of each image."""
    for image_id in image_ids:
        if image_id not in own:
            raise NotFound(f"you have no image {image_id}; upload it first", field="image_ids", actual=str(image_id))
        if (post_id := own[image_id]) is not None:
            raise ImageInUse(
                f"image {image_id} is already in post {post_id}; upload it again to post it again",
                field="image_ids",
                actual=str(image_id),
                post_id=str(post_id),
            )
