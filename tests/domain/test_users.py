import pytest

from domain.errors import Invalid
from domain.passwords import NewPassword
from domain.roles import Role
from domain.users import ProfileChanges, SignUp, normalize_login

GOOD = "correct horse"


def faults(**given: str | None) -> set[tuple[str, str]]:
    """(field, code) of all errors."""
    fields = {"username": "ada", "email": "ada@example.org", "password": GOOD, "display_name": None, **given}
    try:
        SignUp(**fields)  # type: ignore[arg-type]  # wrong on purpose
    except Invalid as refused:
        return {(error.field, error.code) for error in refused.errors}
    return set()


def test_names_and_addresses_are_normalized() -> None:
    newcomer = SignUp(" Ada ", "Ada@Example.ORG ", GOOD)

    assert (newcomer.username, newcomer.email) == ("ada", "ada@example.org")
    assert normalize_login(" ADA\n") == "ada"


def test_all_errors_are_reported_together() -> None:
    found = faults(username="a", email="nobody", password="short", display_name="x" * 51)

    assert found == {
        ("username", "too_short"),
        ("email", "bad_format"),
        ("password", "too_short"),
        ("display_name", "too_long"),
    }


@pytest.mark.parametrize(
    ("username", "code"),
    [
        ("ab", "too_short"),
        ("x" * 31, "too_long"),
        ("ada lovelace", "bad_format"),
        ("né_e", "bad_format"),
        ("ada-l", "bad_format"),
        ("ad\x00", "bad_character"),
    ],
)
def test_invalid_name_is_refused(username: str, code: str) -> None:
    assert faults(username=username) == {("username", code)}


@pytest.mark.parametrize("username", ["abc", "x" * 30, "a_1", "___"])
def test_valid_name_is_accepted(username: str) -> None:
    assert faults(username=username) == set()


@pytest.mark.parametrize(
    "email",
    [
        *("a@b", "a b@c.de", "@b.de", "a@b.", "a@@b.de", "a@b.c.", "abc"),
        *("a@b..de", "a@.b.de", "a@-b.de", "a@b-.de", f"a@{'b' * 64}.de", "<a@b.de>", "a,c@b.de", "a@[127.0.0.1]"),
        *("a\u202ec@b.de", "a\u200bc@b.de", "a\u00adc@b.de", "a\x01c@b.de", "a@b\u2066.de", "a\u3164@b.de"),
    ],
)
def test_invalid_address_is_refused(email: str) -> None:
    assert faults(email=email) == {("email", "bad_format")}


@pytest.mark.parametrize(
    "email", ["a+b.c_d@e-f.example", "ü@müller.de", "用户@例子.广告", "a..b.@docomo.example", "o'a@xn--80ak.com"]
)
def test_valid_address_is_accepted(email: str) -> None:
    assert faults(email=email) == set()


@pytest.mark.parametrize(("password", "code"), [("x" * 9, "too_short"), ("x" * 1001, "too_long"), (" " * 12, "blank")])
def test_invalid_password_is_refused(password: str, code: str) -> None:
    assert faults(password=password) == {("password", code)}
    with pytest.raises(Invalid) as refused:
        NewPassword(password, field_name="new")
    assert refused.value.errors[0].field == "new"


@pytest.mark.parametrize("password", ["x" * 10, "x" * 1000])
def test_valid_password_is_accepted(password: str) -> None:
    assert faults(password=password) == set()
    assert NewPassword(password).value == password


@pytest.mark.parametrize("password", ["1q2w3e4r5t", "1Q2W3E4R5T", "terminator", "manchester"])
def test_common_password_is_refused(password: str) -> None:
    assert faults(password=password) == {("password", "too_common")}


