"""The order of a ranking at a database snapshot, in SQL.

The order is that of the current counts, without the likes that the snapshot did not see, and with those that it saw and
that were removed since. Posts and likes store the number of the transaction that created them. A removed like is
remembered with its number for as long as a cursor with an older snapshot can exist.
"""

from datetime import timedelta

from adapters.postgres.trending import TRENDING_KEY
from adapters.postgres.visibility import is_rankable

MAX_COMMIT_DELAY = timedelta(minutes=1)
"""More than the delay between the time in a row and its commit."""
_RECENT = f"$2::timestamptz - interval '{MAX_COMMIT_DELAY.total_seconds()} seconds'"


def _was_seen(row: str, time_column: str) -> str:
    """Whether the snapshot saw a row. Old rows were seen; in a restored dump their transaction numbers mean nothing."""
    return f"({row}.{time_column} < {_RECENT} or pg_visible_in_snapshot({row}.xid, $3::text::pg_snapshot))"


# likes_created_at_idx. Few of the likes of a minute come after the snapshot, and one comparison excludes most others.
_CHANGED_LIKES = f"""
with moved as materialized (
  select post_id, sum(change)::int as change
  from (
    select post_id, -1 as change from likes
    where created_at >= {_RECENT} and xid >= pg_snapshot_xmin($3::text::pg_snapshot)
      and not pg_visible_in_snapshot(xid, $3::text::pg_snapshot)
    union all
    select post_id, 1 from (select post_id, liked_xid as xid, liked_at, xid as gone_xid from unlikes) as unlikes
    where {_was_seen("unlikes", "liked_at")} and not pg_visible_in_snapshot(gone_xid, $3::text::pg_snapshot)) as changes
  group by post_id)"""

_ELIGIBLE = f"{is_rankable('posts')} and {_was_seen('posts', 'created_at')}"

PART_COLUMNS = "start, moment, snapshot, size, key, last_id, is_last"


def _insert_query(withs: str, pool: str, authors: str = "'{}'") -> str:
    """Return SQL that stores one part of an order: the best $7 of `pool` (id, likes, key, author) below ($5, $6)."""
    down = "order by key desc, id desc"
    return f"""{withs},
 best as materialized (select * from ({pool}) as pool {down} limit $7::int)
insert into ranking_parts (id, start, ranking, moment, snapshot, size, key, last_id, is_last, posts, likes, authors)
select $1, $4::int, $8::text, $2, $3::text, count(*), min(key), (array_agg(id {down}))[count(*)],
  $9::boolean or count(*) < $7::int,
  coalesce(array_agg(id {down}), '{{}}'), coalesce(array_agg(likes {down}), '{{}}'), {authors}
from best
on conflict do nothing
returning {PART_COLUMNS}"""


_BELOW = "(like_count, id) < ($5::int, $6::uuid)"
_UNMOVED = f"{_ELIGIBLE} and id not in (select post_id from moved)"
_DOWN = "order by like_count desc, id desc"


def _most_liked_query(withs: str, unmoved: str, within: str = "") -> str:
    """Return SQL for the best of `unmoved` and of the changed posts as they were."""
    # posts_pkey for changed posts
    return _insert_query(
        f"{_CHANGED_LIKES}{withs}",
        f"""
  {unmoved}
  union all
  select id, like_count + change, like_count + change from moved join posts on posts.id = post_id
  where {_ELIGIBLE} {within} and (like_count + change, id) < ($5::int, $6::uuid)""",
    )


# posts_most_liked_idx
MOST_LIKED = _most_liked_query(
    "",
    f"""
  (select id, like_count as likes, like_count as key from posts where {_UNMOVED} and {_BELOW} {_DOWN} limit $7::int)""",
)

MAX_WALKED = 8_000
"""The number of posts of all time among which those of a window are searched first. It takes a few milliseconds."""

# posts_most_liked_idx: the next posts of all time often contain enough of the window. Otherwise all of the window,
# by posts_trending_idx as in rankings.py.
MOST_LIKED_SINCE = _most_liked_query(
    f""",
 walked as materialized (
  select id, like_count as likes, like_count as key
  from (select * from posts where audience = 'public' and {_BELOW} {_DOWN} limit {MAX_WALKED}) as posts
  where {_UNMOVED} and created_at >= $10 {_DOWN} limit $7::int)""",
    f"""
  select * from walked where (select count(*) from walked) >= $7::int
  union all
  (select id, like_count, like_count from posts
   where {_UNMOVED} and {_BELOW} and created_at >= $10 and trending_key >= $11
     and (select count(*) from walked) < $7::int
   {_DOWN} limit $7::int)""",
    "and created_at >= $10",
)

AUTHOR_HASH = "uuid_hash_extended(author_id, 0)"
"""A hash of 8 bytes by which cursors and parts identify the authors of their posts."""
_AUTHOR_NOT_SHOWN = f"{AUTHOR_HASH} not in (select hash from shown)"
_BEST = "order by best.trending_key desc, best.id desc limit 1"
# posts_trending_idx and posts_author_trending_idx; posts_pkey for changed posts. For authors without changed posts the
# best post is the current one. For the others it is among the changed posts, as they were, and the best unchanged one.
# Authors on the first page ($10) and in earlier parts are left out, even if their post was deleted since.
# ranking_parts_pkey
TRENDING = _insert_query(
    f"""{_CHANGED_LIKES},
 touched as materialized (select distinct author_id from moved join posts on posts.id = post_id),
 shown as materialized (
  select unnest($10::bigint[]) as hash union all select unnest(authors) from ranking_parts where id = $1)""",
    f"""
  (select id, like_count as likes, trending_key as key, {AUTHOR_HASH} as author from posts
   where {_ELIGIBLE} and (trending_key, id) < ($5::float8, $6::uuid) and {_AUTHOR_NOT_SHOWN}
     and author_id not in (select author_id from touched)
     and coalesce((select best.id = posts.id from posts as best where best.author_id = posts.author_id
                     and {is_rankable("best")} and {_was_seen("best", "created_at")} {_BEST}), false)
   order by trending_key desc, id desc limit $7::int)
  union all
  select id, likes, key, {AUTHOR_HASH}
  from (
    select distinct on (author_id) author_id, id, likes, key
    from (
      select author_id, id, like_count + change as likes, {TRENDING_KEY.format(likes="like_count + change")} as key
      from moved join posts on posts.id = post_id where {_ELIGIBLE}
      union all
      select author_id, still.* from touched cross join lateral (
        select best.id, best.like_count, best.trending_key from posts as best
        where best.author_id = touched.author_id and {is_rankable("best")} and {_was_seen("best", "created_at")}
          and best.id not in (select post_id from moved) {_BEST}) as still) as theirs
    order by author_id, key desc, id desc) as best
  where (key, id) < ($5::float8, $6::uuid) and {_AUTHOR_NOT_SHOWN}""",
    authors="$10::bigint[] || coalesce(array_agg(author), '{}')",
)
