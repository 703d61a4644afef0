"""The Python client is what `make client` generates from the committed OpenAPI document."""

import json

from bin.client import digest
from tests.architecture.documents import DOCS, REPOSITORY

CLIENT = REPOSITORY / "clients" / "python"
DOCUMENT = DOCS / "openapi.json"


def test_client_is_generated_from_committed_document() -> None:
    assert (CLIENT / "openapi.sha256").read_text().strip() == digest(DOCUMENT), "run make client"


def test_each_operation_is_a_module_but_the_stream() -> None:
    paths = json.loads(DOCUMENT.read_text())["paths"]
    ids = {operation["operationId"].replace(".", "_") for methods in paths.values() for operation in methods.values()}
    modules = {path.stem for path in (CLIENT / "tintype_client" / "api").glob("*/*.py")}

    assert modules - {"__init__"} == ids - {"notifications_stream"}
