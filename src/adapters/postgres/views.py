"""Views for one viewer: one statement for a page, whatever it contains.

Every statement built here takes the viewer as $1, null when nobody is signed in.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.postgres.database import Row
from adapters.postgres.rows import comment_of, post_of, user_of
from domain.blobs import BlobKey
from domain.captions import AltText, ModelTags, Source, Suggestion
from domain.comments import CommentView
from domain.ids import ImageId, PostId, UserId
from domain.images import Image, Rendition, Size
from domain.post_views import PostView
from domain.posts import Visibility
from domain.profiles import Avatar, Byline, Profile, Relation
from domain.understanding import State, Task, Understanding
from domain.vision import Label, Verdict
from domain.vision.duplicates import Duplicate, DuplicateKind

# One index lookup for each row. An `exists` here is sometimes planned as a hash of all likes or follows of the viewer.
_LIKED = "coalesce((select true from likes where likes.post_id = p.id and likes.user_id = $1), false)"
_FOLLOWS = "coalesce((select true from follows where follower_id = {one} and followee_id = {other}), false)"
_REQUESTS = "coalesce((select true from follow_requests where follower_id = {one} and followee_id = {other}), false)"
_BLOCKS = "coalesce((select true from blocks where blocker_id = {one} and blocked_id = {other}), false)"
_MUTES = "coalesce((select true from mutes where muter_id = {one} and muted_id = {other}), false)"


def not_blocked(viewer: str, person: str) -> str:
    """Return SQL for whether neither user blocks the other. Reads blocks_pkey."""
    either = f"""select false from blocks where blocker_id = {viewer} and blocked_id = {person} union all
    select false from blocks where blocker_id = {person} and blocked_id = {viewer}"""
    return f"coalesce(({either} limit 1), true)"


def not_ignored(viewer: str, person: str) -> str:
    """Return SQL for whether the viewer is notified of that user: neither blocks the other, and the user is not muted.
    Reads blocks_pkey, mutes_pkey."""
    return f"({not_blocked(viewer, person)} and not {_MUTES.format(one=viewer, other=person)})"


def can_view_post(viewer: str) -> str:
    """Return SQL for whether the viewer may see a row of posts. Reads follows_pkey and blocks_pkey."""
    follows = _FOLLOWS.format(one=viewer, other="posts.author_id")
    return f"""(posts.author_id = {viewer}
  or ((posts.audience = 'public' or {follows}) and {not_blocked(viewer, "posts.author_id")}))"""


def can_view_image(image: str, viewer: str) -> str:
    """Return SQL for whether the viewer may see a row of images. Reads users_pkey, posts_pkey and what `can_view_post`
    reads."""
    # One lookup for each row, where an `exists` may be planned as a hash of whole tables.
    return f"""({image}.owner_id = {viewer}
  or coalesce((select not private from users where users.id = {image}.owner_id
    and users.avatar_image_id = {image}.id), false)
  or coalesce((select true from posts where posts.id = {image}.post_id and {can_view_post(viewer)}), false))"""


VISIBLE = can_view_post("$1")
"""Whether $1 may see a row of posts."""

UNMUTED = "posts.author_id not in (select muted_id from mutes where muter_id = $1)"
"""Whether a row of posts may appear in lists that mix authors. Reads mutes_pkey, once per statement."""

IMAGE_VISIBLE = can_view_image("i", "$1")
"""Whether $1 may see a row of images called i."""

_COLUMNS = """id owner_id post_id width height content_type thumb_type medium_type large_type placeholder created_at
 fingerprint alt_text alt_text_source alt_text_model
 suggestion suggestion_source suggestion_model suggestion_prompt_version
 said_tags said_tags_model said_tags_prompt_version"""
_KEY_COLUMNS = "original thumb_key medium_key large_key"


def image_json(alias: str) -> str:
    """Return an SQL expression, for `image_of`, over the row of images called `alias`. Reads image_labels_pkey,
    label_verdicts_pkey and understandings_pkey."""
    plain = [f"'{name}', {alias}.{name}" for name in _COLUMNS.split()]
    # duplicates_pkey, images_pkey: few images have duplicates
    duplicates = f"""select coalesce(json_agg(to_json(d) order by d.kind, d.distance, d.other_id), '[]')
             from duplicates d join images o on o.id = d.other_id
             where d.image_id = {alias}.id and {can_view_image("o", f"{alias}.owner_id")}"""
    keys = [f"'{name}', encode({alias}.{name}, 'hex')" for name in _KEY_COLUMNS.split()]
    return f"""json_build_object({", ".join(plain + keys)},
  'labels', (select coalesce(json_agg(to_json(l) order by l.position), '[]')
             from (select shown.*, said.verdict from image_labels as shown
                   left join label_verdicts as said on said.image_id = shown.image_id and said.key = shown.key
                   where shown.image_id = {alias}.id) as l),
  'duplicates', ({duplicates}),
  'understanding', (select coalesce(json_agg(to_json(t) order by t.task), '[]')
                    from understandings t where t.image_id = {alias}.id))"""


def post_view(selection: str) -> str:
    """Return SQL for the posts of `selection`: all columns of posts and a `key`, ordered by (key, id), highest
    first."""
    # images_post_id_position_idx, likes_pkey
    return f"""
