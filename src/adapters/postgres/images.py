from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.postgres.database import Connection
from adapters.postgres.decision_effects import apply_effects
from adapters.postgres.duplicates import to_signed
from adapters.postgres.errors import translate_errors
from adapters.postgres.image_json import image_json, read_image
from adapters.postgres.row_statements import insert_row, insert_rows, update_row
from adapters.postgres.rows import understanding_columns
from domain.effects import Target, TargetKind
from domain.ids import ImageId, PostId, UserId
from domain.image_use import require_attachable, require_deletable
from domain.images import Image, Images, Size
from domain.vision import Label, Verdict


class PostgresImages(Images):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, image: Image) -> None:
        with translate_errors():
            await insert_row(self._connection, "images", _columns(image))
        rows = [understanding_columns(row) for row in image.understanding.values()]
        await insert_rows(self._connection, "understandings", rows)

    async def get(self, image_id: ImageId) -> Image | None:
        return (await self.get_all([image_id])).get(image_id)

    async def get_all(self, image_ids: Sequence[ImageId]) -> Mapping[ImageId, Image]:
        while True:  # repeat if an image was published between the two locks
            await self._connection.execute("savepoint before_locks")
            posts = {row["id"] for row in await self._connection.fetch(_LOCK_POSTS, image_ids)}
            images = [read_image(row["image"]) for row in await self._connection.fetch(_GET, image_ids)]
            settled = all(image.post_id is None or image.post_id in posts for image in images)
            await self._connection.execute(f"{'release' if settled else 'rollback to'} savepoint before_locks")
            if settled:
                return {image.id: image for image in images}

    async def _get(self, image_id: ImageId) -> Image | None:
        rows = await self._connection.fetch(_GET, [image_id])
        return read_image(rows[0]["image"]) if rows else None

    async def is_owned(self, image_id: ImageId, owner_id: UserId) -> bool:
        return await self._connection.fetchrow(_IS_OWNED, image_id, owner_id) is not None

    async def attach(self, image_ids: Sequence[ImageId], owner_id: UserId, post_id: PostId) -> None:
        rows = await self._connection.fetch(_LOCK_OWN, list(image_ids), owner_id)
        require_attachable(image_ids, {row["id"]: row["post_id"] for row in rows})
        await self._connection.execute(_ATTACH, list(image_ids), post_id)
        if any(row["quarantined"] for row in rows):
            await apply_effects(self._connection, Target(TargetKind.POST, post_id))

    async def save_description(self, image: Image) -> None:
        await update_row(self._connection, "images", {"id": image.id}, _description(image))

    async def save_labels(self, labels: Mapping[ImageId, Sequence[Label]]) -> None:
        present = await self._connection.fetch(_LOCK, list(labels))
        await self._connection.execute(_DELETE_LABELS, list(labels))
        rows = [
            _label_columns(row["id"], position, label)
            for row in present
            for position, label in enumerate(labels[row["id"]])
        ]
        await insert_rows(self._connection, "image_labels", rows)

    async def save_verdict(self, image_id: ImageId, label: Label, verdict: Verdict) -> None:
        await self._connection.execute(_SAVE_VERDICT, image_id, label.key, label.name, verdict.value)

    async def delete(self, image_id: ImageId) -> None:
        await self._connection.execute(_LOCK_OWNER, image_id)  # this user may have the image as avatar
        require_deletable(await self._get(image_id))
        await self._delete(image_id)

    async def delete_from_post(self, image_id: ImageId) -> None:
        post_id = await self._connection.fetchval(_LOCK_POST, image_id)
        await self._connection.execute(_LOCK_OWNER, image_id)
        await self._delete(image_id)
        if post_id is not None:  # it may have been hidden because of this image
            await apply_effects(self._connection, Target(TargetKind.POST, post_id))

    async def _delete(self, image_id: ImageId) -> None:
        # Foreign keys delete labels, verdicts and understanding, and reset avatars.
        await self._connection.execute(_DELETE, image_id)

    async def delete_unposted(self, before: datetime, limit: int) -> int:
        return int(await self._connection.fetchval(_DELETE_UNPOSTED, before, limit))


