from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.outcome import Outcome

T = TypeVar("T", bound="AppealAnswer")


@_attrs_define
class AppealAnswer:
    """
    Attributes:
        outcome (Outcome): `GRANTED`: the effect of the decision ends. `UPHELD`: the decision stays.
        answer (str): what the user is told, 1-2,000 characters
    """

    outcome: Outcome
    answer: str

    def to_dict(self) -> dict[str, Any]:
        outcome = self.outcome.value

        answer = self.answer

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "outcome": outcome,
                "answer": answer,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        outcome = Outcome(d.pop("outcome"))

        answer = d.pop("answer")

        appeal_answer = cls(
            outcome=outcome,
            answer=answer,
        )

        return appeal_answer
