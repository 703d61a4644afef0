from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.effect import Effect
from ..models.target_kind import TargetKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="DecisionCreate")


@_attrs_define
class DecisionCreate:
    """
    Attributes:
        kind (TargetKind):
        id (str):
        rule (str): the rule that was broken, 1-100 characters
        reason (str): what the user is told, 1-1,000 characters
        effect (Effect): `NONE` dismisses reports and ends an earlier effect. Every decision replaces the earlier one
            about its target.
            `QUARANTINE` is the service's own: the image matches a list of known images.
        until (datetime.datetime | None | Unset): when the effect ends; null: never
    """

    kind: TargetKind
    id: str
    rule: str
    reason: str
    effect: Effect
    until: datetime.datetime | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        id = self.id

        rule = self.rule

        reason = self.reason

        effect = self.effect.value

        until: None | str | Unset
        if isinstance(self.until, Unset):
            until = UNSET
        elif isinstance(self.until, datetime.datetime):
            until = self.until.isoformat()
        else:
            until = self.until

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "id": id,
                "rule": rule,
                "reason": reason,
                "effect": effect,
            }
        )
        if until is not UNSET:
            field_dict["until"] = until

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = TargetKind(d.pop("kind"))

        id = d.pop("id")

        rule = d.pop("rule")

        reason = d.pop("reason")

        effect = Effect(d.pop("effect"))

        def _parse_until(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                until_type_0 = datetime.datetime.fromisoformat(data)

                return until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        until = _parse_until(d.pop("until", UNSET))

        decision_create = cls(
            kind=kind,
            id=id,
            rule=rule,
            reason=reason,
            effect=effect,
            until=until,
        )

        return decision_create