@pytest.mark.parametrize(
    "password", ["ada_lovelace", "Ada.Lovelace", "adalovelace1815", "adalovelace adalovelace", "a.l@example.org"]
)
def test_own_name_as_password_is_refused(password: str) -> None:
    given = {"username": "ada_lovelace", "email": "a.l@example.org", "display_name": "Ada Lovelace"}
    assert faults(**given, password=password) == {("password", "own_name")}


@pytest.mark.parametrize("password", ["8472615309", "847-261-53-09", "84726153098472615309"])
def test_own_name_of_digits_as_password_is_refused(password: str) -> None:
    assert faults(username="8472615309", password=password) == {("password", "own_name")}


def test_password_of_signs_is_no_name_of_signs() -> None:
    assert faults(display_name="!", password="!!??!!??!!") == set()


def test_password_may_contain_own_name() -> None:
    assert faults(username="ada_lovelace", password="ada_lovelace draws") == set()


def test_password_is_not_in_representation() -> None:
    assert GOOD not in repr(SignUp("ada", "ada@example.org", GOOD))
    assert GOOD not in repr(NewPassword(GOOD))


def test_all_errors_of_profile_are_reported_together() -> None:
    with pytest.raises(Invalid) as refused:
        ProfileChanges(display_name="", bio="x" * 501)

    assert [error.field for error in refused.value.errors] == ["display_name", "bio"]


def test_bio_can_be_empty() -> None:
    assert ProfileChanges(bio="").bio == ""


@pytest.mark.parametrize("name", ["admin", "root", "tintype", "_support_", "adm1n", "m0derator", "st4ff"])
def test_reserved_name_is_for_operators(name: str) -> None:
    assert faults(username=name) == {("username", "reserved")}
    assert SignUp(name, "a@example.org", GOOD, role=Role.ADMIN).username == name


@pytest.mark.parametrize(
    "name",
    [
        "Admin",
        "аdmin",
        "ＲＯＯＴ",
        "Súpport",
        "T I N T Y P E",
        "𝐚𝐝𝐦𝐢𝐧",
        "Ꭺdmin",
        "staff!",
        "Аԁⅿіn",
        "Tintype Support",
        "0fficial-Team",
    ],
)
def test_lookalike_of_reserved_name_is_refused(name: str) -> None:
    assert faults(display_name=name) == {("display_name", "reserved")}


@pytest.mark.parametrize("name", ["Tim", "Adam Min", "Иван", "模範", "Rooty", "Team Ada", "Ada @ Work", "👍"])
def test_other_names_are_accepted(name: str) -> None:
    assert faults(display_name=name) == set()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *((blank, "blank") for blank in ("   ", "\u3164", "\u2800", "\u200b", "\u2003\u00a0", "\u115f")),
        *((f"a{hidden}b", "bad_character") for hidden in "\n\r\t\x01\x7f\x85\u2028\u2029\ufff9\ufeff\uffff\U0001ffff"),
        *(
            (f"a{turned}b", "bad_character")
            for turned in "\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
        ),
        *(
            (f"a{gone}b", "bad_character")
            for gone in "\u200b\u200c\u200d\u2060\u00ad\u034f\u3164\u2800\ufe0f\U000e0041"
        ),
        ("\u202eadA", "bad_character"),
        ("@bob", "bad_format"),
        ("＠bob", "bad_format"),
        ("a" + "\u0301" * 5, "too_many_marks"),
    ],
)
def test_display_name_has_no_invisible_characters(name: str, code: str) -> None:
    assert faults(display_name=name) == {("display_name", code)}


@pytest.mark.parametrize(
    "name",
    [
        "نرم‌افزار",
        "ක්‍ය",
        "র‍্যাব",
        "👩‍👩‍👧",
        "❤️ Ada 1️⃣",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "李 雷",
        "Zoë",
        "Zoe\u0308",
        "O’Neil-Smith",
        "שָׁלוֹם",
        "Nguyê\u0303n",
    ],
)
def test_joiners_are_allowed_between_joining_letters(name: str) -> None:
    assert faults(display_name=name) == set()
