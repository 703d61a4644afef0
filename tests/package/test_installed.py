"""The installed wheel, called from an empty folder (`make test-wheel`: with requirements from the index)."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from release import RELEASE
from tests.e2e.api import sign_up, upload, wait_until_understood
from tests.e2e.program import Server
from tests.e2e.test_program import PHOTOGRAPH
from tests.models import tiny_model
from tests.package.conftest import InstalledProgram, make_program
from tests.package.environments import PIP

pytestmark = [pytest.mark.e2e, pytest.mark.wheel]


def test_version_is_that_of_release(program: InstalledProgram, wheel: Path) -> None:
    assert program.run("--version").stdout == f"tintype {RELEASE}\n"
    assert wheel.name.startswith(f"tintype-{RELEASE}-")


def test_requirements_are_installed_and_compatible(environment: Path) -> None:
    check = [*PIP, "--python", str(environment / "bin" / "python"), "check"]
    said = subprocess.run(check, check=False, capture_output=True, text=True).stdout

    assert [line for line in said.splitlines() if line.startswith("tintype ")] == []


def test_doctor_finds_all_parts(program: InstalledProgram) -> None:
    examined = program.run("doctor")

    assert (examined.returncode, examined.stderr) == (0, "")
    assert str(program.data) in examined.stdout
    assert "Ready to serve." in examined.stdout


@pytest.fixture(scope="module")
def running_program(environment: Path, open_folder: Path) -> Iterator[tuple[InstalledProgram, Server]]:
    program = make_program(environment, open_folder)
    with program.serve() as served:
        yield program, served
        assert served.stop() == 0


@pytest.mark.postgres
def test_web_ui_is_served_with_static_files(running_program: tuple[InstalledProgram, Server]) -> None:
    client = running_program[1].client

    page = client.get("/sign-up").raise_for_status().text
    assert "<form" in page
    files = re.findall(r'"(/assets/[^"]+)"', page)
    assert any(file.endswith(".css") for file in files)
    for file in files:
        client.get(file).raise_for_status()
    client.get("/doc").raise_for_status()


@pytest.mark.postgres
@pytest.mark.skipif(not PHOTOGRAPH.is_file(), reason="needs the photographs that CONTRIBUTING.md names")
def test_default_model_labels_photograph(running_program: tuple[InstalledProgram, Server]) -> None:
    ada = sign_up(running_program[1], "ada")

    image = wait_until_understood(ada, upload(ada, PHOTOGRAPH.read_bytes()).id)

    assert str(image.understanding.classification.model).startswith("efficientnet_lite0@")
    assert [label.name for label in image.labels] == ["tench"]


@pytest.mark.postgres
def test_data_are_in_user_data_folder(running_program: tuple[InstalledProgram, Server]) -> None:
    program, _ = running_program

    assert program.run("counters", "verify").returncode == 0
    assert {"models", "postgres"} <= {path.name for path in program.data.iterdir()}
    assert [path.name for path in program.home.iterdir()] == ["serve.log"]


def test_conversion_requires_checkout(program: InstalledProgram) -> None:
    (program.home / "saved_model.pb").touch()

    refused = program.run("model", "convert", str(program.home))

    assert refused.returncode == 5
    assert "only a checkout of Tintype" in refused.stderr


@pytest.mark.parametrize("command", ["serve", "inference", "doctor", "user list", "model info"])
def test_missing_runtime_is_reported_by_all_commands(program_without_runtime: InstalledProgram, command: str) -> None:
    refused = program_without_runtime.run(*command.split())

    assert (refused.returncode, refused.stdout) == (5, "")
    (sentence,) = refused.stderr.splitlines()
    assert "install Tintype with the extra cpu" in sentence
    assert not list(program_without_runtime.data.glob("*"))


def test_missing_runtime_allows_http_classifier(program_without_runtime: InstalledProgram, tmp_path: Path) -> None:
    program = replace(program_without_runtime, settings={"TINTYPE_CLASSIFIER": "http", "TINTYPE_STORE": "memory"})

    assert program.run("user", "list").returncode == 0
    for command in (("model", "install", str(tiny_model(tmp_path / "tiny.onnx"))), ("inference",)):
        refused = program.run(*command)
        assert (refused.returncode, refused.stdout) == (5, "")
        assert "install Tintype with the extra cpu" in refused.stderr
