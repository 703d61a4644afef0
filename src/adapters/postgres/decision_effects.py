"""The effects of decisions in SQL: columns of the rows that lists read anyway.

An effect on a user applies to their posts, comments and images, and one on a post to its images. Each statement
computes the columns anew from the decisions in force, after the rows are locked, and writes only what changes. Ids are
unique over all tables, so decisions are found by the id of the target alone.
"""

from adapters.postgres.database import Connection
from domain.effects import Target, TargetKind


def hiding_end(targets: str) -> str:
    """Return SQL for `domain.decisions.hidden_until` of the decisions about these ids."""
    return _latest_end("'hide', 'suspend', 'quarantine'", targets)


def limiting_end(targets: str) -> str:
    """Return SQL for `domain.decisions.limited_until` of the decisions about these ids."""
    return _latest_end("'hide', 'suspend', 'limit', 'quarantine'", targets)


def marking_end(targets: str) -> str:
    """Return SQL for `domain.decisions.sensitive_until` of the decisions about these ids."""
    return _latest_end("'mark_sensitive'", targets)


# screenings_pkey, decisions_target_id_idx
QUARANTINED = """(exists (select from screenings where image_id = images.id)
    or exists (select from decisions where in_force and effect = 'quarantine' and target_id = images.id))"""
"""`domain.decisions.is_quarantined` for a row of images, also while its screening is pending."""


def withholding_end(post: str) -> str:
    """Return SQL for the end of `domain.visibility.restrict_by_images`: null unless an image of the post is
    quarantined."""
    # images_post_id_position_idx
    return f"(select timestamptz 'infinity' from images where post_id = {post} and quarantined limit 1)"


def _latest_end(effects: str, targets: str) -> str:
    # decisions_target_id_idx
    return f"""(select max(coalesce(until, 'infinity')) from decisions
    where in_force and effect in ({effects}) and target_id in ({targets}))"""


def _update(table: str, which: str, **ends: str) -> str:
    """Return SQL that writes the changed columns of the rows for which `which` holds."""
    computed = ", ".join(f"{end} as {column}" for column, end in ends.items())
    return f"""
update {table} set {", ".join(f"{column} = now_is.{column}" for column in ends)}
from (select id, {computed} from {table} where {which}) as now_is
where {table}.id = now_is.id
  and ({", ".join(f"{table}.{column}" for column in ends)})
    is distinct from ({", ".join(f"now_is.{column}" for column in ends)})"""


def _update_posts(which: str) -> str:
    targets = "posts.id, posts.author_id"
    return _update(
        "posts",
        which,
        hidden_until=f"greatest({hiding_end(targets)}, {withholding_end('posts.id')})",
        limited_until=f"greatest({limiting_end(targets)}, {withholding_end('posts.id')})",
        sensitive_until=marking_end("posts.id"),
    )


def _update_images(which: str) -> str:
    ended = "case when exists (select from screenings where image_id = images.id) then timestamptz 'infinity' end"
    end = f"greatest({hiding_end('images.id, images.post_id, images.owner_id')}, {ended})"
    return _update("images", which, hidden_until=end, quarantined=QUARANTINED)


def _update_comments(which: str) -> str:
    return _update("comments", which, hidden_until=hiding_end("comments.id, comments.author_id"))


# posts_pkey, images_post_id_position_idx; comments_pkey; images_pkey; users_pkey, posts_author_id_id_idx,
# comments_author_id_id_idx, images_owner_id_id_idx
_APPLY = {
    TargetKind.POST: (_update_posts("id = $1"), _update_images("post_id = $1")),
    TargetKind.COMMENT: (_update_comments("id = $1"),),
    TargetKind.IMAGE: (
        _update_images("id = $1"),
        _update_posts("id = (select post_id from images where id = $1)"),
    ),
    TargetKind.USER: (
        _update("users", "id = $1", suspended_until=hiding_end("users.id"), limited_until=limiting_end("users.id")),
        _update_posts("author_id = $1"),
        _update_images("owner_id = $1"),
        _update_comments("author_id = $1"),
    ),
}

_LOCK_POST_OF = "select from posts where id = (select post_id from {table} where id = $1) for no key update"
_LOCK_USER_OF = "select from users where id = (select {user} from {table} where id = $1) for no key update"
# In the global order of locks: posts, users, images, within a table by id. A suspension waits for comments that its
# user writes.
_LOCK = {
    TargetKind.POST: ("select id from posts where id = $1 for no key update",),
    TargetKind.COMMENT: (
        _LOCK_POST_OF.format(table="comments"),
        _LOCK_USER_OF.format(table="comments", user="author_id"),
        "select id from comments where id = $1 for no key update",
    ),
    TargetKind.IMAGE: (
        _LOCK_POST_OF.format(table="images"),
        _LOCK_USER_OF.format(table="images", user="owner_id"),
        "select id from images where id = $1 for no key update",
    ),
    TargetKind.USER: (
        "select from posts where author_id = $1 order by id for no key update",
        "select id from users where id = $1 for update",
    ),
}


async def lock_target(connection: Connection, target: Target) -> bool:
    """Lock the target, and before it the rows that a decision about it changes or refers to. Return False if it is
    absent."""
    rows = []
    for statement in _LOCK[target.kind]:
        rows = await connection.fetch(statement, target.id)
    return bool(rows)


async def apply_effects(connection: Connection, target: Target) -> None:
    """Write the effects of the decisions in force about a locked target."""
    for statement in _APPLY[target.kind]:
        await connection.execute(statement, target.id)
