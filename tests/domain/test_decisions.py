from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.appeals import AlreadyAppealed, Appeal, AppealClosed, Outcome, OwnDecision, require_other_moderator
from domain.decisions import (
    FOREVER,
    Decision,
    DecisionNotFound,
    hidden_until,
    limited_until,
    require_appealable,
    sensitive_until,
)
from domain.effects import EFFECTS, Effect, NewDecision, Target, TargetKind
from domain.errors import Invalid
from domain.ids import DecisionId, UserId
from domain.roles import Role, moderating_roles
from domain.visibility import is_in_effect

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ADA, MIA, EVE = (UserId(UUID(int=n)) for n in (1, 2, 3))
POST = Target(TargetKind.POST, UUID(int=9))


def decision(effect: Effect, until: datetime | None = None, in_force: bool = True) -> Decision:
    return Decision(DecisionId(UUID(int=7)), POST, ADA, MIA, "rule", "reason", effect, until, NOW, in_force)


@pytest.mark.parametrize(
    ("effect", "ends"),
    [
        (Effect.HIDE, (LATER, LATER, None)),
        (Effect.SUSPEND, (LATER, LATER, None)),
        (Effect.LIMIT, (None, LATER, None)),
        (Effect.MARK_SENSITIVE, (None, None, LATER)),
        (Effect.NONE, (None, None, None)),
    ],
)
def test_what_is_hidden_is_limited_too(effect: Effect, ends: tuple[datetime | None, ...]) -> None:
    made = [decision(effect, LATER)]
    assert (hidden_until(made), limited_until(made), sensitive_until(made)) == ends


def test_latest_end_counts_and_no_end_is_latest() -> None:
    made = [decision(Effect.HIDE, NOW), decision(Effect.HIDE, LATER), decision(Effect.HIDE, in_force=False)]
    assert hidden_until(made) == LATER
    assert hidden_until([*made, decision(Effect.SUSPEND)]) == FOREVER


def test_effect_is_over_at_its_end() -> None:
    assert is_in_effect(LATER, NOW)
    assert not is_in_effect(LATER, LATER)
    assert not is_in_effect(None, NOW)


@pytest.mark.parametrize("kind", TargetKind)
@pytest.mark.parametrize("effect", Effect)
def test_effects_belong_to_kinds(kind: TargetKind, effect: Effect) -> None:
    target = Target(kind, UUID(int=9))
    if effect in EFFECTS[kind]:
        NewDecision(target, "rule", "reason", effect, None, NOW)
    else:
        with pytest.raises(Invalid, match=f"does not apply to a {kind}; use none"):
            NewDecision(target, "rule", "reason", effect, None, NOW)


def test_all_faults_of_a_decision_are_reported_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        NewDecision(POST, "", "r" * 1001, Effect.SUSPEND, NOW, NOW)
    assert [fault.field for fault in caught.value.errors] == ["rule", "reason", "effect", "until"]


def test_appeal_is_for_the_user_and_once() -> None:
    hidden = decision(Effect.HIDE)
    assert require_appealable(hidden, ADA) is hidden
    for absent in (None, decision(Effect.NONE)):
        with pytest.raises(DecisionNotFound):
            require_appealable(absent, ADA)
    with pytest.raises(DecisionNotFound):
        require_appealable(hidden, EVE)
    appealed = Decision(hidden.id, POST, ADA, MIA, "rule", "reason", Effect.HIDE, None, NOW, True, Appeal("why?", NOW))
    with pytest.raises(AlreadyAppealed):
        require_appealable(appealed, ADA)


def test_appeal_is_decided_once_and_by_another_moderator_if_there_is_one() -> None:
    closed = Appeal("why?", NOW).close(Outcome.UPHELD, "so", EVE, LATER)
    with pytest.raises(AppealClosed):
        closed.close(Outcome.GRANTED, "so", EVE, LATER)
    require_other_moderator(MIA, MIA, [])
    require_other_moderator(MIA, EVE, [MIA])
    with pytest.raises(OwnDecision):
        require_other_moderator(MIA, MIA, [EVE])


def test_roles_that_may_decide_are_above_the_user() -> None:
    assert [moderating_roles(role) for role in Role] == [(Role.MODERATOR, Role.ADMIN), (Role.ADMIN,), ()]
