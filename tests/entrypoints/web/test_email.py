"""Pages for forgotten passwords and e-mail addresses, without scripts."""

from urllib.parse import urlsplit

import pytest

from adapters.memory.mailer import MemoryMailer
from container import Container
from domain.emails import EmailKind
from domain.roles import Role
from domain.sign_ups import SignUpMode
from domain.users import SignUp
from entrypoints.asgi import create_app
from tests.containers import memory_container
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of

ADA, NEW, NEW_PASSWORD = "ada@example.org", "new@example.org", "another horse battery"


@pytest.fixture
def container() -> Container:
    return memory_container(config={"mail": "memory"})


async def receive(container: Container, kind: EmailKind) -> str:
    """Run the worker, and return the path of the link in the only new message of this kind."""
    mailer = container.mailer()
    assert isinstance(mailer, MemoryMailer)
    mailer.sent.clear()
    await container.storage().queue.drain(container.job_handler().handle)
    (link,) = [message.link for message in mailer.sent if message.kind is kind]
    assert link
    return urlsplit(link).path


async def test_forgotten_password_is_replaced(container: Container, ada: PageClient, anonymous: PageClient) -> None:
    path = await receive(container, EmailKind.PROOF)
    assert (await ada.submit(path, path)).headers["location"] == "/email-proofs"
    assert "Confirmed" in await ada.read("/email-proofs")
    assert 'href="/password-resets"' in await anonymous.read("/sign-in")

    for email in ("ADA@example.org", "nobody@example.org"):
        asked = await anonymous.submit("/password-resets", "/password-resets", email=email)
        assert (asked.status_code, asked.headers["location"]) == (303, "/password-resets?step=sent")
    assert "If an account has this address" in text_of(await anonymous.read("/password-resets?step=sent"))
    path = await receive(container, EmailKind.PASSWORD_RESET)
    short = await anonymous.submit(path, path, password="short")
    assert short.status_code == 422
    assert "It is 5 characters long" in text_of(short.text)
    done = await anonymous.submit(path, path, password=NEW_PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/password-resets?step=done")

    assert "All sessions have ended" in text_of(await anonymous.read("/password-resets?step=done"))
    assert (await ada.get("/settings")).status_code == 303
    signed_in = await anonymous.submit("/sign-in", "/sign-in", username=ADA, password=NEW_PASSWORD)
    assert signed_in.status_code == 303
    for used in (path, f"{path[:-1]}"):
        answer = await anonymous.get(used)
        assert answer.status_code == 404
        assert "has expired (one hour after it was sent)" in text_of(answer.text)
        assert 'name="email"' in answer.text


async def test_opening_link_has_no_effect(container: Container, ada: PageClient, anonymous: PageClient) -> None:
    path = await receive(container, EmailKind.PROOF)

    for _ in range(2):
        assert ADA in text_of(await anonymous.read(path))

    assert "not verified" in text_of(await ada.read("/settings"))
    assert (await anonymous.client.head(path)).status_code == 200
    answer = await anonymous.client.post(path, data={"form_token": "x"})
    assert answer.status_code == 403


async def test_invalid_address_is_shown_at_field(anonymous: PageClient) -> None:
    answer = await anonymous.submit("/password-resets", "/password-resets", email="nowhere")

    assert answer.status_code == 422
    assert "is not an e-mail address" in text_of(answer.text)
    assert 'value="nowhere"' in answer.text


async def test_user_is_asked_to_verify_address(container: Container, ada: PageClient, anonymous: PageClient) -> None:
    for page in ("/", "/new"):
        assert "Your e-mail address is not verified yet" in text_of(await ada.read(page))
    first = await receive(container, EmailKind.PROOF)
    assert (await ada.submit("/settings", "/settings/email/proof")).status_code == 303
    second = await receive(container, EmailKind.PROOF)

    assert (await ada.submit(second, second)).status_code == 303

    assert "not verified" not in text_of(await ada.read("/"))
    assert "ada@example.org · verified" in text_of(await ada.read("/settings"))
    assert (await ada.get(first)).status_code == 404


async def test_address_is_changed_by_both_sides(container: Container, ada: PageClient, anonymous: PageClient) -> None:
    path = await receive(container, EmailKind.PROOF)
    await ada.submit(path, path)

    wrong = await ada.submit("/settings", "/settings/email", email=NEW, current="wrong horse battery")
    assert wrong.status_code == 422
    assert "This is not your password; nothing was changed." in text_of(wrong.text)
    assert f'value="{NEW}"' in wrong.text
    invalid = await ada.submit("/settings", "/settings/email", email="nowhere", current=PASSWORD)
    assert "is not an e-mail address" in text_of(invalid.text)
    assert (await ada.submit("/settings", "/settings/email", email=NEW, current=PASSWORD)).status_code == 303
    shown = text_of(await ada.read("/settings?saved=email"))
    assert "Links to confirm the change are on their way." in shown
    assert f"The change to {NEW} waits until the present address approves it and the new address confirms it" in shown
    mailer = container.mailer()
    assert isinstance(mailer, MemoryMailer)
    await container.storage().queue.drain(container.job_handler().handle)
    links = {message.recipient: urlsplit(message.link or "").path for message in mailer.sent[-2:]}
    assert f"changes to {NEW} when that address is confirmed" in text_of(await anonymous.read(links[ADA]))
    assert (await anonymous.submit(links[ADA], links[ADA])).status_code == 303
    assert "waits until the new address confirms it" in text_of(await ada.read("/settings"))
    assert (await anonymous.submit(links[NEW], links[NEW])).status_code == 303

    shown = text_of(await ada.read("/settings"))
    assert f"{NEW} · verified" in shown
    assert "waits until" not in shown


async def test_applicant_confirms_address_while_waiting_for_approval() -> None:
    container = memory_container(config={"mail": "memory", "sign_up": SignUpMode.APPROVAL})
    async with PageClient(create_app(container)) as ann:
        form = {"username": "ann", "email": "ann@example.org", "password": PASSWORD, "reason": "I draw."}
        await ann.submit("/sign-up", "/sign-up", **form)
        path = await receive(container, EmailKind.PROOF)

        assert (await ann.submit(path, path)).headers["location"] == "/email-proofs"

    assert (await container.accounts().account("ann")).user.email_verified


async def test_sign_up_with_registered_address_looks_the_same(
    container: Container, ada: PageClient, anonymous: PageClient
) -> None:
    fields = {"username": "eve", "email": ADA, "password": PASSWORD}
    answer = await anonymous.submit("/sign-up", "/sign-up", **fields)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "not verified" in text_of(await anonymous.read("/"))


async def test_operator_sees_emails_and_links_of_log() -> None:
    container = memory_container()
    app = create_app(container)
    await container.accounts().sign_up(SignUp("root", "root@example.org", PASSWORD, role=Role.ADMIN))
    async with PageClient(app) as ada, PageClient(app) as root:
        await ada.sign_up("ada")
        await root.submit("/sign-in", "/sign-in", username="root", password=PASSWORD)
        assert "ask its operator for the links" in text_of(await ada.read("/settings"))
        assert "ada@example.org pending" in text_of(await root.read("/operator"))
        await container.storage().queue.drain(container.job_handler().handle)
        (email,) = await container.mailing().recent(1)

        shown = await root.submit("/operator", f"/operator/emails/{email.id}/link")
        link = shown.text.partition("http://localhost:8000")[2].partition("<")[0]
        assert "proof ada@example.org sent 1" in text_of(shown.text)
        assert (await ada.submit(link, link)).status_code == 303

        assert "ada@example.org · verified" in text_of(await ada.read("/settings"))
        for path in (f"/operator/emails/{email.id}/link", "/operator/emails/x/link"):
            assert (await root.submit("/operator", path)).status_code == 404
            assert (await ada.submit("/settings", path)).status_code == 404


async def test_operator_sees_no_links_where_mail_is_delivered(container: Container, ada: PageClient) -> None:
    await container.accounts().sign_up(SignUp("root", "root@example.org", PASSWORD, role=Role.ADMIN))
    async with PageClient(create_app(container)) as root:
        await root.submit("/sign-in", "/sign-in", username="root", password=PASSWORD)
        (email,) = await container.mailing().recent(1)

        assert "/link" not in await root.read("/operator")
        assert (await root.submit("/settings", f"/operator/emails/{email.id}/link")).status_code == 404
