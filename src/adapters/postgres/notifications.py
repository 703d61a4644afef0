"""Notifications: a row, and a signal for subscribers."""

from adapters.postgres.database import Connection
from domain.ids import NotificationId, UserId
from domain.notifications import GROUP_COOLDOWN, NotificationEvent, Notifications

CHANNEL = "tintype_notifications"

# listeners_pkey. Only for users with subscribers, because commits with notifications are serialized.
NOTIFY = f"""
select pg_notify('{CHANNEL}', user_id::text) from notified
where exists (select from listeners where listeners.user_id = notified.user_id and until > now())"""

# notifications_actor_idx, notifications_comment_id_idx
_ADD = f"""
with notified as (
  insert into notifications (id, user_id, kind, actor_id, post_id, comment_id, since, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict do nothing returning user_id)
{NOTIFY}"""

# notifications_like_idx. Groups `liked` (post_id, user_id, liked_at, notice) by post. An unread group moves up with its
# likes, a group that was read starts again, and one that moved up recently stays unchanged, so that many likes of one
# post cause few writes.
ADD_LIKES = f"""
insert into notifications (id, user_id, kind, post_id, since, created_at)
select (array_agg(notice order by notice desc))[1], author_id, 'like', post_id, min(liked_at), max(liked_at)
from liked join posts on posts.id = liked.post_id
where user_id <> author_id and not exists (
  select from notifications as calm join users on users.id = calm.user_id
  where calm.kind = 'like' and calm.post_id = liked.post_id
    and calm.created_at > liked_at - interval '{GROUP_COOLDOWN.total_seconds()} seconds'
    and (users.notifications_read is null or calm.id > users.notifications_read))
group by post_id, author_id
on conflict (post_id) where kind = 'like' do update
set id = excluded.id, created_at = excluded.created_at,
  since = case when notifications.id <= (select notifications_read from users where users.id = excluded.user_id)
          then excluded.since else least(notifications.since, excluded.since) end
returning user_id"""

# users_pkey, notifications_user_id_id_idx
MARK_READ = """
update users set notifications_read = greatest(notifications_read, (
  select id from notifications where user_id = $1 and id <= $2 order by id desc limit 1))
where id = $1"""


class PostgresNotifications(Notifications):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, notice: NotificationEvent) -> None:
        row = (notice.id, notice.user_id, notice.kind.value, notice.actor, notice.post_id, notice.comment_id)
        await self._connection.execute(_ADD, *row, notice.created_at)

    async def mark_read(self, user_id: UserId, up_to: NotificationId) -> None:
        await self._connection.execute(MARK_READ, user_id, up_to)
