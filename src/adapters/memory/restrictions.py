"""The effects of decisions on rows, by the rules of the domain."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from adapters.memory.tables import Tables
from domain.comments import Comment
from domain.decisions import Decision, hidden_until, is_quarantined, limited_until, sensitive_until
from domain.ids import ImageId, UserId
from domain.images import Image
from domain.posts import Post
from domain.visibility import Restriction, is_in_effect, restrict_by_images

End = Callable[[Iterable[Decision]], datetime | None]


def restriction_of(tables: Tables, post: Post) -> Restriction:
    decided = Restriction(
        hidden=_applies(tables, hidden_until, post.id, post.author_id),
        limited=_applies(tables, limited_until, post.id, post.author_id),
    )
    withheld = any(is_image_quarantined(tables, image_id) for image_id in tables.posts[post.id].image_ids)
    return restrict_by_images(decided, quarantined=withheld)


def is_marked_sensitive(tables: Tables, post: Post) -> bool:
    return _applies(tables, sensitive_until, post.id)


def is_comment_hidden(tables: Tables, comment: Comment) -> bool:
    return _applies(tables, hidden_until, comment.id, comment.author_id)


def is_image_hidden(tables: Tables, image: Image) -> bool:
    return is_image_quarantined(tables, image.id) or _applies(
        tables, hidden_until, image.id, image.post_id, image.owner_id
    )


def is_image_quarantined(tables: Tables, image_id: ImageId) -> bool:
    about = (one for one in tables.decisions.values() if one.target.id == image_id)
    return image_id in tables.screenings or is_quarantined(about)


def is_suspended(tables: Tables, user_id: UserId) -> bool:
    return _applies(tables, hidden_until, user_id)


def is_limited(tables: Tables, user_id: UserId) -> bool:
    return _applies(tables, limited_until, user_id)


def _applies(tables: Tables, end: End, *targets: UUID | None) -> bool:
    """Whether decisions about one of these ids have that effect now."""
    decisions = [one for one in tables.decisions.values() if one.target.id in targets]
    return bool(decisions) and is_in_effect(end(decisions), tables.clock.now())
