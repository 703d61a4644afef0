"""Find the changes of an OpenAPI document that break clients of the former one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_LOWER_BOUNDS = ("minimum", "minLength", "minItems")
_UPPER_BOUNDS = ("maximum", "maxLength", "maxItems")


def breaking_changes(old: Json, new: Json) -> list[str]:
    """Return a sentence for each change that breaks a client: what was removed, narrowed or newly required."""
    return list(_Comparison(old, new).changes())


@dataclass
class _Comparison:
    old: Json
    new: Json
    seen: set[tuple[str, str, bool]] = field(default_factory=set)
    """Pairs of named schemas. A change of one is reported once, not at each of its uses."""

    def changes(self) -> Iterator[str]:
        for path, operations in self.old["paths"].items():
            for method, operation in operations.items():
                where, now = f"{method.upper()} {path}", self.new["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{where} was removed"
                else:
                    yield from self._compare_operations(where, operation, now)

    def _compare_operations(self, where: str, old: Json, new: Json) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{where}: the operation id {old['operationId']} is now {new['operationId']}"
        yield from self._compare_parameters(where, _parameters(old), _parameters(new))
        yield from self._compare_bodies(where, old.get("requestBody", {}), new.get("requestBody", {}))
        for status, response in old["responses"].items():
            if status in new["responses"]:
                yield from self._compare_content(f"{where}: response {status}", response, new["responses"][status])
            elif status.startswith("2"):  # clients cannot rely on an error
                yield f"{where}: response {status} was removed"

    def _compare_parameters(self, where: str, old: Json, new: Json) -> Iterator[str]:
        yield from (f"{where}: the {name} was removed" for name in old if name not in new)
        for name, parameter in new.items():
            former = old.get(name, {})
            if parameter.get("required") and not former.get("required"):
                yield f"{where}: the {name} is now required"
            if former:
                yield from self._compare(f"{where}: the {name}", former["schema"], parameter["schema"], sent=True)

    def _compare_bodies(self, where: str, old: Json, new: Json) -> Iterator[str]:
        if new.get("required") and not old.get("required"):
            yield f"{where}: a request body is now required"
        yield from self._compare_content(f"{where}: request", old, new, sent=True)

    def _compare_content(self, where: str, old: Json, new: Json, *, sent: bool = False) -> Iterator[str]:
        for media_type, body in old.get("content", {}).items():
            now = new.get("content", {}).get(media_type)
            if now is None:
                yield f"{where}: the content type {media_type} was removed"
            else:
                yield from self._compare(where, body.get("schema", {}), now.get("schema", {}), sent=sent)

    def _compare(self, where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
        """Compare schemas. `sent` says that clients send the value; otherwise they receive it."""
        pair = (old.get("$ref", ""), new.get("$ref", ""), sent)
        if all(pair[:2]) and pair in self.seen:
            return
        self.seen.add(pair)
        before, after = _by_type(self.old, old), _by_type(self.new, new)
        lost, added = before.keys() - after.keys(), after.keys() - before.keys()
        yield from (f"{where} can no longer be of type {kind}" for kind in sorted(lost if sent else ()))
        yield from (f"{where} can now be of type {kind}" for kind in sorted(() if sent else added))
        for kind in before.keys() & after.keys():
            yield from self._compare_type(where, before[kind], after[kind], sent=sent)

    def _compare_type(self, where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
        if "enum" in new and (sent or "enum" in old):
            lost = [value for value in old.get("enum", ()) if value not in new["enum"]]
            yield from (f"{where} lost the value {value}" for value in lost)
            if "enum" not in old:
                yield f"{where} now accepts {', '.join(map(str, new['enum']))} only"
        if sent:
            yield from (f"{where}: {name} is now {new[name]}" for name in _narrowed_bounds(old, new))
        if "items" in old:
            yield from self._compare(f"{where}[]", old["items"], new.get("items", {}), sent=sent)
        yield from self._compare_fields(where, old, new, sent=sent)

    def _compare_fields(self, where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        required, now_required = set(old.get("required", ())), set(new.get("required", ()))
        for name, schema in before.items():
            if name in after:
                yield from self._compare(f"{where}.{name}", schema, after[name], sent=sent)
            else:
                yield f"{where}.{name} was removed"
        if sent:
            yield from (f"{where}.{name} is now required" for name in sorted(now_required - required))
        else:
            yield from (f"{where}.{name} can now be missing" for name in sorted((required - now_required) & set(after)))


def _parameters(operation: Json) -> Json:
    return {f"{one['in']} parameter {one['name']}": one for one in operation.get("parameters", ())}


def _by_type(document: Json, schema: Json) -> Json:
    """Return the alternatives of the schema by their types, references resolved."""
    if "$ref" in schema:
        return _by_type(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    alternatives = schema.get("anyOf") or [schema]
    if alternatives != [schema]:
        return {kind: found for one in alternatives for kind, found in _by_type(document, one).items()}
    return {str(schema.get("type", "any")): schema}


def _narrowed_bounds(old: Json, new: Json) -> Iterator[str]:
    for names, sign in ((_LOWER_BOUNDS, 1), (_UPPER_BOUNDS, -1)):
        yield from (name for name in names if name in new and (name not in old or sign * new[name] > sign * old[name]))
