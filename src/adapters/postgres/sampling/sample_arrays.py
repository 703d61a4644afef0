"""The whole sample as arrays, and copying it into the tables."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.postgres.database import Connection
from adapters.postgres.sampling import power_law
from adapters.postgres.sampling.binary_copy import copy, make_ids, numbers, originals, timestamps
from adapters.postgres.sampling.words import SampleWords
from domain.images import Image
from domain.rankings import HALF_LIFE
from domain.sample_data import TIME_SPAN, RowReporter, SampleSpec
from domain.search import INDEX_VERSION

_INDEX_VERSION = INDEX_VERSION.to_bytes(2)

POSTING, FOLLOWING, FOLLOWED, LIKING, LIKED = 0.7, 0.3, 0.8, 0.4, 0.8
"""Exponents of the power laws. With two million posts and five million likes, the most liked post has about one in a
hundred likes, and the most active follower follows some five hundred users."""


class SampleArrays:
    """The generated sample; times in milliseconds since 1970."""

    def __init__(self, sample: SampleSpec) -> None:
        scale = sample.scale
        generator = np.random.default_rng(scale.seed)
        self.sample = sample
        self.now = int(sample.now.timestamp() * 1000)
        self.scale = scale
        year = int(TIME_SPAN.total_seconds() * 1000)
        joined = self.now - year + np.arange(scale.users, dtype=np.int64) * min(1000, year // scale.users)
        self.joined = joined
        self.published = self.now - year + (np.arange(1, scale.posts + 1, dtype=np.int64) * year) // (scale.posts + 1)
        self.author = power_law.Population(generator, scale.users, POSTING).draw(scale.posts)
        people = [power_law.Population(generator, scale.users, exponent) for exponent in (FOLLOWING, FOLLOWED, LIKING)]
        follower, followee = power_law.draw_pairs(generator, people[0], people[1], scale.follows, distinct=True)
        self.follower, self.followee = power_law.cap_per_user(follower, followee, sample.max_follows)
        self.followed = self.now - generator.integers(0, year, len(self.follower))
        posts = power_law.Population(generator, scale.posts, LIKED)
        self.post, self.liker = power_law.draw_pairs(generator, posts, people[2], scale.likes)
        # Most likes come early: half of them in the first eighth of a post's age.
        age = self.now - self.published[self.post]
        self.liked = self.published[self.post] + (age * generator.random(scale.likes) ** 3).astype(np.int64)
        order = np.argsort(self.liked, kind="stable")
        self.post, self.liker, self.liked = self.post[order], self.liker[order], self.liked[order]
        self.words = SampleWords(generator, scale.posts)

    async def copy(self, connection: Connection, advance: RowReporter) -> None:
        users, posts = make_ids(self.joined, 1), make_ids(self.published, 2)
        users[0] = np.frombuffer(self.sample.first_user.id.bytes, "V16")[0]
        await self._copy_people(connection, users, advance)
        await self._copy_posts(connection, users, posts, advance)
        follows = {
            "follower_id": users[self.follower],
            "followee_id": users[self.followee],
            "created_at": timestamps(self.followed),
        }
        await copy(connection, "follows", follows, len(self.follower), advance)
        likes = {"post_id": posts[self.post], "user_id": users[self.liker], "created_at": timestamps(self.liked)}
        await copy(connection, "likes", likes, len(self.post), advance)

    def _counts(self) -> dict[str, NDArray[Any]]:
        counted = {"followers": self.followee, "following": self.follower, "posts": self.author}
        return {
            f"{what}_count": numbers(np.bincount(whose, minlength=self.scale.users)) for what, whose in counted.items()
        }

    async def _copy_people(self, connection: Connection, users: NDArray[Any], advance: RowReporter) -> None:
        width = len(str(self.scale.users))
        names = np.array([f"user_{number:0{width}}" for number in range(1, self.scale.users + 1)], dtype="S")
        counts = self._counts()
        columns: dict[str, Any] = {
            "id": users,
            "username": names,
            "email": np.char.add(names, b"@example.org"),
            "password_hash": self.sample.first_user.password_hash.encode(),
            "display_name": names,
            "folded_name": names,
            "name_version": _INDEX_VERSION,
            "created_at": timestamps(self.joined),
            **counts,
        }
        others: dict[str, Any] = {
            name: value if isinstance(value, bytes) else value[1:] for name, value in columns.items()
        }
        await copy(connection, "users", others, self.scale.users - 1, advance)
        await connection.execute(
            "update users set followers_count = $2, following_count = $3, posts_count = $4 where id = $1",
            self.sample.first_user.id,
            *(int(count[0]) for count in counts.values()),
        )

    async def _copy_posts(
        self, connection: Connection, users: NDArray[Any], posts: NDArray[Any], advance: RowReporter
    ) -> None:
        likes = np.bincount(self.post, minlength=self.scale.posts)
        age = self.published / 1000 / HALF_LIFE.total_seconds()
        made = {"created_at": timestamps(self.published)}
        rows: dict[str, Any] = {
            "id": posts,
            "author_id": users[self.author],
            "text": self.words.texts(),
            "like_count": numbers(likes),
            "trending_key": (np.log(1 + likes) / np.log(2.0) + age).astype(">f8"),
            **made,
        }
        await copy(connection, "posts", rows, self.scale.posts, advance)
        documents: dict[str, Any] = {"post_id": posts, "words": self.words.documents(), "version": _INDEX_VERSION}
        await copy(connection, "search_documents", documents, self.scale.posts, advance)
        images = make_ids(self.published, 3)
        shown: dict[str, Any] = {"id": images, "owner_id": users[self.author], "post_id": posts, "position": b"\0\0"}
        shown |= _image_columns(self.sample.image) | made | {"original": originals(self.scale.posts)}
        await copy(connection, "images", shown, self.scale.posts, advance)
        for task in (b"classification", b"caption"):
            known: dict[str, Any] = {"image_id": images, "task": task, "state": b"skipped", "attempts": bytes(4)}
            await copy(connection, "understandings", known, self.scale.posts, advance)


def _image_columns(image: Image) -> dict[str, bytes]:
    """Return the columns that every image shares."""
    renditions = {
        f"{size}_{part}": value
        for size, rendition in image.renditions.items()
        for part, value in (("key", bytes.fromhex(rendition.key.value)), ("type", rendition.content_type.encode()))
    }
    return renditions | {
        "width": image.width.to_bytes(4),
        "height": image.height.to_bytes(4),
        "content_type": image.content_type.encode(),
        "placeholder": image.placeholder.encode(),
    }
