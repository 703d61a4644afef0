from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.visibility import Visibility

if TYPE_CHECKING:
    from ..models.byline import Byline
    from ..models.image import Image
    from ..models.post_viewer import PostViewer


T = TypeVar("T", bound="Post")


@_attrs_define
class Post:
    """
    Attributes:
        id (str):
        author (Byline): The author of a post or comment, in short form.
        text (str):
        images (list[Image]):
        like_count (int):
        comment_count (int):
        visibility (Visibility):
        audience (Visibility):
        viewer (None | PostViewer): null when nobody is signed in
        created_at (datetime.datetime):
        edited_at (datetime.datetime | None):
        sensitive (bool): the images are covered until the reader uncovers them
        warning (None | str): the author's words about why the post is sensitive
        hidden (bool): a decision hides the post for all but its author and moderators
    """

    id: str
    author: Byline
    text: str
    images: list[Image]
    like_count: int
    comment_count: int
    visibility: Visibility
    audience: Visibility
    viewer: None | PostViewer
    created_at: datetime.datetime
    edited_at: datetime.datetime | None
    sensitive: bool
    warning: None | str
    hidden: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.post_viewer import PostViewer  # noqa: PLC0415

        id = self.id

        author = self.author.to_dict()

        text = self.text

        images = []
        for images_item_data in self.images:
            images_item = images_item_data.to_dict()
            images.append(images_item)

        like_count = self.like_count

        comment_count = self.comment_count

        visibility = self.visibility.value

        audience = self.audience.value

        viewer: dict[str, Any] | None
        if isinstance(self.viewer, PostViewer):
            viewer = self.viewer.to_dict()
        else:
            viewer = self.viewer

        created_at = self.created_at.isoformat()

        edited_at: None | str
        if isinstance(self.edited_at, datetime.datetime):
            edited_at = self.edited_at.isoformat()
        else:
            edited_at = self.edited_at

        sensitive = self.sensitive

        warning: None | str
        warning = self.warning

        hidden = self.hidden

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "author": author,
                "text": text,
                "images": images,
                "like_count": like_count,
                "comment_count": comment_count,
                "visibility": visibility,
                "audience": audience,
                "viewer": viewer,
                "created_at": created_at,
                "edited_at": edited_at,
                "sensitive": sensitive,
                "warning": warning,
                "hidden": hidden,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.byline import Byline  # noqa: PLC0415
        from ..models.image import Image  # noqa: PLC0415
        from ..models.post_viewer import PostViewer  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        author = Byline.from_dict(d.pop("author"))

        text = d.pop("text")

        images = []
        _images = d.pop("images")
        for images_item_data in _images:
            images_item = Image.from_dict(images_item_data)

            images.append(images_item)

        like_count = d.pop("like_count")

        comment_count = d.pop("comment_count")

        visibility = Visibility(d.pop("visibility"))

        audience = Visibility(d.pop("audience"))

        def _parse_viewer(data: object) -> None | PostViewer:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                viewer_type_0 = PostViewer.from_dict(data)

                return viewer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PostViewer, data)

        viewer = _parse_viewer(d.pop("viewer"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_edited_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                edited_at_type_0 = datetime.datetime.fromisoformat(data)

                return edited_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        edited_at = _parse_edited_at(d.pop("edited_at"))

        sensitive = d.pop("sensitive")

        def _parse_warning(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        warning = _parse_warning(d.pop("warning"))

        hidden = d.pop("hidden")

        post = cls(
            id=id,
            author=author,
            text=text,
            images=images,
            like_count=like_count,
            comment_count=comment_count,
            visibility=visibility,
            audience=audience,
            viewer=viewer,
            created_at=created_at,
            edited_at=edited_at,
            sensitive=sensitive,
            warning=warning,
            hidden=hidden,
        )

        post.additional_properties = d
        return post

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
