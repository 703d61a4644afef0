"""Dashboard and alert rules use metrics that exist. promtool, where it is installed, checks and tests the rules."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from entrypoints.asgi import create_app
from entrypoints.inference.app import create_app as create_inference_app
from tests.containers import memory_container
from tests.deploy.manifests import MONITORING
from tests.entrypoints.rest.conftest import client_of_app
from tests.entrypoints.rest.visitors import new_visitor

PROMTOOL = shutil.which("promtool")
DASHBOARD: dict[str, Any] = json.loads((MONITORING / "dashboard.json").read_text())
PANELS: list[dict[str, Any]] = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
RULES: list[dict[str, Any]] = yaml.safe_load((MONITORING / "alerts.yaml").read_text())["groups"][0]["rules"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
ADDED_BY_PROMETHEUS = {"job", "instance"}
_SELECTOR = re.compile(r"\b((?:tintype|process)_[a-z_]+)(?:\{([^}]*)\})?")
_MATCHER = re.compile(r"(\w+)(=~|!=|!~|=)\"([^\"]*)\"")


def expressions() -> list[str]:
    return [expr.replace("$__rate_interval", "5m") for expr in [*QUERIES, *(rule["expr"] for rule in RULES)]]


@pytest.fixture
async def samples() -> dict[str, set[str]]:
    """The labels of each metric of API and inference service, after some work."""
    container = memory_container()
    api, inference = create_app(container), create_inference_app(memory_container())
    async with client_of_app(api) as client:
        ada = await new_visitor(client, "ada")
        await ada.upload()
        await container.storage().counters.record_check(datetime.now(UTC))
        found = dict(read_metrics((await client.get("/metrics")).text))
    async with client_of_app(inference) as client:
        await client.post("/v1/classify", content=b"no image")
        return found | dict(read_metrics((await client.get("/metrics")).text))


def read_metrics(text: str) -> Iterator[tuple[str, set[str]]]:
    for family in text_string_to_metric_families(text):
        yield from ((sample.name, set(sample.labels)) for sample in family.samples)
        if family.type == "counter":  # a counter without samples yet
            yield f"{family.name}_total", {label for sample in family.samples for label in sample.labels}


async def test_metrics_exist_and_have_these_labels(samples: dict[str, set[str]]) -> None:
    used = [
        (name, {label for label, _, _ in _MATCHER.findall(matchers)})
        for text in expressions()
        for name, matchers in _SELECTOR.findall(text)
    ]

    assert len(used) > 30
    assert {name for name, _ in used} - samples.keys() == set()
    assert [(name, labels) for name, labels in used if not labels <= samples[name] | ADDED_BY_PROMETHEUS] == []


async def test_routes_and_states_exist() -> None:
    routes = create_app(memory_container()).openapi()["paths"].keys()
    compared = {
        (label, value)
        for text in expressions()
        for _, matchers in _SELECTOR.findall(text)
        for label, operator, value in _MATCHER.findall(matchers)
        if operator in {"=", "!="}
    }

    assert {value for label, value in compared if label == "route"} <= routes
    assert {value for label, value in compared if label == "state"} <= {"pending", "running", "failed"}


@pytest.mark.parametrize("text", expressions())
def test_expressions_are_promql(text: str) -> None:
    promql_parser.parse(text)


def test_every_metric_of_the_program_is_on_the_dashboard(samples: dict[str, set[str]]) -> None:
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for text in QUERIES for name, _ in _SELECTOR.findall(text)}
    ours = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in samples if name.startswith("tintype_")}

    assert {
        name for name in ours - shown if not name.startswith("tintype_requests") and name != "tintype_inference_batches"
    } == set()


def test_alerts_state_severity_and_remedy() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"].keys() == {"summary", "description"}
        assert rule["for"]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_panels_follow_the_rules_of_grafana(panel: dict[str, Any]) -> None:
    """Those of its dashboard linter that are about panels."""
    assert panel["title"]
    assert panel["description"]
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["datasource"]["uid"] == "${datasource}"
    for target in panel["targets"]:
        assert all('job=~"$job"' in matchers for _, matchers in _SELECTOR.findall(target["expr"]))
        assert re.findall(r"\brate\(", target["expr"]) == ["rate("] * target["expr"].count("[$__rate_interval]")
        assert target["legendFormat"]


def test_dashboard_has_variables_and_no_overlapping_panels() -> None:
    variables = [variable["name"] for variable in DASHBOARD["templating"]["list"]]
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    identifiers = [panel["id"] for panel in DASHBOARD["panels"]]

    assert variables == ["datasource", "job"]
    assert len(set(identifiers)) == len(identifiers)
    assert all(place["x"] + place["w"] <= 24 for place in places)
    assert not any(overlap(one, other) for one, other in combinations(places, 2))


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return all(
        one[start] < other[start] + other[size] and other[start] < one[start] + one[size]
        for start, size in (("x", "w"), ("y", "h"))
    )


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not on this machine (it is in Debian's package prometheus)")
@pytest.mark.parametrize("command", [("check", "rules", "alerts.yaml"), ("test", "rules", "alerts_test.yaml")])
def test_rules_pass_promtool(command: tuple[str, ...]) -> None:
    done = subprocess.run([str(PROMTOOL), *command], cwd=MONITORING, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
