"""Accounts and posts as JSON in the form of the REST API."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec

from entrypoints.http.schemas import Out
from entrypoints.rest.schemas import blocklist, moderation, posts, sign_ups, users

V = TypeVar("V")

Shape = dict[str, Any]


def _shape_of(schema: Callable[[V], Out]) -> Callable[[V], Shape]:
    return lambda value: cast(Shape, msgspec.to_builtins(schema(value)))


user = _shape_of(users.User.of)
post = _shape_of(posts.Post.of)
terms = _shape_of(sign_ups.Terms.of)
invite = _shape_of(sign_ups.Invite.of)
comment = _shape_of(posts.Comment.of)
similar_post = _shape_of(posts.SimilarPost.of)
hit = _shape_of(posts.SearchHit.of)
ranked_post = _shape_of(posts.RankedPost.of)
report = _shape_of(moderation.Report.of)
report_group = _shape_of(moderation.ReportGroup.of)
decision = _shape_of(moderation.ModeratorDecision.of)
log_entry = _shape_of(moderation.LogEntry.of)
blocklist_entry = _shape_of(blocklist.BlocklistEntry.of)
