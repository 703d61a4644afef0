from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.alt_text import AltText
    from ..models.alt_text_suggestion import AltTextSuggestion
    from ..models.duplicate import Duplicate
    from ..models.image_urls import ImageUrls
    from ..models.label import Label
    from ..models.understanding import Understanding


T = TypeVar("T", bound="Image")


@_attrs_define
class Image:
    """
    Attributes:
        id (str):
        width (int):
        height (int):
        content_type (str): of the upload
        urls (ImageUrls): Paths on this host.
        placeholder (str): thumbhash in base64
        alt_text (AltText | None):
        alt_text_suggestion (AltTextSuggestion | None): for the owner only
        labels (list[Label]): may be empty; the owner alone sees labels with the verdict `wrong`
        duplicates (list[Duplicate]): for the owner only; images that the owner may see
        understanding (Understanding):
        quarantined (bool): whether no address serves the image: it matches a list of known images, or is not screened
            yet
        created_at (datetime.datetime):
    """

    id: str
    width: int
    height: int
    content_type: str
    urls: ImageUrls
    placeholder: str
    alt_text: AltText | None
    alt_text_suggestion: AltTextSuggestion | None
    labels: list[Label]
    duplicates: list[Duplicate]
    understanding: Understanding
    quarantined: bool
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.alt_text import AltText  # noqa: PLC0415
        from ..models.alt_text_suggestion import AltTextSuggestion  # noqa: PLC0415

        id = self.id

        width = self.width

        height = self.height

        content_type = self.content_type

        urls = self.urls.to_dict()

        placeholder = self.placeholder

        alt_text: dict[str, Any] | None
        if isinstance(self.alt_text, AltText):
            alt_text = self.alt_text.to_dict()
        else:
            alt_text = self.alt_text

        alt_text_suggestion: dict[str, Any] | None
        if isinstance(self.alt_text_suggestion, AltTextSuggestion):
            alt_text_suggestion = self.alt_text_suggestion.to_dict()
        else:
            alt_text_suggestion = self.alt_text_suggestion

        labels = []
        for labels_item_data in self.labels:
            labels_item = labels_item_data.to_dict()
            labels.append(labels_item)

        duplicates = []
        for duplicates_item_data in self.duplicates:
            duplicates_item = duplicates_item_data.to_dict()
            duplicates.append(duplicates_item)

        understanding = self.understanding.to_dict()

        quarantined = self.quarantined

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "width": width,
                "height": height,
                "content_type": content_type,
                "urls": urls,
                "placeholder": placeholder,
                "alt_text": alt_text,
                "alt_text_suggestion": alt_text_suggestion,
                "labels": labels,
                "duplicates": duplicates,
                "understanding": understanding,
                "quarantined": quarantined,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.alt_text import AltText  # noqa: PLC0415
        from ..models.alt_text_suggestion import AltTextSuggestion  # noqa: PLC0415
        from ..models.duplicate import Duplicate  # noqa: PLC0415
        from ..models.image_urls import ImageUrls  # noqa: PLC0415
        from ..models.label import Label  # noqa: PLC0415
        from ..models.understanding import Understanding  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        width = d.pop("width")

        height = d.pop("height")

        content_type = d.pop("content_type")

        urls = ImageUrls.from_dict(d.pop("urls"))

        placeholder = d.pop("placeholder")

        def _parse_alt_text(data: object) -> AltText | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                alt_text_type_0 = AltText.from_dict(data)

                return alt_text_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AltText | None, data)

        alt_text = _parse_alt_text(d.pop("alt_text"))

        def _parse_alt_text_suggestion(data: object) -> AltTextSuggestion | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                alt_text_suggestion_type_0 = AltTextSuggestion.from_dict(data)

                return alt_text_suggestion_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AltTextSuggestion | None, data)

        alt_text_suggestion = _parse_alt_text_suggestion(d.pop("alt_text_suggestion"))

        labels = []
        _labels = d.pop("labels")
        for labels_item_data in _labels:
            labels_item = Label.from_dict(labels_item_data)

            labels.append(labels_item)

        duplicates = []
        _duplicates = d.pop("duplicates")
        for duplicates_item_data in _duplicates:
            duplicates_item = Duplicate.from_dict(duplicates_item_data)

            duplicates.append(duplicates_item)

        understanding = Understanding.from_dict(d.pop("understanding"))

        quarantined = d.pop("quarantined")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        image = cls(
            id=id,
            width=width,
            height=height,
            content_type=content_type,
            urls=urls,
            placeholder=placeholder,
            alt_text=alt_text,
            alt_text_suggestion=alt_text_suggestion,
            labels=labels,
            duplicates=duplicates,
            understanding=understanding,
            quarantined=quarantined,
            created_at=created_at,
        )

        image.additional_properties = d
        return image

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
