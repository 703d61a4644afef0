"""Ending sessions and deleting the account, in the web UI."""

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
