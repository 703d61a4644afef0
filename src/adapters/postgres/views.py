"""Views for one viewer: one statement for a page, whatever it contains.

Every statement built here takes the viewer as $1 unless it says otherwise, null when nobody is signed in.
"""

from adapters.postgres.database import Row
from adapters.postgres.image_json import image_json, read_images
from adapters.postgres.rows import comment_of, post_of, user_of
from adapters.postgres.visibility import BLOCKS, FOLLOWS, LIKES, MODERATES, MUTES, REQUESTS, not_in_effect
from domain.blobs import BlobKey
from domain.comments import CommentView
from domain.ids import ImageId, UserId
from domain.post_views import PostView
from domain.posts import Visibility
from domain.profiles import Avatar, Byline, Profile, Relation


def post_view(selection: str, viewer: str = "$1") -> str:
    """Return SQL for the posts of `selection`: all columns of posts and a `key`, in descending order of (key, id)."""
    # images_post_id_position_idx, likes_pkey
    return f"""
select p.*, {_BYLINE},
  (select json_agg({image_json("i", viewer)} order by i.position)::text from images i
    where i.post_id = p.id
      and ({not_in_effect("i.hidden_until")} or i.owner_id = {viewer} or {MODERATES.format(viewer=viewer)})) as images,
  not {not_in_effect("p.hidden_until")} as hidden, not {not_in_effect("p.sensitive_until")} as marked_sensitive,
  case when {viewer}::uuid is not null then {LIKES.format(viewer=viewer)} end as liked
from ({selection}) as p {_AUTHOR}
order by p.key desc, p.id desc
"""


def comment_view(selection: str) -> str:
    """Return SQL for the comments of `selection`, all columns of comments, ordered by id, lowest first."""
    return f"select p.*, {_BYLINE} from ({selection}) as p {_AUTHOR} order by p.id"


def profile_view(selection: str) -> str:
    """Return SQL for the users of `selection`: all columns of users and a `key`, ordered by (key, id), highest
    first."""
    # images_pkey, follows_pkey, follow_requests_pkey, blocks_pkey, mutes_pkey
    return f"""
select p.*, avatar.thumb_key as avatar_thumb, avatar.medium_key as avatar_medium,
  {FOLLOWS.format(one="$1", other="p.id")} as follows,
  {FOLLOWS.format(one="p.id", other="$1")} as followed_by,
  {REQUESTS.format(one="$1", other="p.id")} as requested,
  {BLOCKS.format(one="$1", other="p.id")} as blocking,
  {MUTES.format(one="$1", other="p.id")} as muting
from ({selection}) as p
left join images as avatar on avatar.id = p.avatar_image_id and {not_in_effect("avatar.hidden_until")}
order by p.key desc, p.id desc
"""


# users_pkey, images_pkey
_AUTHOR = f"""join users as author on author.id = p.author_id
left join images as avatar on avatar.id = author.avatar_image_id and {not_in_effect("avatar.hidden_until")}"""
_BYLINE = """author.username as author_username, author.display_name as author_display_name,
  author.avatar_image_id, avatar.thumb_key as avatar_thumb, avatar.medium_key as avatar_medium"""


def post_view_of(row: Row, viewer: UserId | None) -> PostView:
    """Convert a row of `post_view` selected for this viewer."""
    images = tuple(image.redact_for(viewer) for image in read_images(row.images or "[]"))
    post = post_of(row, tuple(image.id for image in images))
    return PostView(
        post,
        _byline_of(row),
        images,
        row.liked,
        Visibility(row.audience),
        hidden=row.hidden,
        marked_sensitive=row.marked_sensitive,
    )


def comment_view_of(row: Row) -> CommentView:
    """Convert a row of `comment_view`."""
    return CommentView(comment_of(row), _byline_of(row))


def profile_of(row: Row, viewer: UserId | None) -> Profile:
    """Convert a row of `profile_view` selected for this viewer."""
    relation = Relation(row.follows, row.followed_by, row.requested, row.blocking, row.muting)
    return Profile(user_of(row), _avatar_of(row), None if viewer is None else relation)


def _byline_of(row: Row) -> Byline:
    return Byline(UserId(row.author_id), row.author_username, row.author_display_name, _avatar_of(row))


def _avatar_of(row: Row) -> Avatar | None:
    # Decided by the key, not by the id: the two come from different tables.
    if row.avatar_thumb is None:
        return None
    return Avatar(ImageId(row.avatar_image_id), BlobKey(row.avatar_thumb.hex()), BlobKey(row.avatar_medium.hex()))
