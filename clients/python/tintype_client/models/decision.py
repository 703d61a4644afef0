from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.effect import Effect
from ..models.target_kind import TargetKind

if TYPE_CHECKING:
    from ..models.appeal import Appeal


T = TypeVar("T", bound="Decision")


@_attrs_define
class Decision:
    """A decision as the user sees it whom it concerns. Moderators stay anonymous.

    Attributes:
        id (str):
        kind (TargetKind):
        target_id (str):
        rule (str):
        reason (str):
        effect (Effect): `NONE` dismisses reports and ends an earlier effect. Every decision replaces the earlier one
            about its target.
            `QUARANTINE` is the service's own: the image matches a list of known images.
        until (datetime.datetime | None):
        in_force (bool): neither replaced nor reverted; the effect also ends at `until`
        appeal (Appeal | None):
        created_at (datetime.datetime):
    """

    id: str
    kind: TargetKind
    target_id: str
    rule: str
    reason: str
    effect: Effect
    until: datetime.datetime | None
    in_force: bool
    appeal: Appeal | None
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.appeal import Appeal  # noqa: PLC0415

        id = self.id

        kind = self.kind.value

        target_id = self.target_id

        rule = self.rule

        reason = self.reason

        effect = self.effect.value

        until: None | str
        if isinstance(self.until, datetime.datetime):
            until = self.until.isoformat()
        else:
            until = self.until

        in_force = self.in_force

        appeal: dict[str, Any] | None
        if isinstance(self.appeal, Appeal):
            appeal = self.appeal.to_dict()
        else:
            appeal = self.appeal

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "target_id": target_id,
                "rule": rule,
                "reason": reason,
                "effect": effect,
                "until": until,
                "in_force": in_force,
                "appeal": appeal,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.appeal import Appeal  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        kind = TargetKind(d.pop("kind"))

        target_id = d.pop("target_id")

        rule = d.pop("rule")

        reason = d.pop("reason")

        effect = Effect(d.pop("effect"))

        def _parse_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                until_type_0 = datetime.datetime.fromisoformat(data)

                return until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        until = _parse_until(d.pop("until"))

        in_force = d.pop("in_force")

        def _parse_appeal(data: object) -> Appeal | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                appeal_type_0 = Appeal.from_dict(data)

                return appeal_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Appeal | None, data)

        appeal = _parse_appeal(d.pop("appeal"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        decision = cls(
            id=id,
            kind=kind,
            target_id=target_id,
            rule=rule,
            reason=reason,
            effect=effect,
            until=until,
            in_force=in_force,
            appeal=appeal,
            created_at=created_at,
        )

        decision.additional_properties = d
        return decision

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
