"""Scores of the detector of sensitive media on pages, and the answers in the form of a post."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from fastapi import Request

from container import Container
from domain.ids import ImageId, UserId
from domain.images import Image
from domain.post_views import PostView
from domain.rate_limits import ANSWER
from domain.sensitive_media import NotScored, OwnScore
from entrypoints.http.rate_limiting import count_use
from entrypoints.web.forms import Form

_ANSWERS = {"yes": True, "no": False}


def read_answers(form: Form, images: Iterable[Image]) -> dict[ImageId, bool]:
    """Return the answers in a form: whether each of these images is sensitive. Images without an answer are left
    out."""
    answers = {image.id: _ANSWERS.get(form.text(f"sensitive.{image.id}")) for image in images}
    return {image_id: answer for image_id, answer in answers.items() if answer is not None}


async def save_answers(request: Request, container: Container, owner: UserId, answers: Mapping[ImageId, bool]) -> None:
    """Store the answers. Those about images without a score are left out."""
    for image_id, sensitive in answers.items():
        await count_use(request, ANSWER)
        with suppress(NotScored):
            await container.sensitivity_feedback().answer(image_id, owner, sensitive=sensitive)


async def read_own_scores(container: Container, view: PostView, viewer: UserId | None) -> Mapping[ImageId, OwnScore]:
    """Return the scores of the post's images for its author, nothing for others."""
    if viewer is None or viewer != view.post.author_id:
        return {}
    return await container.sensitivity_feedback().own_scores(view.post.image_ids, viewer)
