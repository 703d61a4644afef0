"""Exit codes, and what stands on stderr."""

import inspect

import pytest

from domain import errors
from entrypoints.cli.__main__ import main
from entrypoints.cli.errors import EXIT_CODES, exit_code
from tests.entrypoints.cli.conftest import Tintype


def test_every_kind_of_refusal_has_exit_code() -> None:
    kinds = {kind for _, kind in inspect.getmembers(errors, inspect.isclass) if errors.DomainError in kind.__bases__}
    assert kinds == set(EXIT_CODES)


def test_internal_error_is_failure() -> None:
    assert exit_code(errors.DomainError("a blob is missing")) == 1
    assert exit_code(KeyError("x")) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["user", "show", "nobody"], 3),
        (["show", "0197c2f0-0000-7000-8000-000000000000"], 3),
        (["show", "no-id"], 3),
        (["user", "add", "ada", "--email", "another@example.org", "--password-stdin"], 4),
        (["user", "add", "x", "--email", "no address", "--password-stdin"], 4),
        (["follow", "ada", "--as", "ada"], 4),
        (["user", "passwd", "ada"], 2),
        (["lik"], 2),
        (["like"], 2),
        (["top", "--window", "decade"], 2),
        (["classify"], 2),
    ],
)
def test_refusal_prints_one_sentence_and_sets_exit_code(tintype: Tintype, arguments: list[str], code: int) -> None:
    tintype.sign_up("ada")
    ran = tintype(*arguments, stdin="correct horse")
    assert (ran.code, ran.out) == (code, "")
    (line,) = ran.err.splitlines()
    assert line.startswith("tintype: ")


def test_misspelt_command_suggests_correct_one(tintype: Tintype) -> None:
    assert "'like'" in tintype("lik").err


def test_json_refusal_is_problem_object(tintype: Tintype) -> None:
    tintype.sign_up("ada")
    ran = tintype("user", "add", "Ada", "--email", "a@example.org", "--password-stdin", "--json", stdin="correct horse")
    assert ran.out == ""
    assert {"status": 409, "code": "username_taken", "field": "username"}.items() <= ran.problem.items()
    assert {"type", "title", "detail", "request_id"} <= set(ran.problem)


def test_json_refusal_names_every_wrong_field(tintype: Tintype) -> None:
    ran = tintype("user", "add", "x", "--email", "no", "--password-stdin", "--json", stdin="short")
    assert [fault["field"] for fault in ran.problem["errors"]] == ["username", "email", "password"]
    assert ran.problem["status"] == 422


def test_json_usage_error_is_problem_object(tintype: Tintype) -> None:
    ran = tintype("like", "--json")
    assert (ran.code, ran.problem["code"]) == (2, "usage")


def test_group_without_command_prints_help(tintype: Tintype) -> None:
    ran = tintype("user")
    assert (ran.code, ran.err.startswith("Usage: tintype user")) == (2, True)


def test_broken_container_is_reported_in_one_sentence() -> None:
    def raise_disk_full() -> None:
        raise OSError(28, "No space left on device", "/data")

    assert main(["jobs", "status"], raise_disk_full) == 5


def test_ctrl_c_ends_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    assert main(["jobs", "status"], interrupt) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_missing_account_is_named(tintype: Tintype) -> None:
    ran = tintype("feed", "--as", "nobdy")
    assert (ran.code, "'nobdy'" in ran.err) == (3, True)
