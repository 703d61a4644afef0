from itertools import product

import pytest

from domain.roles import Role, RoleRequired, may_moderate, require_role


def test_only_moderators_and_admins_act_on_others_and_only_on_lower_roles() -> None:
    allowed = {(actor, target) for actor, target in product(Role, Role) if may_moderate(actor, target)}

    assert allowed == {
        (Role.MODERATOR, Role.USER),
        (Role.ADMIN, Role.USER),
        (Role.ADMIN, Role.MODERATOR),
    }


@pytest.mark.parametrize(("actual", "required"), [("admin", "moderator"), ("moderator", "moderator"), ("user", "user")])
def test_higher_role_has_rights_of_lower_ones(actual: str, required: str) -> None:
    require_role(Role(actual), Role(required))


@pytest.mark.parametrize(("actual", "required"), [("moderator", "admin"), ("user", "moderator"), ("user", "admin")])
def test_lower_role_is_refused_with_both_names(actual: str, required: str) -> None:
    with pytest.raises(RoleRequired, match=f"needs the role {required}, and your account has the role {actual}"):
        require_role(Role(actual), Role(required))
