from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SensitiveMediaScore")


@_attrs_define
class SensitiveMediaScore:
    """A detector's score of an image, for its owner only. It leads to a question and changes nothing else.

    Attributes:
        pending (bool): whether a detector will rate the image
        score (float | None): 0-1; null without a result, which does not mean harmless
        model (None | str):
        scored_at (datetime.datetime | None):
        question (bool): whether the owner is asked: is the post to be marked as sensitive?
        sensitive (bool | None): the owner's answer
        answered_at (datetime.datetime | None):
    """

    pending: bool
    score: float | None
    model: None | str
    scored_at: datetime.datetime | None
    question: bool
    sensitive: bool | None
    answered_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        pending = self.pending

        score: float | None
        score = self.score

        model: None | str
        model = self.model

        scored_at: None | str
        if isinstance(self.scored_at, datetime.datetime):
            scored_at = self.scored_at.isoformat()
        else:
            scored_at = self.scored_at

        question = self.question

        sensitive: bool | None
        sensitive = self.sensitive

        answered_at: None | str
        if isinstance(self.answered_at, datetime.datetime):
            answered_at = self.answered_at.isoformat()
        else:
            answered_at = self.answered_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "pending": pending,
                "score": score,
                "model": model,
                "scored_at": scored_at,
                "question": question,
                "sensitive": sensitive,
                "answered_at": answered_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pending = d.pop("pending")

        def _parse_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        score = _parse_score(d.pop("score"))

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        def _parse_scored_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                scored_at_type_0 = datetime.datetime.fromisoformat(data)

                return scored_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        scored_at = _parse_scored_at(d.pop("scored_at"))

        question = d.pop("question")

        def _parse_sensitive(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        sensitive = _parse_sensitive(d.pop("sensitive"))

        def _parse_answered_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                answered_at_type_0 = datetime.datetime.fromisoformat(data)

                return answered_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        answered_at = _parse_answered_at(d.pop("answered_at"))

        sensitive_media_score = cls(
            pending=pending,
            score=score,
            model=model,
            scored_at=scored_at,
            question=question,
            sensitive=sensitive,
            answered_at=answered_at,
        )

        sensitive_media_score.additional_properties = d
        return sensitive_media_score

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
