"""Writes the archive of an account: the files of Mastodon, and `tintype.json` with everything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.ids import UserId
from domain.images import Image
from domain.services.exporting import ExportedAccount, Exporting
from entrypoints.archives import activity_json, tintype_json
from entrypoints.archives.writing import ArchiveWriter, JsonFile, create_archive

Advance = Callable[[], None]


@dataclass
class ExportSummary:
    """What was written. `missing` counts images whose files were left out."""

    posts: int = 0
    images: int = 0
    missing: int = 0


class AccountExport:
    def __init__(self, exporting: Exporting, user_id: UserId, server: str, now: datetime, advance: Advance) -> None:
        self._exporting = exporting
        self._user_id = user_id
        self._server = server
        self._now = now
        self._advance = advance
        self.summary = ExportSummary()

    async def write(self, path: Path) -> None:
        """Write the archive to a new file. Raises `UserNotFound`, `Conflict`, `Invalid`."""
        account = await self._exporting.account(self._user_id)
        with create_archive(path) as writer:
            await self._write(writer, account)

    async def _write(self, writer: ArchiveWriter, account: ExportedAccount) -> None:
        addresses = activity_json.ActivityAddresses(self._server, account.profile.user.username)
        everything, outbox, actor = JsonFile(), JsonFile(), JsonFile()
        avatar_file = await self._add_avatar(writer, account.avatar)
        everything.add(tintype_json.head_shape(self._now, self._server))
        everything.add({"account": tintype_json.account_shape(account, avatar_file)})
        actor.add(activity_json.actor_shape(account, addresses, avatar_file))
        outbox.add({"@context": activity_json.CONTEXT, "id": "outbox.json", "type": "OrderedCollection"})
        with everything.entries("posts") as posts, outbox.entries("orderedItems") as activities:
            async for view in self._exporting.posts(self._user_id):
                files = {str(image.id): await self._add_image(writer, image) for image in view.images}
                posts.append(tintype_json.post_shape(view, files))
                activities.append(activity_json.create_shape(view, addresses, files))
                self.summary.posts += 1
                self._advance()
        outbox.add({"totalItems": self.summary.posts})
        likes = await self._write_relations(everything, addresses)
        for name, content in (("actor", actor), ("outbox", outbox), ("likes", likes), ("tintype", everything)):
            writer.add_json(f"{name}.json", content)

    async def _write_relations(self, everything: JsonFile, addresses: activity_json.ActivityAddresses) -> JsonFile:
        """Add the lists beside the posts. Return `likes.json`."""
        likes = JsonFile()
        likes.add({"@context": activity_json.CONTEXT, "id": "likes.json", "type": "OrderedCollection"})
        with everything.entries("comments") as comments:
            async for comment in self._exporting.comments(self._user_id):
                post = await self._exporting.post(comment.post_id, self._user_id)
                comments.append(tintype_json.comment_shape(comment, post.author if post else None))
        with everything.entries("likes") as liked, likes.entries("orderedItems") as addresses_of_liked:
            async for view in self._exporting.liked(self._user_id):
                liked.append(tintype_json.like_shape(view))
                addresses_of_liked.append(addresses.post(view))
        likes.add({"totalItems": addresses_of_liked.count})
        for name in ("following", "followers", "blocked", "muted"):
            with everything.entries(name) as people:
                async for profile in getattr(self._exporting, name)(self._user_id):
                    people.append(tintype_json.person_shape(profile))
        return likes

    async def _add_avatar(self, writer: ArchiveWriter, avatar: Image | None) -> str | None:
        """Add an avatar that is in no post; one in a post is added with it."""
        if avatar is None:
            return None
        if avatar.post_id is not None:
            return None if avatar.quarantined else tintype_json.file_name(avatar)
        return await self._add_image(writer, avatar)

    async def _add_image(self, writer: ArchiveWriter, image: Image) -> str | None:
        content = await self._exporting.original(image)
        if content is None:
            self.summary.missing += 1
            return None
        writer.add_image(name := tintype_json.file_name(image), content)
        self.summary.images += 1
        return name
