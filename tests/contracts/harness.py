"""The harness of the storage contracts: the ports, and builders of test data.

A binding overrides the fixture `harness` with an empty storage.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from domain.blobs import BlobKey
from domain.comments import Comment
from domain.follows import FollowResult
from domain.ids import CommentId, ImageId, NotificationId, PostId, TokenId, UserId
from domain.images import Image, Rendition, Size
from domain.likes import LikeState
from domain.posts import Post, Visibility
from domain.storage import Storage, StorageBounds
from domain.tokens import Token, token_hash
from domain.understanding import Task, Understanding
from domain.users import User

BEGINNING = datetime(2026, 3, 1, 12, tzinfo=UTC)
NO_LIMIT = 1_000
MAX_DEPTH = 60
"""Through a ranking."""
MAX_SNAPSHOTS = 10
"""Through rankings at once."""
MAX_SEARCHED_POSTS = 30
"""Posts with the words that are ranked."""
BOUNDS = StorageBounds(MAX_DEPTH, MAX_SNAPSHOTS, MAX_SEARCHED_POSTS)


def at(seconds: float) -> datetime:
    """The time at this distance from the start."""
    return BEGINNING + timedelta(seconds=seconds)


@dataclass
class StorageHarness:
    """Ids increase. An object made without a time is one second newer than the one before."""

    storage: Storage
    _serial: Iterator[int] = field(default_factory=lambda: count(1))

    def new_id(self) -> UUID:
        """A UUIDv7, greater than all before."""
        serial = next(self._serial)
        return UUID(int=serial << 80 | 7 << 76 | 2 << 62 | serial)

    def now(self) -> datetime:
        return at(next(self._serial))

    def new_user(self, name: str, **fields: Any) -> User:
        """A user that is not stored yet."""
        given = {"email": f"{name}@example.org", "password_hash": "hash", "display_name": name.title(), **fields}
        return User(id=UserId(self.new_id()), username=name, created_at=self.now(), **given)

    async def add_user(self, name: str, **fields: Any) -> User:
        user = self.new_user(name, **fields)
        async with self.storage.begin() as uow:
            await uow.users.add(user, user.created_at)
            await uow.commit()
        return user

    def new_image(self, owner: User, original: bytes | None = None) -> Image:
        """An image that is not stored yet, with both tasks due at once."""
        image_id, now = ImageId(self.new_id()), self.now()
        name = image_id.hex.encode()
        return Image(
            id=image_id,
            owner_id=owner.id,
            original=BlobKey.of(original or name),
            width=640,
            height=480,
            content_type="image/png",
            renditions={size: Rendition(BlobKey.of(name + size.encode()), "image/jpeg") for size in Size},
            placeholder="1QcSHQRnh493V4dIh4eXh1h4kJUI",
            created_at=now,
            understanding={task: Understanding(image_id, task).schedule(now) for task in Task},
        )

    async def add_image(self, owner: User, original: bytes | None = None) -> Image:
        image = self.new_image(owner, original)
        async with self.storage.begin() as uow:
            await uow.images.add(image)
            await uow.commit()
        return image

    async def add_post(
        self, author: User, *images: Image, at: datetime | None = None, text: str = "", private: bool = False
    ) -> Post:
        """A post of these images, or of a new one; `private` restricts it to followers."""
        image_ids = tuple(image.id for image in images or [await self.add_image(author)])
        visibility = Visibility.FOLLOWERS if private else Visibility.PUBLIC
        post = Post(PostId(self.new_id()), author.id, text, image_ids, at or self.now(), visibility)
        async with self.storage.begin() as uow:
            await uow.posts.add(post)
            await uow.images.attach(image_ids, author.id, post.id)
            await uow.search_index.refresh(post.id)
            await uow.commit()
        return post

    async def add_posts(self, author: User, number: int) -> list[Post]:
        """Posts, newest last."""
        return [await self.add_post(author) for _ in range(number)]

    async def delete_post(self, post: Post) -> None:
        async with self.storage.begin() as uow:
            await uow.posts.delete(post.id)
            await uow.commit()

    async def delete_user(self, user: User, reserved_until: datetime = BEGINNING) -> None:
        async with self.storage.begin() as uow:
            await uow.users.delete(user.id, reserved_until)
            await uow.commit()

    async def like(self, post: Post, user: User, at: datetime | None = None) -> LikeState | None:
        return await self.storage.likes.add(post.id, user.id, at or self.now(), NotificationId(self.new_id()))

    async def unlike(self, post: Post, user: User) -> LikeState | None:
        return await self.storage.likes.remove(post.id, user.id)

    async def follow(self, follower: User, followee: User, limit: int = NO_LIMIT) -> FollowResult:
        async with self.storage.begin() as uow:
            followed = await uow.follows.add(follower.id, followee.id, self.now(), limit)
            await uow.commit()
        return followed

    async def unfollow(self, follower: User, followee: User) -> bool:
        async with self.storage.begin() as uow:
            gone = await uow.follows.remove(follower.id, followee.id)
            await uow.commit()
        return gone

    async def accept(self, follower: User, followee: User) -> bool:
        async with self.storage.begin() as uow:
            done = await uow.follows.accept(follower.id, followee.id, self.now())
            await uow.commit()
        return done

    async def refuse(self, follower: User, followee: User) -> bool:
        async with self.storage.begin() as uow:
            done = await uow.follows.refuse(follower.id, followee.id)
            await uow.commit()
        return done

    async def block(self, blocker: User, blocked: User) -> bool:
        async with self.storage.begin() as uow:
            done = await uow.blocks.add(blocker.id, blocked.id, self.now())
            await uow.commit()
        return done

    async def unblock(self, blocker: User, blocked: User) -> bool:
        async with self.storage.begin() as uow:
            done = await uow.blocks.remove(blocker.id, blocked.id)
            await uow.commit()
        return done

    async def mute(self, muter: User, muted: User) -> bool:
        async with self.storage.begin() as uow:
            done = await uow.mutes.add(muter.id, muted.id, self.now())
            await uow.commit()
        return done

    async def unmute(self, muter: User, muted: User) -> bool:
        async with self.storage.begin() as uow:
            done = await uow.mutes.remove(muter.id, muted.id)
            await uow.commit()
        return done

    async def set_private(self, user: User, *, private: bool = True) -> None:
        async with self.storage.begin() as uow:
            await uow.users.set_privacy(user.id, self.now(), private=private)
            await uow.commit()

    async def add_comment(self, post: Post, author: User, text: str = "well seen") -> Comment:
        async with self.storage.begin() as uow:
            await uow.posts.get(post.id)
            comment = Comment(CommentId(self.new_id()), post.id, author.id, text, self.now())
            await uow.comments.add(comment)
            await uow.commit()
        return comment

    async def delete_comment(self, comment: Comment) -> None:
        async with self.storage.begin() as uow:
            await uow.comments.delete(comment.id)
            await uow.commit()

    async def add_token(self, user: User, secret: str, expires_at: datetime | None = None, **fields: Any) -> Token:
        created = self.now()
        token = Token(
            TokenId(self.new_id()),
            user.id,
            token_hash(secret),
            created,
            expires_at or created + timedelta(days=30),
            **fields,
        )
        async with self.storage.begin() as uow:
            await uow.tokens.add(token)
            await uow.commit()
        return token

    async def read_user(self, user: User) -> User:
        """The stored user."""
        profile = await self.storage.user_reader.by_username(user.username, None)
        assert profile is not None
        return profile.user

    async def read_post(self, post: Post) -> Post:
        """The stored post."""
        view = await self.storage.post_reader.by_id(post.id, UserId(post.author_id))
        assert view is not None
        return view.post
