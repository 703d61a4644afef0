"""Names and passwords of all scripts, over the API."""

import unicodedata
from typing import Any

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.visitors import Visitor, expect_invalid, expect_problem, new_visitor, ok

NEWCOMER = {"username": "eve", "email": "eve@example.org", "password": "correct horse battery"}


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.mark.parametrize("password", ["Großmutter März é", "パスワードがっこうです"])
async def test_password_is_equal_on_all_keyboards(client: AsyncClient, password: str) -> None:
    forms = [unicodedata.normalize(form, password) for form in ("NFC", "NFD")]
    for number, form in enumerate(forms):
        person = {"username": f"eve_{number}", "email": f"{number}@example.org", "password": form}
        ok(await client.post("/v1/users", json=person), 201)
        for typed in forms:
            ok(await client.post("/v1/tokens", data={"username": f"eve_{number}", "password": typed}))
        wrong = {"username": f"eve_{number}", "password": f"{password}x"}
        expect_problem(await client.post("/v1/tokens", data=wrong), 401, "wrong_credentials")


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"password": " " * 12}, {"password": "blank"}),
        ({"password": "\u3000" * 12}, {"password": "blank"}),
        ({"display_name": "   "}, {"display_name": "blank"}),
        ({"display_name": "\u3164"}, {"display_name": "blank"}),
        ({"display_name": "\u202eadA"}, {"display_name": "bad_character"}),
        ({"display_name": "a\nb"}, {"display_name": "bad_character"}),
        ({"display_name": "Аdmin"}, {"display_name": "reserved"}),
        ({"display_name": "Tintype Support"}, {"display_name": "reserved"}),
        ({"display_name": "@ada"}, {"display_name": "bad_format"}),
        ({"username": "admin"}, {"username": "reserved"}),
        ({"username": "supp0rt", "display_name": "Tintype"}, {"username": "reserved", "display_name": "reserved"}),
    ],
)
async def test_invalid_sign_up_is_refused_with_reasons(
    client: AsyncClient, change: Any, faults: dict[str, str]
) -> None:
    answer = await client.post("/v1/users", json=NEWCOMER | change)
    assert expect_invalid(answer) == faults
    if "blank" in faults.values():
        assert "only blanks" in answer.text


async def test_misleading_name_is_refused(ada: Visitor) -> None:
    names = {
        "blank": "\u3164\u2800\u200b\x01",
        "bad_character": ["a\nb", "\u202eadA", "a\uffffb"],
        "reserved": ["Ｔｉｎｔｙｐｅ"],
    }
    for code, name in [(code, name) for code, some in names.items() for name in some]:
        assert expect_invalid(await ada.call("PATCH", "/me", json={"display_name": name})) == {"display_name": code}
    assert (await ada.read("/me"))["display_name"] == "ada"


async def test_names_of_all_scripts_are_shown_and_found(ada: Visitor) -> None:
    for name, q in (("نرم‌افزار", "نرم"), ("パリ", "ﾊﾟ"), ("Zoë 👩‍👩‍👧", "ZOE"), ("李 雷", "李"), ("สวัสดี", "สวั")):
        assert ok(await ada.call("PATCH", "/me", json={"display_name": name}))["display_name"] == name
        assert [one["username"] for one in (await ada.read("/search/people", q=q))["items"]] == ["ada"]
    assert (await ada.read("/search/people", q="バ"))["items"] == []