select p.*, {_BYLINE},
  (select json_agg({image_json("i")} order by i.position) from images i where i.post_id = p.id) as images,
  case when $1::uuid is not null then {_LIKED} end as liked
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
select p.*, face.thumb_key as avatar_thumb, face.medium_key as avatar_medium,
  {_FOLLOWS.format(one="$1", other="p.id")} as follows,
  {_FOLLOWS.format(one="p.id", other="$1")} as followed_by,
  {_REQUESTS.format(one="$1", other="p.id")} as requested,
  {_BLOCKS.format(one="$1", other="p.id")} as blocking,
  {_MUTES.format(one="$1", other="p.id")} as muting
from ({selection}) as p left join images as face on face.id = p.avatar_image_id
order by p.key desc, p.id desc
"""


# users_pkey, images_pkey
_AUTHOR = "join users as author on author.id = p.author_id left join images as face on face.id = author.avatar_image_id"
_BYLINE = """author.username as author_username, author.display_name as author_display_name,
  author.avatar_image_id, face.thumb_key as avatar_thumb, face.medium_key as avatar_medium"""


def post_view_of(row: Row, viewer: UserId | None) -> PostView:
    """Convert a row of `post_view` selected for this viewer."""
    images = tuple(image_of(image).redact_for(viewer) for image in row.images or ())
    post = post_of(row, tuple(image.id for image in images))
    return PostView(post, _byline_of(row), images, row.liked, Visibility(row.audience))


def comment_view_of(row: Row) -> CommentView:
    """Convert a row of `comment_view`."""
    return CommentView(comment_of(row), _byline_of(row))


def profile_of(row: Row, viewer: UserId | None) -> Profile:
    """Convert a row of `profile_view` selected for this viewer."""
    relation = Relation(row.follows, row.followed_by, row.requested, row.blocking, row.muting)
    return Profile(user_of(row), _avatar_of(row), None if viewer is None else relation)


def image_of(row: Mapping[str, Any]) -> Image:
    """Convert the result of `image_json`. It is parsed already, because SQLAlchemy configures every connection to
    decode JSON."""
    image_id = ImageId(UUID(row["id"]))
    return Image(
        id=image_id,
        owner_id=UserId(UUID(row["owner_id"])),
        original=BlobKey(row["original"]),
        width=row["width"],
        height=row["height"],
        content_type=row["content_type"],
        renditions={size: Rendition(BlobKey(row[f"{size}_key"]), row[f"{size}_type"]) for size in Size},
        placeholder=row["placeholder"],
        created_at=datetime.fromisoformat(row["created_at"]),
        post_id=PostId(UUID(row["post_id"])) if row["post_id"] else None,
        alt_text=_alt_text_of(row),
        suggestion=_suggestion_of(row),
        fingerprint=None if row["fingerprint"] is None else row["fingerprint"] % 2**64,
        model_tags=_model_tags_of(row),
        labels=tuple(_label_of(label) for label in row["labels"]),
        duplicates=tuple(duplicate_of(found) for found in row["duplicates"]),
        understanding={Task(task["task"]): _understanding_of(image_id, task) for task in row["understanding"]},
    )


def _byline_of(row: Row) -> Byline:
    return Byline(UserId(row.author_id), row.author_username, row.author_display_name, _avatar_of(row))


def _avatar_of(row: Row) -> Avatar | None:
    # Decided by the key, not by the id: the two come from different tables.
    if row.avatar_thumb is None:
        return None
    return Avatar(ImageId(row.avatar_image_id), BlobKey(row.avatar_thumb.hex()), BlobKey(row.avatar_medium.hex()))


def _alt_text_of(row: Mapping[str, Any]) -> AltText | None:
    if row["alt_text"] is None:
        return None
    return AltText(row["alt_text"], Source(row["alt_text_source"]), row["alt_text_model"])


def _suggestion_of(row: Mapping[str, Any]) -> Suggestion | None:
    if row["suggestion"] is None:
        return None
    source = Source(row["suggestion_source"])
    return Suggestion(row["suggestion"], source, row["suggestion_model"], row["suggestion_prompt_version"])


def _model_tags_of(row: Mapping[str, Any]) -> ModelTags | None:
    if row["said_tags"] is None:
        return None
    return ModelTags(tuple(row["said_tags"]), row["said_tags_model"], row["said_tags_prompt_version"])


def _label_of(row: Mapping[str, Any]) -> Label:
    verdict = Verdict(row["verdict"]) if row["verdict"] else None
    tags = tuple(row["tags"])
    return Label(row["key"], row["name"], row["class_index"], float(row["score"]), tags, verdict)


def duplicate_of(row: Mapping[str, Any]) -> Duplicate:
    """Convert a row of duplicates, in JSON or not."""
    return Duplicate(ImageId(UUID(str(row["other_id"]))), DuplicateKind(row["kind"]), row["distance"])


def _understanding_of(image_id: ImageId, row: Mapping[str, Any]) -> Understanding:
    due = row["next_attempt_at"]
    return Understanding(
        image_id=image_id,
        task=Task(row["task"]),
        state=State(row["state"]),
        attempts=row["attempts"],
        model=row["model"],
        error=row["error"],
        next_attempt_at=datetime.fromisoformat(due) if due else None,
    )
