from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.comment import Comment
    from ..models.image import Image
    from ..models.moderator_decision import ModeratorDecision
    from ..models.post import Post
    from ..models.report_group import ReportGroup
    from ..models.similar_post import SimilarPost
    from ..models.user import User


T = TypeVar("T", bound="ReportContext")


@_attrs_define
class ReportContext:
    """A group of reports with its target as the owner sees it; null where it is gone or of another kind.

    Attributes:
        group (ReportGroup): The open reports about one target.
        user (None | User):
        post (None | Post):
        comment (Comment | None):
        image (Image | None):
        similar (list[SimilarPost]):
        history (list[ModeratorDecision]): the newest decisions about the user
    """

    group: ReportGroup
    user: None | User
    post: None | Post
    comment: Comment | None
    image: Image | None
    similar: list[SimilarPost]
    history: list[ModeratorDecision]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.comment import Comment  # noqa: PLC0415
        from ..models.image import Image  # noqa: PLC0415
        from ..models.post import Post  # noqa: PLC0415
        from ..models.user import User  # noqa: PLC0415

        group = self.group.to_dict()

        user: dict[str, Any] | None
        if isinstance(self.user, User):
            user = self.user.to_dict()
        else:
            user = self.user

        post: dict[str, Any] | None
        if isinstance(self.post, Post):
            post = self.post.to_dict()
        else:
            post = self.post

        comment: dict[str, Any] | None
        if isinstance(self.comment, Comment):
            comment = self.comment.to_dict()
        else:
            comment = self.comment

        image: dict[str, Any] | None
        if isinstance(self.image, Image):
            image = self.image.to_dict()
        else:
            image = self.image

        similar = []
        for similar_item_data in self.similar:
            similar_item = similar_item_data.to_dict()
            similar.append(similar_item)

        history = []
        for history_item_data in self.history:
            history_item = history_item_data.to_dict()
            history.append(history_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "group": group,
                "user": user,
                "post": post,
                "comment": comment,
                "image": image,
                "similar": similar,
                "history": history,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.comment import Comment  # noqa: PLC0415
        from ..models.image import Image  # noqa: PLC0415
        from ..models.moderator_decision import ModeratorDecision  # noqa: PLC0415
        from ..models.post import Post  # noqa: PLC0415
        from ..models.report_group import ReportGroup  # noqa: PLC0415
        from ..models.similar_post import SimilarPost  # noqa: PLC0415
        from ..models.user import User  # noqa: PLC0415

        d = dict(src_dict)
        group = ReportGroup.from_dict(d.pop("group"))

        def _parse_user(data: object) -> None | User:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                user_type_0 = User.from_dict(data)

                return user_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | User, data)

        user = _parse_user(d.pop("user"))

        def _parse_post(data: object) -> None | Post:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                post_type_0 = Post.from_dict(data)

                return post_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Post, data)

        post = _parse_post(d.pop("post"))

        def _parse_comment(data: object) -> Comment | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                comment_type_0 = Comment.from_dict(data)

                return comment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Comment | None, data)

        comment = _parse_comment(d.pop("comment"))

        def _parse_image(data: object) -> Image | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                image_type_0 = Image.from_dict(data)

                return image_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Image | None, data)

        image = _parse_image(d.pop("image"))

        similar = []
        _similar = d.pop("similar")
        for similar_item_data in _similar:
            similar_item = SimilarPost.from_dict(similar_item_data)

            similar.append(similar_item)

        history = []
        _history = d.pop("history")
        for history_item_data in _history:
            history_item = ModeratorDecision.from_dict(history_item_data)

            history.append(history_item)

        report_context = cls(
            group=group,
            user=user,
            post=post,
            comment=comment,
            image=image,
            similar=similar,
            history=history,
        )

        report_context.additional_properties = d
        return report_context

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
