"""Moderation on the command line, in memory."""

from pathlib import Path

from tests.entrypoints.cli.conftest import Tintype
from tests.entrypoints.cli.test_people_and_posts import write_image

DECISION = ("--rule", "no spam", "--reason", "it is spam")


def sign_up(tintype: Tintype) -> None:
    tintype.sign_up("ada", "bob", "mia")
    assert tintype("user", "role", "mia", "moderator").code == 0


def test_report_decision_appeal_and_log(tintype: Tintype, images: Path) -> None:
    sign_up(tintype)
    post = tintype.publish("ada", write_image(images))
    assert tintype("moderate", "report", "post", post, "--reason", "spam", "--as", "bob").code == 0
    (group,) = tintype("moderate", "reports", "--json").lines
    assert (group["target_id"], group["reports_count"]) == (post, 1)
    assert "1 report, spam (1)" in tintype("moderate", "reports").out

    ran = tintype("moderate", "decide", "post", post, "--effect", "hide", *DECISION, "--as", "mia", "--json")
    (decision,) = ran.lines
    assert decision["effect"] == "hide"
    assert tintype("show", post).code == 3
    assert "no open reports" in tintype("moderate", "reports").out
    assert "no open appeals" in tintype("moderate", "appeals").out
    answer = ("moderate", "answer", decision["id"], "--outcome", "granted", "--answer", "sorry", "--as", "mia")
    assert tintype(*answer).code == 3

    log = tintype("moderate", "log", "--json").lines
    assert [entry["action"] for entry in log] == ["decision", "role_change"]
    assert "it is spam" in tintype("moderate", "log").out


def test_suspended_account_cannot_act(tintype: Tintype, images: Path) -> None:
    sign_up(tintype)
    post = tintype.publish("bob", write_image(images))
    until = ("--until", "2099-01-31T12:00Z")
    assert (
        tintype("moderate", "decide", "user", "ada", "--effect", "suspend", *DECISION, *until, "--as", "mia").code == 0
    )

    ran = tintype("like", post, "--as", "ada", "--json")
    assert (ran.code, ran.problem["code"]) == (4, "suspended")
    assert tintype("user", "show", "ada").code == 0
    assert tintype("moderate", "decide", "user", "ada", "--effect", "none", *DECISION, "--as", "mia").code == 0
    assert tintype("like", post, "--as", "ada").code == 0


def test_invalid_input_is_refused(tintype: Tintype, images: Path) -> None:
    sign_up(tintype)
    post = tintype.publish("ada", write_image(images))
    decide = ("moderate", "decide", "post", post, "--effect", "hide", *DECISION)

    assert tintype(*decide, "--as", "bob").code == 4
    assert tintype(*decide, "--as", "mia", "--until", "soon").code == 4
    assert tintype(*decide, "--as", "mia", "--until", "2001-01-01T00:00Z").code == 4
    assert tintype("moderate", "decide", "user", "mia", "--effect", "suspend", *DECISION, "--as", "mia").code == 4
    assert tintype("moderate", "decide", "video", post, "--effect", "hide", *DECISION, "--as", "mia").code == 4
    assert tintype("moderate", "report", "post", "no-id", "--reason", "spam", "--as", "bob").code == 3
    assert tintype("moderate", "report", "post", post, "--reason", "dull", "--as", "bob").code == 4
    assert tintype("moderate", "answer", "no-id", "--outcome", "granted", "--answer", "a", "--as", "mia").code == 3
    assert tintype("show", post).code == 0
