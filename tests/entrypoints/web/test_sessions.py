"""Ending sessions and deleting the account, in the web UI."""

import re

from fastapi import FastAPI

from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of


async def test_settings_end_all_sessions(ada: PageClient, app: FastAPI) -> None:
    async with PageClient(app) as elsewhere:
        assert (await elsewhere.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD)).status_code == 303
        assert "End all sessions" in text_of(await ada.read("/settings"))
        answer = await ada.submit("/settings", "/settings/sessions/end-all")

        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert "tintype_session" not in ada.client.cookies
        assert (await elsewhere.get("/settings")).headers["location"].startswith("/sign-in")


async def test_token_of_program_is_created_and_shown_once(ada: PageClient, app: FastAPI) -> None:
    form = {"name": "backup", "scopes": ["read"], "days": "7"}
    wrong = await ada.submit("/settings", "/settings/tokens", password="not it at all", **form)
    unnamed = await ada.submit("/settings", "/settings/tokens", password=PASSWORD, **(form | {"name": " "}))
    empty = await ada.submit("/settings", "/settings/tokens", password=PASSWORD, name="backup", days="7")
    assert [answer.status_code for answer in (wrong, unnamed, empty)] == [422, 422, 422]
    assert "no token was created" in text_of(wrong.text)
    assert "one or more of read write" in text_of(empty.text)

    created = text_of((await ada.submit("/settings", "/settings/tokens", password=PASSWORD, **form)).text)
    found = re.search(r"It is not shown again: (\S+)", created)

    assert found
    settings = text_of(await ada.read("/settings"))
    assert "backup (read)" in settings
    assert found[1] not in settings
    async with PageClient(app) as program:
        program.client.headers["Authorization"] = f"Bearer {found[1]}"
        assert (await program.client.get("/v1/me")).json()["username"] == "ada"
        assert (await program.client.delete("/v1/me")).json()["code"] == "insufficient_scope"


async def test_token_with_few_scopes_is_no_session_of_the_web_ui(ada: PageClient, app: FastAPI) -> None:
    data = {"username": "ada", "password": PASSWORD, "scopes": "read"}
    secret = (await ada.client.post("/v1/tokens", data=data)).json()["access_token"]
    async with PageClient(app) as program:
        program.client.cookies.set("tintype_session", secret)

        assert (await program.get("/settings")).headers["location"].startswith("/sign-in")
        assert (await program.client.get("/v1/me")).status_code == 401


async def test_deletion_of_account_requires_password(ada: PageClient) -> None:
    wrong = await ada.submit("/settings", "/settings/delete", password="not it at all")
    assert wrong.status_code == 422
    assert "nothing was deleted" in text_of(wrong.text)
    assert len((await ada.client.get("/v1/me/tokens")).json()["items"]) == 1

    assert (await ada.submit("/settings", "/settings/delete", password=PASSWORD)).status_code == 303
    assert (await ada.client.get("/v1/users/ada")).status_code == 404


async def test_upload_card_is_for_owner_of_unposted_image_only(ada: PageClient, bob: PageClient) -> None:
    path = await ada.publish()
    image = (await ada.client.get(f"/v1{path}")).json()["images"][0]["id"]
    for reader in (ada, bob):
        assert (await reader.get(f"/new/pictures/{image}")).status_code == 404
