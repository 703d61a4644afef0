"""Deletion of a user with everything they own."""

from dataclasses import replace
from typing import Any

from adapters.memory.tables import Tables
from domain.ids import UserId
from domain.notifications import NotificationKind


def drop_user(tables: Tables, user_id: UserId) -> None:
    """Delete the user with everything they own, and adjust the counts of others."""
    for post in [post for post in tables.posts.values() if post.author_id == user_id]:
        tables.drop_post(post.id)
    for image in [image for image in tables.images.values() if image.owner_id == user_id]:
        tables.drop_image(image.id)
    for post_id, liker in [like for like in tables.likes if like[1] == user_id]:
        tables.drop_like(post_id, liker)
    for comment in [comment for comment in tables.comments.values() if comment.author_id == user_id]:
        tables.drop_comment(comment.id)
    for pair in [pair for pair in tables.follows if user_id in pair]:
        tables.drop_follow(*pair)
    for pairs in (tables.requests, tables.blocks, tables.mutes):
        for pair in [pair for pair in pairs if user_id in pair]:
            del pairs[pair]
    # A group of likes belongs to no single actor.
    tables.delete_notifications(lambda event: event.user_id == user_id)
    tables.delete_notifications(lambda event: event.actor == user_id and event.kind is not NotificationKind.LIKE)
    tables.read_up_to.pop(user_id, None)
    tables.consents.pop(user_id, None)
    tables.email_changes.pop(user_id, None)
    _delete_rows_of(tables, user_id)
    _forget_reporter(tables, user_id)
    name = tables.users.pop(user_id).username
    for invite in [invite for invite in tables.invites.values() if invite.creator == name]:
        tables.invites[invite.id] = replace(invite, creator=None)


def _delete_rows_of(tables: Tables, user_id: UserId) -> None:
    """Delete rows that nothing else refers to."""
    owned: list[dict[Any, Any]] = [tables.tokens, tables.emails, tables.email_links]
    owned += [tables.challenges, tables.second_factors, tables.identities]
    for rows in owned:
        for key in [key for key, row in rows.items() if row.user_id == user_id]:
            del rows[key]
    for total in [total for total in tables.daily_uploads if total[0] == user_id]:
        del tables.daily_uploads[total]


def _forget_reporter(tables: Tables, user_id: UserId) -> None:
    theirs = {key: value for key, value in tables.reports.items() if value[1].reporter_id == user_id}
    for report_id, (group_id, report) in theirs.items():
        tables.reports[report_id] = group_id, replace(report, reporter_id=None)
