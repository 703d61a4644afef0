import pytest

from domain.errors import Invalid
from domain.roles import Role
from domain.scopes import ALL_SCOPES, Scope, parse_scopes, required_scope, scopes_error, scopes_of_role


@pytest.mark.parametrize(
    ("method", "role", "scope"),
    [
        ("GET", Role.USER, Scope.READ),
        ("HEAD", Role.USER, Scope.READ),
        ("POST", Role.USER, Scope.WRITE),
        ("DELETE", Role.USER, Scope.WRITE),
        ("GET", Role.MODERATOR, Scope.MODERATE),
        ("PUT", Role.ADMIN, Scope.ADMIN),
    ],
)
def test_scope_of_call_follows_from_method_and_role(method: str, role: Role, scope: Scope) -> None:
    assert required_scope(method, role) is scope


@pytest.mark.parametrize(("role", "count"), [(Role.USER, 2), (Role.MODERATOR, 3), (Role.ADMIN, 4)])
def test_all_scopes_mean_those_of_the_role(role: Role, count: int) -> None:
    allowed = scopes_of_role(ALL_SCOPES, role)

    assert allowed == list(Scope)[:count]
    assert scopes_error(ALL_SCOPES, role) is None
    assert scopes_error(frozenset(allowed), role) is None


def test_scope_above_role_is_refused() -> None:
    error = scopes_error(frozenset({Scope.READ, Scope.MODERATE}), Role.USER)

    assert error is not None
    assert (error.code, error.limit, error.actual) == ("not_allowed", "read write", "read moderate")


@pytest.mark.parametrize("text", ["", " ", "READ", "read,write", "read everything"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="one or more of read write moderate admin"):
        parse_scopes(text)


def test_scopes_are_words_in_any_order() -> None:
    assert parse_scopes(" write  read ") == {Scope.READ, Scope.WRITE}