# images_pkey, image_labels_pkey
_LOCK = "select id from images where id = any($1::uuid[]) order by id for no key update"
_DELETE = "delete from images where id = $1"
_DELETE_LABELS = "delete from image_labels where image_id = any($1::uuid[])"

# images_pkey, users_pkey
_LOCK_OWNER = """
select from users where id = (select owner_id from images where id = $1) for no key update"""

# images_pkey, posts_pkey
_LOCK_POST = """
select id from posts where id = (select post_id from images where id = $1) for no key update"""

# images_pkey
_LOCK_OWN = """
select id, post_id, quarantined from images where id = any($1::uuid[]) and owner_id = $2
order by id for no key update"""

_IS_OWNED = "select from images where id = $1 and owner_id = $2 for key share"

# images_pkey
_GET = f"""
select {image_json("i")}::text as image from images i where i.id = any($1::uuid[])
order by i.id for no key update of i"""

# images_pkey, posts_pkey
_LOCK_POSTS = """
select id from posts where id in (select post_id from images where id = any($1::uuid[]))
order by id for no key update"""

_ATTACH = """
update images set post_id = $2, position = (ordered.ordinality - 1)::smallint
from unnest($1::uuid[]) with ordinality as ordered (id, ordinality)
where images.id = ordered.id
"""


# images_pkey, label_verdicts_pkey
_SAVE_VERDICT = """
insert into label_verdicts (image_id, key, name, verdict)
select id, $2, $3, $4 from images where id = $1 for key share
on conflict (image_id, key) do update set name = excluded.name, verdict = excluded.verdict
"""


# images_unposted_idx, users_avatar_image_id_idx
_DELETE_UNPOSTED = """
with gone as (
 delete from images where id in (
  select id from images
  where post_id is null and created_at < $1 and not quarantined
   and not exists (select from users where avatar_image_id = images.id)
  order by created_at limit $2 for update skip locked)
 returning 1)
select count(*) from gone
"""


def _columns(image: Image) -> dict[str, Any]:
    renditions = {
        column: value
        for size in Size
        for column, value in (
            (f"{size}_key", bytes.fromhex(image.renditions[size].key.value)),
            (f"{size}_type", image.renditions[size].content_type),
        )
    }
    return {
        "id": image.id,
        "owner_id": image.owner_id,
        "original": bytes.fromhex(image.original.value),
        "width": image.width,
        "height": image.height,
        "content_type": image.content_type,
        "placeholder": image.placeholder,
        "fingerprint": None if image.fingerprint is None else to_signed(image.fingerprint),
        "created_at": image.created_at,
        **renditions,
        **_description(image),
    }


def _description(image: Image) -> dict[str, Any]:
    alt_text, suggestion, tags = image.alt_text, image.suggestion, image.model_tags
    return {
        "alt_text": alt_text.text if alt_text else None,
        "alt_text_source": alt_text.source.value if alt_text else None,
        "alt_text_model": alt_text.model if alt_text else None,
        "suggestion": suggestion.text if suggestion else None,
        "suggestion_source": suggestion.source.value if suggestion else None,
        "suggestion_model": suggestion.model if suggestion else None,
        "suggestion_prompt_version": suggestion.prompt_version if suggestion else None,
        "said_tags": list(tags.tags) if tags else None,
        "said_tags_model": tags.model if tags else None,
        "said_tags_prompt_version": tags.prompt_version if tags else None,
    }


def _label_columns(image_id: ImageId, position: int, label: Label) -> dict[str, Any]:
    return {
        "image_id": image_id,
        "position": position,
        "key": label.key,
        "name": label.name,
        "class_index": label.class_index,
        "score": label.score,
        "tags": list(label.tags),
    }
