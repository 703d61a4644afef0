"""The tables in SQLAlchemy Core. Constraint names matter: `errors.py` maps them.

Likes, follows and reads are hot. Their SQL is written by hand in the file of their port, beside the name of its index.
"""

from adapters.postgres.tables.base import metadata
from adapters.postgres.tables.blocklist import blocklist_entries, pdq_hashes, screenings
from adapters.postgres.tables.captions import caption_calls, caption_drafts, consents
from adapters.postgres.tables.content import (
    duplicates,
    embeddings,
    image_labels,
    images,
    label_verdicts,
    posts,
    sensitivity_scores,
    understandings,
)
from adapters.postgres.tables.emails import email_changes, email_links, emails
from adapters.postgres.tables.housekeeping import (
    answers,
    counter_checks,
    deletion_pauses,
    desired_models,
    installation,
    maintenance_runs,
    orphan_blobs,
    rising_tag_lists,
    schema_support,
)
from adapters.postgres.tables.limits import daily_uploads, known_origins, rate_limits
from adapters.postgres.tables.moderation import audit_log, decisions, report_groups, reports
from adapters.postgres.tables.notifications import listeners, notifications
from adapters.postgres.tables.search import post_tags, search_documents
from adapters.postgres.tables.second_factors import challenges, identities, second_factors
from adapters.postgres.tables.social import (
    blocks,
    comments,
    follow_requests,
    follows,
    likes,
    mutes,
    ranking_parts,
    unlikes,
)
from adapters.postgres.tables.users import invites, reserved_usernames, terms, tokens, users

__all__ = [
    "answers",
    "audit_log",
    "blocklist_entries",
    "blocks",
    "caption_calls",
    "caption_drafts",
    "challenges",
    "comments",
    "consents",
    "counter_checks",
    "daily_uploads",
    "decisions",
    "deletion_pauses",
    "desired_models",
    "duplicates",
    "email_changes",
    "email_links",
    "emails",
    "embeddings",
    "follow_requests",
    "follows",
    "identities",
    "image_labels",
    "images",
    "installation",
    "invites",
    "known_origins",
    "label_verdicts",
    "likes",
    "listeners",
    "maintenance_runs",
    "metadata",
    "mutes",
    "notifications",
    "orphan_blobs",
    "pdq_hashes",
    "post_tags",
    "posts",
    "ranking_parts",
    "rate_limits",
    "report_groups",
    "reports",
    "reserved_usernames",
    "rising_tag_lists",
    "schema_support",
    "screenings",
    "search_documents",
    "second_factors",
    "sensitivity_scores",
    "terms",
    "tokens",
    "understandings",
    "unlikes",
    "users",
]
