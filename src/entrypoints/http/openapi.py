"""The OpenAPI documents of both services."""

import json
import re
from typing import Any, cast

from fastapi import FastAPI
from fastapi.routing import APIRoute

from entrypoints.http.problems import Problem

_SCHEMAS = "#/components/schemas/"
_FIRST_SENTENCE = re.compile(r".*?(?=[.:;](?:\s|$)|$)", re.DOTALL)
_NAMES = {"Size": "ImageSize", "Source": "TextSource", "State": "TaskState", "Window": "RankingWindow"}
"""Names of schemas whose classes have names that are too general outside the domain."""


def operation_id(route: APIRoute) -> str:
    """Return `resource.action`, such as `posts.list`: the tag and the name of the route. Generated clients name their
    functions by it, so it is part of the API."""
    resource = str(route.tags[0]).replace("-", "_") + "." if route.tags else ""  # web pages have no tag
    return resource + route.name


def complete_document(app: FastAPI) -> None:
    """Add the schema of problems, to which the errors of all routes refer, name the schemas, and let each operation's
    docstring summarize it."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_summaries(_name_by_title(_with_problems(generate())))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI documents for extending it


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template=_SCHEMAS + "{model}")
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(schema.pop("$defs", {}))
    schemas["Problem"] = schema
    return document


def _name_by_title(document: dict[str, Any]) -> dict[str, Any]:
    """Name each schema by its title, which is its class or its name in `_NAMES`. Pydantic names generic classes
    `ListOf_Post_`."""
    for schema in document["components"]["schemas"].values():
        schema["title"] = _NAMES.get(schema["title"], schema["title"])
    text = json.dumps(document)
    for name, schema in document["components"]["schemas"].items():
        text = text.replace(json.dumps(_SCHEMAS + name), json.dumps(_SCHEMAS + schema["title"]))
    named = cast(dict[str, Any], json.loads(text))
    named["components"]["schemas"] = {schema["title"]: schema for schema in named["components"]["schemas"].values()}
    return named


def _with_summaries(document: dict[str, Any]) -> dict[str, Any]:
    """Summarize each operation by the first sentence of its docstring, up to a colon. FastAPI would use the name of the
    function, such as `List`."""
    for operations in document["paths"].values():
        for operation in operations.values():
            if "description" in operation:
                operation["summary"] = _summary(operation["description"])
    return document


def _summary(docstring: str) -> str:
    found = _FIRST_SENTENCE.match(docstring)
    return " ".join(found[0].split()) if found else docstring
