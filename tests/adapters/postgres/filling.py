"""Sample data large enough that bad query plans are expensive, created inside the database."""
# ruff: noqa: S608 — every statement is made of constants

import asyncio
from datetime import UTC, datetime

import asyncpg

from adapters.postgres.trending import TRENDING_KEY

PEOPLE = 3_000
SILENT = 12_000
"""Users without activity. They are the majority, so that a page must not read the whole table."""
POSTS = 12_000
BUSY = 1
"""The number of the person who posts, likes, follows and is followed most, and of the post that is liked most."""

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

_ID = "(lpad(to_hex({n}), 8, '0') || '-{kind}-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"


def user_id(n: int) -> str:
    """The id of the user with this number, from 1."""
    return f"{n:08x}-0001-7000-8000-{n:012x}"


def post_id(n: int) -> str:
    """The id of the post with this number, from 1."""
    return f"{n:08x}-0002-7000-8000-{n:012x}"


def image_id(n: int) -> str:
    """The id of the only image of the post with this number."""
    return f"{n:08x}-0003-7000-8000-{n:012x}"


def comment_id(n: int) -> str:
    """The id of the comment with this number, from 1."""
    return f"{n:08x}-0004-7000-8000-{n:012x}"


def group_id(n: int) -> str:
    """The id of the group of reports with this number, from 1."""
    return f"{n:08x}-0009-7000-8000-{n:012x}"


def _group(n: str) -> str:
    return _ID.format(kind="0009", n=n)


def _user(n: str) -> str:
    return _ID.format(kind="0001", n=n)


def _post(n: str) -> str:
    return _ID.format(kind="0002", n=n)


def _bits(n: str) -> str:
    """SQL for 256 bits made of a value."""
    return f"('x' || encode(sha256({n}::text::bytea), 'hex'))::bit(256)"


def _keys(bits: str, pieces: str, first: str) -> str:
    """SQL for keys that are as many and as different as those of a hash."""
    piece = f"substring({bits} from length({bits}) - 14 - 16 * place for 15)::bit(15)::int"
    return f"array(select {first} << 16 | {piece} from generate_series(0, {pieces} - 1) as place)"


def _moment(n: str) -> str:
    return f"timestamptz '{BEGINNING.isoformat()}' + ({n}) * interval '1 minute'"


def _blob(size: str, n: str = "n") -> str:
    return f"sha256(convert_to('{size}' || {n}, 'UTF8'))"


_LIKES = "(case when n % 50 = 0 then n % 500 else n % 3 end)"

