"""The trending key in SQL, equal to `domain.rankings.trending_key`. The contract suite of rankings compares both."""

from domain.rankings import HALF_LIFE

TRENDING_KEY = (
    "ln((1 + {likes})::float8) / ln(2::float8) + extract(epoch from created_at)::float8 / "
    f"{HALF_LIFE.total_seconds()}::float8"
)
"""The key for a row of posts. `likes` is an expression over its columns for the new number of likes."""
