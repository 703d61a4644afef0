from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.factor_challenge_create_kind import FactorChallengeCreateKind

T = TypeVar("T", bound="FactorChallengeCreate")


@_attrs_define
class FactorChallengeCreate:
    """
    Attributes:
        kind (FactorChallengeCreateKind):
    """

    kind: FactorChallengeCreateKind

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = FactorChallengeCreateKind(d.pop("kind"))

        factor_challenge_create = cls(
            kind=kind,
        )

        return factor_challenge_create
