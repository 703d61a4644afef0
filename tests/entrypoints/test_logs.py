"""The log of a long-running process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SRC = Path(__file__).resolve().parents[2] / "src"


def test_log_without_terminal_is_json_and_libraries_log_warnings_only() -> None:
    script = (
        "import logging\n"
        "from entrypoints.logs import configure_logging\n"
        "configure_logging()\n"
        "logging.getLogger('tintype.part').info('done with %s', 'it')\n"
        "logging.getLogger('library').info('chatter')\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError: logging.getLogger('library').exception('broken')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    ran = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    done, broken = (json.loads(line) for line in ran.stderr.splitlines())
    assert {"event": "done with it", "level": "info", "logger": "tintype.part"}.items() <= done.items()
    assert "ZeroDivisionError" in broken["exception"]


SECURITY = """
import asyncio
from entrypoints.logs import configure_logging
from entrypoints.asgi import create_app
from tests.entrypoints.rest.conftest import PASSWORD, client_of_app, sign_up
from tests.containers import memory_container

async def main():
    async with client_of_app(create_app(memory_container())) as client:
        ada = await sign_up(client, "ada")
        for name in ("ada", "stranger@example.org", "a\\x1b[31m\\nforged"):
            wrong = {"username": name, "password": "wrong horse battery"}
            await client.post("/v1/tokens", data=wrong, headers={"X-Request-ID": "attempt"})
        await client.get("/v1/users/ada@example.org", headers=ada)
        await client.get("/v1/users/\\u202eada", headers=ada)
        await client.post("/settings/profile", data={"form_token": "x"}, headers={"Origin": "https://evil.example"})
        await client.put("/v1/me/password", json={"current": PASSWORD, "new": "another horse battery"}, headers=ada)
        await client.delete("/v1/me/tokens", headers=ada)

configure_logging()
asyncio.run(main())
"""


def run_and_read_log(script: str) -> tuple[str, list[dict[str, Any]]]:
    """The log of the script, as text and as parsed lines."""
    environment = {**os.environ, "PYTHONPATH": f"{SRC}{os.pathsep}{SRC.parent}"}
    ran = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return ran.stderr, [json.loads(line) for line in ran.stderr.splitlines()]


def test_sign_ins_and_refusals_are_logged_with_user_and_address() -> None:
    _, lines = run_and_read_log(SECURITY)
    (opened,) = [line for line in lines if line["event"] == "account created"]
    ada = opened["user"]

    failed = [line for line in lines if line["event"] == "sign-in failed"]
    assert [line["user"] for line in failed] == [ada, None, None]
    assert {(line["client"], line["request_id"]) for line in failed} == {("127.0.0.1", "attempt")}
    for event in ("signed in", "password changed", "all sessions ended"):
        (line,) = [line for line in lines if line["event"] == event]
        assert (line["user"], line["client"]) == (ada, "127.0.0.1")
        assert line["request_id"]

    requests = [line for line in lines if line["event"] == "request"]
    refusals = [(line["code"], line["user"]) for line in requests if line["status"] >= 400]
    assert refusals == [
        *[("wrong_credentials", None)] * 3,
        *[("not_found", ada)] * 2,
        ("foreign_origin", None),
    ]
    assert {line["client"] for line in requests} == {"127.0.0.1"}
    assert all(line["request_id"] for line in requests)


def test_log_has_no_secrets_e_mail_addresses_or_control_characters() -> None:
    text, lines = run_and_read_log(SECURITY)

    assert lines
    for secret in ("horse", "@example.org", "Bearer", "forged", "\x1b", "\u202e"):
        assert secret not in text
    assert "/v1/users/(e-mail)" in text
    assert "/v1/users/\\u202eada" in {line.get("path") for line in lines}


def test_log_injection_is_prevented() -> None:
    _, lines = run_and_read_log(
        "import logging\n"
        "from entrypoints.logs import configure_logging\n"
        "configure_logging()\n"
        "logger = logging.getLogger('tintype.x')\n"
        "logger.warning('said %s', 'a\\n12:00 [info] forged\\x1b[2J\\x9b', extra={'x': 'b\\rc'})\n"
        "try: raise ValueError('bad\\x1b]0;title\\x07 ada@example.org')\n"
        "except ValueError: logger.exception('broken')\n"
    )
    (said, broken) = lines

    assert said["event"] == "said a\\u000a12:00 [info] forged\\u001b[2J\\u009b"
    assert said["x"] == "b\\u000dc"
    assert "ValueError: bad\\u001b]0;title\\u0007 (e-mail)" in broken["exception"]
    assert "\n" in broken["exception"]


def test_text_without_encoding_is_logged() -> None:
    _, lines = run_and_read_log(
        "import structlog\n"
        "from entrypoints.logs import configure_logging\n"
        "configure_logging()\n"
        "structlog.get_logger().info('request', logger='tintype.access', path='/\\ud800\\u200f猫', status=200)\n"
    )
    (line,) = lines
    assert (line["path"], line["status"], line["level"]) == ("/\\ud800\\u200f猫", 200, "info")
    assert line["timestamp"].endswith("Z")


LINKS = """
import asyncio
from entrypoints.logs import configure_logging
from entrypoints.asgi import create_app
from tests.entrypoints.rest.conftest import client_of_app
from tests.containers import memory_container

async def main():
    async with client_of_app(create_app(memory_container())) as client:
        for page in ("/password-resets/s3cret", "/email-proofs/s3cret", "/email-proofs//s3cret"):
            await client.get(page)
            await client.post(page)
            await client.put("/v1" + page, json={"password": "another horse battery"})
            await client.get("/v1" + page)

configure_logging()
asyncio.run(main())
"""


def test_log_contains_no_links() -> None:
    text, lines = run_and_read_log(LINKS)

    assert {"/password-resets/…", "/v1/password-resets/…", "/email-proofs/…", "/v1/email-proofs/…"} <= {
        line.get("path") for line in lines
    }
    assert "s3cret" not in text
