from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.text_source import TextSource

T = TypeVar("T", bound="AltTextSuggestion")


@_attrs_define
class AltTextSuggestion:
    """
    Attributes:
        text (str):
        source (TextSource): The origin of a text.
        model (None | str):
        prompt_version (None | str):
    """

    text: str
    source: TextSource
    model: None | str
    prompt_version: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        source = self.source.value

        model: None | str
        model = self.model

        prompt_version: None | str
        prompt_version = self.prompt_version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "text": text,
                "source": source,
                "model": model,
                "prompt_version": prompt_version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        source = TextSource(d.pop("source"))

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        def _parse_prompt_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        prompt_version = _parse_prompt_version(d.pop("prompt_version"))

        alt_text_suggestion = cls(
            text=text,
            source=source,
            model=model,
            prompt_version=prompt_version,
        )

        alt_text_suggestion.additional_properties = d
        return alt_text_suggestion

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
