"""The committed OpenAPI documents are those of the services, fit for generators, and change compatibly only."""

import json
import re
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

from bin.openapi import documents, find_changes, main
from bin.openapi_changes import breaking_changes
from tests.architecture.documents import DOCS

Json = dict[str, Any]

DOCUMENTS = documents()
REST = DOCUMENTS["openapi.json"]
OPERATIONS = {
    name: [operation for operations in document["paths"].values() for operation in operations.values()]
    for name, document in DOCUMENTS.items()
}


def schemas(document: Json) -> Json:
    found: Json = document["components"]["schemas"]
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_compatible_with_committed_one(name: str) -> None:
    assert find_changes(DOCS / name, DOCUMENTS[name]) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_committed_document_is_current(name: str) -> None:
    assert json.loads((DOCS / name).read_text()) == DOCUMENTS[name], "run make openapi"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_operation_has_an_id_of_resource_and_action(name: str) -> None:
    ids = [one["operationId"] for one in OPERATIONS[name]]

    assert [one for one in ids if not re.fullmatch(r"[a-z_]+\.[a-z_]+", one)] == []
    assert len(ids) == len(set(ids))


def test_errors_of_inference_protocol_have_its_schema() -> None:
    document = DOCUMENTS["openapi-inference.json"]
    error = {"schema": {"$ref": "#/components/schemas/InferenceError"}}
    responses = [
        operation["responses"]
        for path, operations in document["paths"].items()
        if path.startswith("/v2/models/")
        for operation in operations.values()
    ]

    assert len(responses) == 6
    assert all(one[status]["content"] == {"application/json": error} for one in responses for status in ("4XX", "5XX"))
    assert all(one.keys() == {"200", "4XX", "5XX"} for one in responses)
    assert not {"HTTPValidationError", "ValidationError"} & schemas(document).keys()


def test_tag_of_operation_is_its_resource() -> None:
    ids = {one["operationId"]: one["tags"] for one in OPERATIONS["openapi.json"]}

    assert {name: tags for name, tags in ids.items() if tags != [name.partition(".")[0].replace("_", "-")]} == {}
    assert {"posts.list", "posts.create", "me.delete", "notifications.stream"} <= ids.keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_schemas_have_plain_names_and_each_reference_leads_to_one(name: str) -> None:
    names = schemas(DOCUMENTS[name]).keys()

    assert [one for one in names if not re.fullmatch(r"[A-Z][A-Za-z]+(?<!Out)(?<!Body)", one)] == []
    assert set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(DOCUMENTS[name]))) <= names


@pytest.mark.parametrize("name", DOCUMENTS)
def test_operations_have_distinct_summaries(name: str) -> None:
    summaries = [operation["summary"] for operation in OPERATIONS[name]]

    assert [one for one in summaries if summaries.count(one) > 1] == []
    assert [one for one in summaries if not 5 < len(one) < 100 or one.endswith(".")] == []


def test_schema_names_are_specific() -> None:
    names = schemas(REST).keys()

    assert {"TaskState", "ImageSize", "TextSource", "RankingWindow"} <= names
    assert not {"State", "Size", "Source", "Window"} & names


