"""The calls that answer a request: a route's function after its dependencies. Their order is worked out once."""

from collections.abc import Callable, Mapping
from inspect import iscoroutinefunction
from typing import Any, cast

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import QueryParams

Errors = list[Any]

_REFUSED = object()
"""The result of a call that was left out, because its parameters are invalid."""


class CallPlan:
    """Calls each function once, with the parameters and errors that the framework's solver would give. `run` raises
    `RequestValidationError` with all errors of the parameters, and what the functions raise."""

    def __init__(self, route: Dependant) -> None:
        self._calls: list[_Call] = []
        self._positions: dict[Callable[..., Any], int] = {}
        self._add(route)

    def _add(self, dependant: Dependant) -> int:
        """Add a function behind its dependencies. Return its position."""
        inputs = [(dependency.name, self._add(dependency)) for dependency in dependant.dependencies]
        function = cast(Callable[..., Any], dependant.call)
        if function not in self._positions:
            self._positions[function] = len(self._calls)
            self._calls.append(_Call(dependant, function, inputs))
        return self._positions[function]

    async def run(self, request: Request, response: Response) -> Any:
        """Return the result of the route's function."""
        results: list[Any] = []
        errors: Errors = []
        for call in self._calls:
            arguments = call.make_arguments(request, response, results, errors)
            results.append(_REFUSED if arguments is None else await call.function(**arguments))
        if errors:
            raise RequestValidationError(errors)
        return results[-1]


class _Call:
    """A function with the sources of its arguments. `inputs` are positions of results, by the argument's name."""

    def __init__(
        self, dependant: Dependant, function: Callable[..., Any], inputs: list[tuple[str | None, int]]
    ) -> None:
        if not (iscoroutinefunction(function) or iscoroutinefunction(cast(Any, function).__call__)):
            raise TypeError(f"{function} is not a coroutine function; the framework would call it in a thread")
        self.function = function
        self._dependant = dependant
        self._inputs = inputs
        self._defaults = _query_defaults(dependant)
        if not all(field.field_info.annotation is str for field in dependant.path_params):
            raise TypeError(f"{function} has a parsed path parameter; take the text and parse it")

    def make_arguments(
        self, request: Request, response: Response, results: list[Any], errors: Errors
    ) -> dict[str, Any] | None:
        """Return the arguments. Add errors to `errors`; None if there are any here or in a dependency."""
        known, dependant = len(errors), self._dependant
        arguments = {name: results[position] for name, position in self._inputs if name is not None}
        for field in dependant.path_params:
            arguments[field.name] = request.path_params[field.alias]
        if request.scope["query_string"] or self._defaults is None:
            arguments |= _parse(dependant.query_params, request.query_params, errors)
        else:
            arguments |= self._defaults
        if dependant.header_params:
            arguments |= _parse(dependant.header_params, request.headers, errors)
        if dependant.request_param_name:
            arguments[dependant.request_param_name] = request
        if dependant.response_param_name:
            arguments[dependant.response_param_name] = response
        if errors and (len(errors) > known or any(results[position] is _REFUSED for _, position in self._inputs)):
            return None
        return arguments


def _parse(fields: Any, sent: Mapping[str, Any], errors: Errors) -> dict[str, Any]:
    values, found = request_params_to_args(fields, cast(Any, sent))
    errors += found
    return values


def _query_defaults(dependant: Dependant) -> dict[str, Any] | None:
    """Return the parameters of a request without a query; None if one is required."""
    values, errors = request_params_to_args(dependant.query_params, QueryParams())
    return None if errors else values
