"""What the page says of pictures that a model has seen, will see, or cannot see."""

import re

from fastapi import FastAPI

from domain.images import BrokenImage
from domain.users import Role, SignUp
from domain.vision import Label
from entrypoints.rest.app import create_app
from tests.doubles import ScriptedClassifier
from tests.entrypoints.web.reader import PASSWORD, Reader, attempted, text_of
from tests.worlds import memory_container

CAT = Label("n02123045", "tabby cat", 281, 0.93, ("cat",))
POLL = re.compile(r'hx-get="/pictures/[^"]+/seen" hx-trigger="every (\d+)s"')


async def test_a_label_says_who_said_it_and_how_sure() -> None:
    container = memory_container(classifier=ScriptedClassifier([CAT]))
    async with Reader(create_app(container)) as ada:
        await ada.signs_up("ada")
        path = await ada.publishes()
        before = await ada.reads(path)
        assert "The model will look at this picture in a moment…" in before
        assert POLL.search(before)

        await attempted(container)

        after = await ada.reads(path)
        assert "tabby cat 93% sure" in text_of(after)
        assert "seen by scripted" in text_of(after)
        assert not POLL.search(after)
        part = await ada.get(re.findall(r'action="(/pictures/[^/]+)/verdict"', after)[0] + "/seen")
        assert "tabby cat" in part.text
        assert "<html" not in part.text


async def test_without_a_model_the_page_says_which_command_helps_and_asks_seldom() -> None:
    container = memory_container(classifier=ScriptedClassifier(version=None))
    async with Reader(create_app(container)) as ada:
        await ada.signs_up("ada")
        path = await ada.publishes()
        await attempted(container)
        page = await ada.reads(path)

        assert (
            "Not looked at yet: no model is installed; the operator installs one with `tintype model install`"
            in text_of(page)
        )
        poll = POLL.search(page)
        assert poll
        assert poll[1] == "30"


async def test_a_picture_that_cannot_be_seen_says_why_to_its_owner_alone() -> None:
    container = memory_container(classifier=ScriptedClassifier(BrokenImage("it is cut short")))
    app = create_app(container)
    async with Reader(app) as ada, Reader(app) as bob:
        await ada.signs_up("ada")
        await bob.signs_up("bob")
        path = await ada.publishes()
        await attempted(container)
        mine, theirs = text_of(await ada.reads(path)), text_of(await bob.reads(path))

        assert "The model could not look at this picture: broken_image: it is cut short Look again" in mine
        assert "The model could not look at this picture" in theirs
        assert "cut short" not in theirs


async def test_an_operator_sees_what_is_stuck_and_asks_again() -> None:
    classifier = ScriptedClassifier(BrokenImage("it is cut short"))
    container = memory_container(classifier=classifier)
    app: FastAPI = create_app(container)
    await container.accounts().sign_up(SignUp("root", "root@example.org", PASSWORD, role=Role.ADMIN))
    async with Reader(app) as ada, Reader(app) as root:
        await ada.signs_up("ada")
        await ada.publishes()
        await attempted(container)
        await root.sends("/sign-in", "/sign-in", username="root", password=PASSWORD)
        assert "classification failed 1 – broken_image: it is cut short" in text_of(await root.reads("/operator"))

        classifier.answer([CAT])
        answer = await root.sends("/operator", "/operator/retry")
        assert "1 asked for again." in text_of(await root.reads(answer.headers["location"]))
        await attempted(container)
        assert "Nothing is stuck." in text_of(await root.reads("/operator"))