_STATEMENTS = (
    f"""insert into users (id, username, email, password_hash, display_name, created_at)
    select {_user("n")}, 'user_' || n, 'user_' || n || '@example.org', 'hash', 'User', {_moment("n")}
    from generate_series(1, {PEOPLE + SILENT}) as n""",
    # Every hundredth is the busy person's, every seventh for followers.
    f"""insert into posts (id, author_id, text, visibility, audience, like_count, trending_key, created_at)
    select {_post("n")}, {_user(f"case when n % 100 = 0 then {BUSY} else 1 + n % {PEOPLE} end")}, 'words',
           case when n % 7 = 0 then 'followers' else 'public' end,
           case when n % 7 = 0 then 'followers' else 'public' end, {_LIKES},
           {TRENDING_KEY.format(likes=_LIKES).replace("created_at", _moment("n"))}, {_moment("n")}
    from generate_series(1, {POSTS}) as n""",
    f"""insert into images (id, owner_id, post_id, position, original, width, height, content_type,
                        thumb_key, thumb_type, medium_key, medium_type, large_key, large_type, placeholder, created_at)
    select {_ID.format(kind="0003", n="n")}, author_id, posts.id, 0, {_blob("original", "n % 1000")}, 640, 480,
           'image/png', {_blob("thumb")}, 'image/jpeg', {_blob("medium")}, 'image/jpeg', {_blob("large")}, 'image/jpeg',
           '', created_at
    from generate_series(1, {POSTS}) as n join posts on posts.id = {_post("n")}""",
    # Few different vectors, and the index made afterwards: it would take minutes otherwise.
    "drop index embeddings_embedding_idx",
    f"""insert into embeddings (image_id, model, embedding)
    with looks as (
      select look, (select array_agg(greatest(0, sin(look * place)) order by place)::real[]::halfvec
                    from generate_series(1, 1280) as place) as embedding
      from generate_series(1, 300) as look)
    select {_ID.format(kind="0003", n="n")}, 'm@1', embedding
    from generate_series(1, {POSTS}) as n join looks on look = 1 + n % 300""",
    "create index embeddings_embedding_idx on embeddings using hnsw (embedding halfvec_cosine_ops)",
    "update images set fingerprint = ('x' || encode(substr(sha256(id::text::bytea), 1, 8), 'hex'))::bit(64)::bigint",
    """insert into understandings (image_id, task, state, attempts, model)
    select id, task, 'done', 1, 'm@1' from images cross join unnest(array['classification', 'caption']) as task""",
    """insert into image_labels (image_id, position, key, name, score)
    select id, 0, 'n02099601', 'golden retriever', 0.9 from images""",
    """insert into label_verdicts (image_id, key, name, verdict)
    select id, 'n02099601', 'golden retriever', 'right' from images""",
    f"""insert into likes (post_id, user_id, created_at)
    select {_post(f"1 + n % {POSTS // 10}")}, {_user(f"1 + n * 7 % {PEOPLE}")}, {_moment("n")}
    from generate_series(1, 20000) as n
    union select {_post(str(BUSY))}, {_user("n")}, {_moment("n")} from generate_series(1, {PEOPLE // 5}) as n
    union select {_post("n")}, {_user(str(BUSY))}, {_moment("n")} from generate_series(1, {POSTS // 20}) as n
    order by 3
    on conflict do nothing""",
    f"""insert into follows (follower_id, followee_id, created_at)
    select {_user("n")}, {_user(str(BUSY))}, {_moment("n")} from generate_series({BUSY + 1}, {PEOPLE // 5}) as n
    union select {_user(str(BUSY))}, {_user("n")}, {_moment("n")} from generate_series({BUSY + 1}, {PEOPLE // 5}) as n
    union select {_user("one")}, {_user(f"1 + (one + step * 97) % {PEOPLE}")}, {_moment("one + step")}
    from generate_series(1, {PEOPLE}) as one cross join generate_series(1, 8) as step
    on conflict do nothing""",
    f"""insert into comments (id, post_id, author_id, text, created_at)
    select {_ID.format(kind="0004", n="n")}, {_post(f"case when n % 100 = 0 then {BUSY} else 1 + n % {POSTS} end")},
           {_user(f"1 + n % {PEOPLE}")}, 'well seen', {_moment("n")}
    from generate_series(1, {POSTS}) as n""",
    # A group of likes for each post, and a notification for each comment under another's.
    f"""insert into notifications (id, user_id, kind, post_id, since, created_at)
    select {_ID.format(kind="0006", n="n")}, author_id, 'like', posts.id, created_at, created_at
    from generate_series(1, {POSTS}) as n join posts on posts.id = {_post("n")}""",
    f"""insert into notifications (id, user_id, kind, actor_id, post_id, comment_id, since, created_at)
    select {_ID.format(kind="0007", n="n")}, posts.author_id, 'comment', comments.author_id, posts.id, comments.id,
           comments.created_at, comments.created_at
    from generate_series(1, {POSTS}) as n join comments on comments.id = {_ID.format(kind="0004", n="n")}
    join posts on posts.id = post_id where posts.author_id <> comments.author_id""",
    f"""insert into blocks (blocker_id, blocked_id, created_at)
    select {_user("n")}, {_user(f"1 + (n + 1) % {PEOPLE}")}, {_moment("n")} from generate_series(100, {PEOPLE}) as n""",
    f"""insert into mutes (muter_id, muted_id, created_at)
    select {_user("n")}, {_user(f"1 + (n + 2) % {PEOPLE}")}, {_moment("n")} from generate_series(100, {PEOPLE}) as n""",
    f"""insert into follow_requests (follower_id, followee_id, created_at)
    select {_user("n")}, {_user(f"1 + (n + 3) % {PEOPLE}")}, {_moment("n")} from generate_series(100, {PEOPLE}) as n""",
    f"""insert into search_documents (post_id, words)
    select {_post("n")}, ('''word' || n % 300 || ''':1A ''common'':2B')::tsvector
    from generate_series(1, {POSTS}) as n""",
    f"""insert into post_tags (tag, post_id, by_human, by_model)
    select 'tag' || n % 300, {_post("n")}, true, false from generate_series(1, {POSTS}) as n""",
    f"""insert into tokens (id, user_id, hash, created_at, expires_at)
    select {_ID.format(kind="0005", n="n")}, {_user(f"1 + n % {PEOPLE}")}, 'hash ' || n, {_moment("n")},
           {_moment("n + 100000")}
    from generate_series(1, {POSTS}) as n""",
    f"""insert into emails (id, kind, recipient, detail, state, attempts, next_attempt_at, created_at)
    select {_ID.format(kind="0006", n="n")}, 'proof', 'ada@example.org', '',
           case when n % 100 = 0 then 'pending' else 'sent' end, 1, {_moment("n")}, {_moment("n")}
    from generate_series(1, {POSTS}) as n""",
    f"""insert into second_factors (id, user_id, kind, name, totp_secret, totp_step, created_at)
    select {_ID.format(kind="0007", n="n")}, {_user(f"1 + n % {PEOPLE}")}, 'totp', 'Phone', 'SECRET', 0, {_moment("n")}
    from generate_series(1, {POSTS}) as n""",
    f"""insert into identities (id, user_id, issuer, subject, created_at)
    select {_ID.format(kind="0008", n="n")}, {_user(f"1 + n % {PEOPLE}")}, 'https://issuer', n::text, {_moment("n")}
    from generate_series(1, {POSTS}) as n""",
    f"""insert into challenges (secret_hash, purpose, data, expires_at)
    select {_blob("challenge")}, 'sign_in', '{{}}', {_moment("n")} from generate_series(1, {POSTS}) as n""",
    f"""insert into orphan_blobs (key, noted_at)
    select {_blob("lone")}, {_moment("n")} from generate_series(1, {POSTS}) as n""",
    f"""insert into ranking_parts (id, start, ranking, moment, snapshot, size, is_last, posts, likes, authors)
    select {_ID.format(kind="0008", n="n")}, 100 * part, 'trending', {_moment("n")}, '1:1:', 0, false,
           '{{}}', '{{}}', '{{}}'
    from generate_series(1, 400) as n cross join generate_series(0, 19) as part""",
    f"""insert into answers (scope, fingerprint, since)
    select {_blob("scope")}, 'print', {_moment("n")} from generate_series(1, {POSTS}) as n""",
    f"""insert into decisions (id, kind, target_id, user_id, rule, reason, effect, created_at, in_force, appeal,
                           appealed_at)
    select {_ID.format(kind="0008", n="n")}, 'post', {_post("n")}, {_user(f"1 + n % {PEOPLE}")}, 'rule', 'reason',
           'mark_sensitive', {_moment("n")}, true, case when n % 10 = 0 then 'why?' end,
           case when n % 10 = 0 then {_moment("n")} end
    from generate_series(1, {POSTS}) as n""",
    f"""insert into report_groups (id, kind, target_id, user_id, reports_count, created_at, reported_at, closed_at)
    select {_group("n")}, 'post', {_post("n")}, {_user(f"1 + n % {PEOPLE}")}, 2, {_moment("n")}, {_moment("n")},
           case when n % 4 > 0 then {_moment("n")} end
    from generate_series(1, {POSTS}) as n""",
    f"""insert into reports (id, group_id, reporter_id, reason, note, created_at)
    select {_ID.format(kind="000a", n="n * 2 + reporter")}, {_group("n")}, {_user("reporter")}, 'spam', '',
           {_moment("n")}
    from generate_series(1, {POSTS}) as n cross join generate_series(1, 2) as reporter""",
    f"""insert into audit_log (id, created_at, action, kind, target_id, user_id, details)
    select {_ID.format(kind="000b", n="n")}, {_moment("n")}, 'decision', 'post', {_post("n")},
           {_user(f"1 + n % {PEOPLE}")}, '{{}}'
    from generate_series(1, {POSTS}) as n""",
    f"""insert into decisions (id, kind, target_id, user_id, rule, reason, effect, created_at, in_force)
    select {_ID.format(kind="000c", n="n")}, 'image', {_ID.format(kind="0003", n="n")}, {_user(f"1 + n % {PEOPLE}")},
           'rule', 'reason', 'none', {_moment("n")}, false
    from generate_series(1, {POSTS}) as n""",
    # Of every three hashes one has 256 bits without keys, one 64 bits, and one 256 bits.
    f"""insert into blocklist_entries (id, kind, value, keys, reason, source, added_by, added_at, applied)
    select {_ID.format(kind="000d", n="n")}, kind, value, {_keys("value", "pieces", "first")}, '', '', 'mia',
           {_moment("n")}, n % 100 > 0
    from (
      select n, kind, pieces, first, substring({_bits("n")} from 1 for size) as value
      from generate_series(1, {POSTS}) as n
      join (values (0, 'sha256', 0, 0, 256), (1, 'perceptual', 4, 0, 64), (2, 'pdq', 16, 1, 256))
        as kinds (rest, kind, pieces, first, size) on rest = n % 3) as hashes""",
    f"""insert into pdq_hashes (image_id, value, keys)
    select id, {_bits("id")}, {_keys(_bits("id"), "16", "1")} from images""",
    f"""insert into screenings (image_id, next_attempt_at, attempts)
    select {_ID.format(kind="0003", n="n")}, {_moment("n")}, 0 from generate_series(1, {POSTS}) as n""",
    f"""insert into sensitivity_scores (image_id, next_attempt_at, attempts, model, score, asked, scored_at, answer,
                                    answered_at)
    select {_ID.format(kind="0003", n="n")}, case when n % 10 = 0 then {_moment("n")} end, 1, 'm@1', 0.5, true,
           {_moment("n")}, case when n % 10 = 1 then true end, case when n % 10 = 1 then {_moment("n")} end
    from generate_series(1, {POSTS}) as n""",
    f"update users set role = 'moderator' where id in ({_user('7')}, {_user('8')})",
    "analyze",
)


def fill(url: str) -> None:
    """Fill an empty, migrated database. The counters of posts are invented, so that ranked lists have ties and a
    spread."""
    asyncio.run(_fill(url))


async def _fill(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in _STATEMENTS:
            await connection.execute(statement)
    finally:
        await connection.close()
