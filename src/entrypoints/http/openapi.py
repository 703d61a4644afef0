"""The OpenAPI documents of both services."""

import json
from typing import Any, cast

from fastapi import FastAPI
from fastapi.routing import APIRoute

from entrypoints.http.problems import Problem

_SCHEMAS = "#/components/schemas/"


def operation_id(route: APIRoute) -> str:
    """Return `resource.action`, such as `posts.list`: the tag and the name of the route. Generated clients name their
    functions by it, so it is part of the API."""
    resource = str(route.tags[0]).replace("-", "_") + "." if route.tags else ""  # web pages have no tag
    return resource + route.name


def complete_document(app: FastAPI) -> None:
    """Add the schema of problems, to which the errors of all routes refer, and name the schemas of lists."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _name_by_title(_with_problems(generate()))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI documents for extending it


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template=_SCHEMAS + "{model}")
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(schema.pop("$defs", {}))
    schemas["Problem"] = schema
    return document


def _name_by_title(document: dict[str, Any]) -> dict[str, Any]:
    """Name each schema by its title, which is its class. Pydantic names generic classes `ListOf_Post_`."""
    text = json.dumps(document)
    for name, schema in document["components"]["schemas"].items():
        text = text.replace(json.dumps(_SCHEMAS + name), json.dumps(_SCHEMAS + schema["title"]))
    named = cast(dict[str, Any], json.loads(text))
    named["components"]["schemas"] = {schema["title"]: schema for schema in named["components"]["schemas"].values()}
    return named
