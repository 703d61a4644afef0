"""Ending sessions and leaving, on the page."""

from fastapi import FastAPI

from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of


async def test_all_sessions_end_from_the_settings(ada: PageClient, app: FastAPI) -> None:
    async with PageClient(app) as elsewhere:
        assert (await elsewhere.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD)).status_code == 303
        assert "End all sessions" in text_of(await ada.read("/settings"))
        answer = await ada.submit("/settings", "/settings/sessions/end-all")

        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert "tintype_session" not in ada.client.cookies
        assert (await elsewhere.get("/settings")).headers["location"].startswith("/sign-in")


async def test_leaving_asks_for_the_password_and_opens_no_session_for_it(ada: PageClient) -> None:
    wrong = await ada.submit("/settings", "/settings/delete", password="not it at all")
    assert wrong.status_code == 422
    assert "nothing was deleted" in text_of(wrong.text)
    assert len((await ada.client.get("/v1/me/tokens")).json()["items"]) == 1

    assert (await ada.submit("/settings", "/settings/delete", password=PASSWORD)).status_code == 303
    assert (await ada.client.get("/v1/users/ada")).status_code == 404


async def test_a_picture_in_a_post_is_no_draft_and_tells_no_stranger_its_draft(
    ada: PageClient, bob: PageClient
) -> None:
    path = await ada.publish()
    image = (await ada.client.get(f"/v1{path}")).json()["images"][0]["id"]
    for reader in (ada, bob):
        assert (await reader.get(f"/new/pictures/{image}")).status_code == 404
