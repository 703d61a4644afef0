"""Visibility in SQL: the rules of `domain.visibility`, as conditions of statements.

The viewer is a parameter, null when nobody is signed in.
"""

# One index lookup for each row. An `exists` here is sometimes planned as a hash of all likes or follows of the viewer.
LIKES = "coalesce((select true from likes where likes.post_id = p.id and likes.user_id = {viewer}), false)"
FOLLOWS = "coalesce((select true from follows where follower_id = {one} and followee_id = {other}), false)"
REQUESTS = "coalesce((select true from follow_requests where follower_id = {one} and followee_id = {other}), false)"
BLOCKS = "coalesce((select true from blocks where blocker_id = {one} and blocked_id = {other}), false)"
MUTES = "coalesce((select true from mutes where muter_id = {one} and muted_id = {other}), false)"


MODERATES = "coalesce((select role <> 'user' from users where id = {viewer}), false)"
"""Whether the viewer is a moderator or an admin. Read for restricted rows only, in users_pkey."""


def not_in_effect(column: str) -> str:
    """Return SQL for whether an effect that ends at this time is not in effect now. The database's clock decides."""
    return f"({column} is null or {column} <= now())"


def is_rankable(row: str) -> str:
    """Return SQL for whether a row of posts may be ranked, whoever the viewer is."""
    return f"{row}.audience = 'public' and {not_in_effect(f'{row}.limited_until')}"


def not_blocked(viewer: str, person: str) -> str:
    """Return SQL for whether neither user blocks the other. Reads blocks_pkey."""
    either = f"""select false from blocks where blocker_id = {viewer} and blocked_id = {person} union all
    select false from blocks where blocker_id = {person} and blocked_id = {viewer}"""
    return f"coalesce(({either} limit 1), true)"


def not_ignored(viewer: str, person: str) -> str:
    """Return SQL for whether the viewer is notified of that user: neither blocks the other, and the user is neither
    muted nor suspended. Reads blocks_pkey, mutes_pkey, users_pkey."""
    active = f"coalesce((select {not_in_effect('suspended_until')} from users where id = {person}), false)"
    return f"({not_blocked(viewer, person)} and not {MUTES.format(one=viewer, other=person)} and {active})"


def can_view_post(viewer: str) -> str:
    """Return SQL for whether the viewer may see a row of posts. Reads follows_pkey and blocks_pkey; users_pkey for
    hidden posts."""
    follows = FOLLOWS.format(one=viewer, other="posts.author_id")
    return f"""(posts.author_id = {viewer}
  or ((posts.audience = 'public' or {follows}) and {not_blocked(viewer, "posts.author_id")}
    and ({not_in_effect("posts.hidden_until")} or {MODERATES.format(viewer=viewer)})))"""


def can_view_image(image: str, viewer: str) -> str:
    """Return SQL for whether the viewer may see a row of images. Reads users_pkey, posts_pkey and what `can_view_post`
    reads."""
    # One lookup for each row, where an `exists` may be planned as a hash of whole tables.
    return f"""({image}.owner_id = {viewer}
  or ({not_in_effect(f"{image}.hidden_until")}
    and (coalesce((select not private from users where users.id = {image}.owner_id
        and users.avatar_image_id = {image}.id), false)
      or coalesce((select true from posts where posts.id = {image}.post_id and {can_view_post(viewer)}), false)))
  or {MODERATES.format(viewer=viewer)})"""


VISIBLE = can_view_post("$1")
"""Whether $1 may see a row of posts."""

UNMUTED = "posts.author_id not in (select muted_id from mutes where muter_id = $1)"
"""Whether a row of posts may appear in lists that mix authors. Reads mutes_pkey, once per statement."""

DISCOVERABLE = f"({UNMUTED} and {not_in_effect('posts.limited_until')})"
"""Whether a row of posts that $1 may see appears where users find posts of others."""

IMAGE_VISIBLE = can_view_image("i", "$1")
"""Whether $1 may see a row of images called i."""
