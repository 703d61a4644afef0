"""Images as JSON: PostgreSQL writes the shape of `domain.images.Image`, and msgspec reads it."""

from typing import Final

import msgspec

from adapters.postgres.visibility import can_view_image
from domain.images import Image, Size

_IMAGE: Final = msgspec.json.Decoder(Image)
_IMAGES: Final = msgspec.json.Decoder(tuple[Image, ...])
_COLUMNS = ["id", "owner_id", "post_id", "width", "height", "content_type", "placeholder", "created_at", "quarantined"]


def image_json(alias: str, viewer: str | None = None) -> str:
    """Return an SQL expression over the row of images called `alias`. If `viewer` is given, fields that only the owner
    sees (`Image.redact_for`) are read for the owner only, apart from errors and verdicts. Reads image_labels_pkey,
    label_verdicts_pkey and understandings_pkey."""
    # duplicates_pkey, images_pkey: few images have duplicates
    duplicates = f"""(select coalesce(json_agg(json_build_object('image_id', d.other_id, 'kind', d.kind,
      'distance', d.distance) order by d.kind, d.distance, d.other_id), '[]')
    from duplicates d join images o on o.id = d.other_id
    where d.image_id = {alias}.id and {can_view_image("o", f"{alias}.owner_id")})"""
    is_read = "true" if viewer is None else f"{alias}.owner_id = {viewer}"
    plain = ", ".join(f"'{name}', {alias}.{name}" for name in _COLUMNS)
    renditions = ", ".join(
        f"'{size}', json_build_object('key', {_key(f'{alias}.{size}_key')}, 'content_type', {alias}.{size}_type)"
        for size in Size
    )
    return f"""json_build_object({plain},
  'original', {_key(f"{alias}.original")},
  'renditions', json_build_object({renditions}),
  'fingerprint', case when {is_read} then {alias}.fingerprint
    + case when {alias}.fingerprint < 0 then 18446744073709551616 else 0 end end,
  'alt_text', {
        _unless_null(f"{alias}.alt_text", alias, text="alt_text", source="alt_text_source", model="alt_text_model")
    },
  'suggestion', {
        _unless_null(
            f"case when {is_read} then {alias}.suggestion end",
            alias,
            text="suggestion",
            source="suggestion_source",
            model="suggestion_model",
            prompt_version="suggestion_prompt_version",
        )
    },
  'model_tags', {
        _unless_null(
            f"case when {is_read} then {alias}.said_tags end",
            alias,
            tags="said_tags",
            model="said_tags_model",
            prompt_version="said_tags_prompt_version",
        )
    },
  'labels', (select coalesce(json_agg(to_json(l) order by l.position), '[]')
             from (select labels.*, verdicts.verdict from image_labels as labels
                   left join label_verdicts as verdicts
                   on verdicts.image_id = labels.image_id and verdicts.key = labels.key
                   where labels.image_id = {alias}.id) as l),
  'duplicates', case when {is_read} then {duplicates} else '[]' end,
  'understanding', (select coalesce(json_object_agg(t.task, to_json(t) order by t.task), '{{}}')
                    from understandings t where t.image_id = {alias}.id))"""


def read_image(json: str) -> Image:
    """Return the image from the text of `image_json`."""
    return _IMAGE.decode(json)


def read_images(json: str) -> tuple[Image, ...]:
    """Return the images from the text of an array of `image_json`."""
    return _IMAGES.decode(json)


def _key(column: str) -> str:
    """Return SQL for a `BlobKey`."""
    return f"json_build_object('value', encode({column}, 'hex'))"


def _unless_null(condition: str, alias: str, **columns: str) -> str:
    """Return SQL for an object with the fields `columns`, or null where `condition` is null."""
    fields = ", ".join(f"'{field}', {alias}.{name}" for field, name in columns.items())
    return f"case when {condition} is not null then json_build_object({fields}) end"
