"""E-mails, their links, and the status of addresses: an address that is only claimed may be that of several users."""

import sqlalchemy as sa
from alembic import op

revision = "0020_emails"
down_revision = "0019_ranking_parts"
branch_labels = None
depends_on = None
kind = "contract"
oldest_release = "0.1.0"

# Statements before the index can be repeated, because an interrupted build of the index leaves them committed.
ADD_STATUS = "alter table users add column if not exists email_status text not null default 'held'"
IS_STATUS = "email_status in ('claimed', 'held', 'verified')"


def upgrade() -> None:
    op.execute(ADD_STATUS)
    with op.get_context().autocommit_block():
        op.execute("drop index concurrently if exists users_held_email_idx")
        op.create_index(
            "users_held_email_idx",
            "users",
            ["email"],
            unique=True,
            postgresql_where=sa.text("email_status <> 'claimed'"),
            postgresql_concurrently=True,
        )
    _create_tables()
    op.execute("alter table users drop constraint users_email_key")
    # Not checked against existing rows, which would hold the lock: all of them have the default.
    op.execute(f"alter table users add constraint users_email_status_check check ({IS_STATUS}) not valid")
    op.execute("alter table users validate constraint users_email_status_check")


def _create_tables() -> None:
    op.create_table(
        "emails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('pending', 'running', 'sent', 'failed')", name=op.f("emails_state_check")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("emails_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("emails_pkey")),
    )
    op.create_index("emails_user_id_idx", "emails", ["user_id"])
    op.create_index("emails_created_at_idx", "emails", ["created_at"])
    op.create_index(
        "emails_due_idx",
        "emails",
        ["next_attempt_at", "id"],
        postgresql_where=sa.text("state in ('pending', 'running')"),
    )
    op.create_table(
        "email_links",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose in ('password_reset', 'proof', 'approval')", name=op.f("email_links_purpose_check")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("email_links_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name=op.f("email_links_pkey")),
    )
    op.create_index("email_links_user_id_idx", "email_links", ["user_id"])
    op.create_index("email_links_expires_at_idx", "email_links", ["expires_at"])
    op.create_table(
        "email_changes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("email_changes_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("email_changes_pkey")),
    )
    op.create_index("email_changes_expires_at_idx", "email_changes", ["expires_at"])


def downgrade() -> None:
    # Claimed addresses of other users are replaced, because every address was unique before.
    op.execute(
        "update users set email = id || '@claimed.invalid' where email_status = 'claimed' and exists "
        "(select from users as other where other.email = users.email "
        "and (other.email_status <> 'claimed' or other.id < users.id))"
    )
    op.execute("alter table users add constraint users_email_key unique (email)")
    op.drop_index("users_held_email_idx", table_name="users")
    op.drop_column("users", "email_status")
    op.drop_table("email_changes")
    op.drop_table("email_links")
    op.drop_table("emails")