GONE = object()
SINCE = {"in": "query", "name": "since", "schema": {"type": "string"}}
FEED, POSTS = ("paths", "/v1/feed", "get"), ("paths", "/v1/posts")
LIKE = ("paths", "/v1/posts/{post_id}/like", "put")
SCHEMAS = ("components", "schemas")
BREAKING = [
    ("GET /v1/feed was removed", ("paths", "/v1/feed"), GONE),
    ("DELETE /v1/me was removed", ("paths", "/v1/me", "delete"), GONE),
    ("GET /v1/feed: the operation id feed.get is now feed.read", (*FEED, "operationId"), "feed.read"),
    ("GET /v1/feed: the query parameter limit was removed", (*FEED, "parameters", 0), GONE),
    ("GET /v1/feed: the query parameter since is now required", (*FEED, "parameters"), [SINCE | {"required": True}]),
    ("GET /v1/feed: the query parameter limit: maximum is now 50", (*FEED, "parameters", 0, "schema", "maximum"), 50),
    ("GET /v1/feed: response 200 was removed", (*FEED, "responses", "200"), GONE),
    ("POST /v1/posts: response 201.text was removed", (*SCHEMAS, "Post", "properties", "text"), GONE),
    (
        "POST /v1/posts: response 201.images[].urls.thumb was removed",
        (*SCHEMAS, "ImageUrls", "properties", "thumb"),
        GONE,
    ),
    ("POST /v1/posts: response 201.edited_at can now be missing", (*SCHEMAS, "Post", "required"), ["id"]),
    (
        "POST /v1/posts: response 201.text can now be of type null",
        (*SCHEMAS, "Post", "properties", "text"),
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
    ),
    ("POST /v1/posts: request.visibility lost the value followers", (*SCHEMAS, "Visibility", "enum"), ["public"]),
    ("POST /v1/posts: request.text was removed", (*SCHEMAS, "PostCreate", "properties", "text"), GONE),
    ("POST /v1/posts: request.text is now required", (*SCHEMAS, "PostCreate", "required"), ["image_ids", "text"]),
    (
        "PATCH /v1/images/{image_id}: request.alt_text can no longer be of type null",
        (*SCHEMAS, "ImageUpdate", "properties", "alt_text"),
        {"type": "string"},
    ),
    (
        "PUT /v1/posts/{post_id}/like: a request body is now required",
        (*LIKE, "requestBody"),
        {"required": True, "content": {}},
    ),
    (
        "POST /v1/posts: request: the content type application/json was removed",
        (*POSTS, "post", "requestBody", "content"),
        {},
    ),
]
COMPATIBLE = [
    ("an operation", (*POSTS, "put"), REST["paths"]["/v1/posts"]["post"]),
    ("a field of a response", (*SCHEMAS, "Post", "properties", "pinned"), {"type": "null"}),
    ("an optional field of a request", (*SCHEMAS, "PostCreate", "properties", "language"), {"type": "string"}),
    ("an optional parameter", (*LIKE, "parameters"), [*REST["paths"][LIKE[1]]["put"]["parameters"], SINCE]),
    ("a value of an enumeration", (*SCHEMAS, "Visibility", "enum"), ["public", "followers", "unlisted"]),
    ("a wider bound", (*FEED, "parameters", 0, "schema", "maximum"), 200),
    ("one error less", (*FEED, "responses", "503"), GONE),
]


def change(keys: tuple[Any, ...], value: object) -> Json:
    """Return the document with another value at the place that the keys name."""
    changed: Any = deepcopy(REST)
    parent = reduce(getitem, keys[:-1], changed)
    if value is GONE:
        del parent[keys[-1]]
    else:
        parent[keys[-1]] = value
    found: Json = changed
    return found


@pytest.mark.parametrize(("sentence", "keys", "value"), BREAKING, ids=[case[0] for case in BREAKING])
def test_breaking_change_is_named(sentence: str, keys: tuple[Any, ...], value: object) -> None:
    assert sentence in breaking_changes(REST, change(keys, value))


@pytest.mark.parametrize(("keys", "value"), [case[1:] for case in COMPATIBLE], ids=[case[0] for case in COMPATIBLE])
def test_compatible_change_is_allowed(keys: tuple[Any, ...], value: object) -> None:
    changed = change(keys, value)

    assert changed != REST
    assert breaking_changes(REST, changed) == []


def test_renamed_schema_of_equal_shape_is_compatible() -> None:
    renamed = json.loads(json.dumps(REST).replace("/schemas/TaskState", "/schemas/Progress"))
    schemas(renamed)["Progress"] = schemas(renamed).pop("TaskState")

    assert breaking_changes(REST, renamed) == []


def test_make_openapi_refuses_a_document_that_breaks_clients(tmp_path: Path) -> None:
    former = deepcopy(REST)
    former["paths"]["/v1/gone"] = former["paths"]["/healthz"]
    committed = tmp_path / "openapi.json"
    committed.write_text(json.dumps(former))

    with pytest.raises(SystemExit, match=r"GET /v1/gone was removed\nNothing was written(.|\n)*--breaking"):
        main(str(tmp_path))
    assert json.loads(committed.read_text()) == former
    main(str(tmp_path), "--breaking")
    assert json.loads(committed.read_text()) == REST
