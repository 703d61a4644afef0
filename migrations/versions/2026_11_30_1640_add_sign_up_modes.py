"""Invitations, terms, and sign-ups that wait for approval. The index of a large table is built concurrently."""

import sqlalchemy as sa
from alembic import op

revision = "0024_sign_up"
down_revision = "0023_scopes"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    # First the strongest lock of `users`: the foreign key below needs a weaker one.
    op.add_column("users", sa.Column("application", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("accepted_terms", sa.Integer(), nullable=True))
    op.create_table(
        "invites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.CheckConstraint("uses between 0 and max_uses", name=op.f("invites_uses_check")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("invites_created_by_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("invites_pkey")),
        sa.UniqueConstraint("code", name=op.f("invites_code_key")),
    )
    op.create_index("invites_created_by_idx", "invites", ["created_by"])
    op.create_index("invites_expires_at_idx", "invites", ["expires_at"])
    op.create_table(
        "terms",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("terms_pkey")),
    )
    with op.get_context().autocommit_block():
        # An interrupted build leaves an invalid index.
        op.execute("drop index concurrently if exists users_pending_idx")
        op.create_index(
            "users_pending_idx",
            "users",
            ["id"],
            postgresql_where=sa.text("application is not null"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("users_pending_idx", table_name="users", postgresql_concurrently=True, if_exists=True)
    op.drop_column("users", "accepted_terms")
    op.drop_column("users", "application")
    op.drop_table("terms")
    op.drop_table("invites")
