import pytest

from domain.errors import Invalid
from domain.sign_ups import Application, SignUpClosed, SignUpMode, check_application, waiting_reason

INVITED, EXPLAINED, EMPTY = Application(invite="code"), Application(reason=" I draw. "), Application(reason=" ")


@pytest.mark.parametrize(
    ("mode", "application"),
    [
        (SignUpMode.OPEN, Application()),
        (SignUpMode.APPROVAL, EXPLAINED),
        (SignUpMode.APPROVAL, INVITED),
        (SignUpMode.INVITE, INVITED),
    ],
)
def test_complete_application_is_accepted(mode: SignUpMode, application: Application) -> None:
    check_application(mode, application)


@pytest.mark.parametrize(
    ("mode", "application", "field"),
    [
        (SignUpMode.APPROVAL, Application(), "reason"),
        (SignUpMode.APPROVAL, EMPTY, "reason"),
        (SignUpMode.APPROVAL, Application(reason="x" * 501), "reason"),
        (SignUpMode.INVITE, EXPLAINED, "invite"),
    ],
)
def test_incomplete_application_is_refused(mode: SignUpMode, application: Application, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_application(mode, application)

    assert [error.field for error in refused.value.errors] == [field]


def test_closed_server_takes_no_invitation() -> None:
    with pytest.raises(SignUpClosed):
        check_application(SignUpMode.CLOSED, INVITED)


@pytest.mark.parametrize("mode", list(SignUpMode))
def test_only_uninvited_applicants_wait_for_approval(mode: SignUpMode) -> None:
    assert waiting_reason(mode, EXPLAINED) == ("I draw." if mode is SignUpMode.APPROVAL else None)
    assert waiting_reason(mode, INVITED) is None
