from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.action import Action
from ..models.target_kind import TargetKind

if TYPE_CHECKING:
    from ..models.log_entry_details import LogEntryDetails


T = TypeVar("T", bound="LogEntry")


@_attrs_define
class LogEntry:
    """
    Attributes:
        id (str):
        created_at (datetime.datetime):
        actor_id (None | str): null for the operator on the command line
        action (Action):
        kind (TargetKind):
        target_id (str):
        user_id (str):
        details (LogEntryDetails):
    """

    id: str
    created_at: datetime.datetime
    actor_id: None | str
    action: Action
    kind: TargetKind
    target_id: str
    user_id: str
    details: LogEntryDetails
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        created_at = self.created_at.isoformat()

        actor_id: None | str
        actor_id = self.actor_id

        action = self.action.value

        kind = self.kind.value

        target_id = self.target_id

        user_id = self.user_id

        details = self.details.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "created_at": created_at,
                "actor_id": actor_id,
                "action": action,
                "kind": kind,
                "target_id": target_id,
                "user_id": user_id,
                "details": details,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.log_entry_details import LogEntryDetails  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_actor_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        actor_id = _parse_actor_id(d.pop("actor_id"))

        action = Action(d.pop("action"))

        kind = TargetKind(d.pop("kind"))

        target_id = d.pop("target_id")

        user_id = d.pop("user_id")

        details = LogEntryDetails.from_dict(d.pop("details"))

        log_entry = cls(
            id=id,
            created_at=created_at,
            actor_id=actor_id,
            action=action,
            kind=kind,
            target_id=target_id,
            user_id=user_id,
            details=details,
        )

        log_entry.additional_properties = d
        return log_entry

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
