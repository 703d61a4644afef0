"""States of image analysis on pages."""

import re

from fastapi import FastAPI

from domain.images import BrokenImage
from domain.roles import Role
from domain.users import SignUp
from domain.vision import Label
from entrypoints.asgi import create_app
from tests.containers import memory_container
from tests.doubles import ScriptedClassifier
from tests.entrypoints.web.page_client import PASSWORD, PageClient, run_due_tasks, text_of

CAT = Label("n02123045", "tabby cat", 281, 0.93, ("cat",))
POLL = re.compile(r'hx-get="/pictures/[^"]+/labels" hx-trigger="every (\d+)s"')


async def test_label_states_model_and_confidence() -> None:
    container = memory_container(classifier=ScriptedClassifier([CAT]))
    async with PageClient(create_app(container)) as ada:
        await ada.sign_up("ada")
        path = await ada.publish()
        before = await ada.read(path)
        assert "The model will classify this image soon…" in before
        assert POLL.search(before)

        await run_due_tasks(container)

        after = await ada.read(path)
        assert "tabby cat 93% confidence" in text_of(after)
        assert "labelled by scripted" in text_of(after)
        assert not POLL.search(after)
        part = await ada.get(re.findall(r'action="(/pictures/[^/]+)/verdict"', after)[0] + "/labels")
        assert "tabby cat" in part.text
        assert "<html" not in part.text


async def test_page_without_model_names_command_and_polls_slowly() -> None:
    container = memory_container(classifier=ScriptedClassifier(version=None))
    async with PageClient(create_app(container)) as ada:
        await ada.sign_up("ada")
        path = await ada.publish()
        await run_due_tasks(container)
        page = await ada.read(path)

        assert (
            "Not classified yet: no model is installed; the operator installs one with `tintype model install`"
            in text_of(page)
        )
        poll = POLL.search(page)
        assert poll
        assert poll[1] == "30"


async def test_failed_classification_states_reason_to_owner_only() -> None:
    container = memory_container(classifier=ScriptedClassifier(BrokenImage("it is cut short")))
    app = create_app(container)
    async with PageClient(app) as ada, PageClient(app) as bob:
        await ada.sign_up("ada")
        await bob.sign_up("bob")
        path = await ada.publish()
        await run_due_tasks(container)
        mine, theirs = text_of(await ada.read(path)), text_of(await bob.read(path))

        assert "The model could not classify this image: broken_image: it is cut short Classify again" in mine
        assert "The model could not classify this image" in theirs
        assert "cut short" not in theirs


async def test_operator_retries_failed_tasks() -> None:
    classifier = ScriptedClassifier(BrokenImage("it is cut short"))
    container = memory_container(classifier=classifier)
    app: FastAPI = create_app(container)
    await container.accounts().sign_up(SignUp("root", "root@example.org", PASSWORD, role=Role.ADMIN))
    async with PageClient(app) as ada, PageClient(app) as root:
        await ada.sign_up("ada")
        await ada.publish()
        await run_due_tasks(container)
        await root.submit("/sign-in", "/sign-in", username="root", password=PASSWORD)
        assert "classification failed 1 – broken_image: it is cut short" in text_of(await root.read("/operator"))

        classifier.set_script([CAT])
        answer = await root.submit("/operator", "/operator/retry")
        assert "1 task requested again." in text_of(await root.read(answer.headers["location"]))
        await run_due_tasks(container)
        assert "No task is postponed or failed." in text_of(await root.read("/operator"))
