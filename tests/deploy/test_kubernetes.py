"""The manifests fit the program. `make lint-kubernetes` checks them against the schemas of Kubernetes."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from typer.main import get_command

from adapters.postgres.database import PLANNING_POOL_SIZE, POOL_SIZE
from entrypoints.asgi import create_app
from entrypoints.cli.app import app
from entrypoints.inference.app import create_app as create_inference_app
from entrypoints.settings import INFERENCE_PORT, Settings
from tests.containers import memory_container
from tests.deploy.manifests import DEPLOY, RESOURCES, WORKLOADS, containers, named, of_kind, variables, walk

NEEDS_DATABASE = {"tintype-api", "tintype-worker", "tintype-migrate"}
POOLS_PER_PROCESS = 2 * POOL_SIZE + 2 * PLANNING_POOL_SIZE + 1
"""Connections of an API process: two pools, one for each time limit of planned statements, and a listener."""
QUEUE_POOL = 4
"""Further connections of a worker."""


def test_variables_are_settings_with_valid_values() -> None:
    found = variables()
    ours = {name: value for name, value in found if name.startswith("TINTYPE_")}
    settings = {name.removeprefix("TINTYPE_").lower(): value for name, value in ours.items() if value is not None}

    assert {"TINTYPE_DATABASE_URL", "TINTYPE_CLASSIFIER", "TINTYPE_TRACING"} <= ours.keys()
    assert {name for name, _ in found if not name.startswith(("TINTYPE_", "OTEL_"))} == set()
    assert settings.keys() - Settings.model_fields.keys() == set()
    Settings.model_validate(settings)


@pytest.mark.parametrize("name", WORKLOADS)
def test_commands_exist(name: str) -> None:
    program, *arguments = containers()[name]["command"]

    assert program == "tintype"
    assert parse(get_command(app), arguments)


def parse(command: Any, arguments: list[str]) -> Any:
    """Return the parameters of a command line. Raises `UsageError`."""
    while hasattr(command, "commands"):
        command = command.commands[arguments.pop(0)]
    return command.make_context("tintype", arguments).params is not None


APPLICATIONS = {"tintype-api": create_app, "tintype-inference": create_inference_app}


@pytest.mark.parametrize("name", APPLICATIONS)
async def test_probes_are_answered_by_address(name: str) -> None:
    container = containers()[name]
    probes = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")}
    application: FastAPI = APPLICATIONS[name](memory_container(config={"metrics_port": 9100}))

    async with AsyncClient(transport=ASGITransport(application), base_url="http://any.name") as client:
        answers = {kind: (await client.get(probe["path"])).status_code for kind, probe in probes.items()}

    assert answers == {"startup": 200, "readiness": 200, "liveness": 200}
    assert {probe["port"] for probe in probes.values()} == {"http"}


def test_ports_are_those_of_the_settings() -> None:
    ports = {
        name: {port["name"]: port["containerPort"] for port in found.get("ports", [])}
        for name, found in containers().items()
    }
    set_ports = {int(str(value)) for name, value in variables() if name == "TINTYPE_METRICS_PORT"}

    assert ports["tintype-api"]["http"] == Settings.model_fields["port"].default
    assert ports["tintype-inference"]["http"] == INFERENCE_PORT
    assert {found["metrics"] for found in ports.values() if found} == set_ports
    assert f"TINTYPE_INFERENCE_URL=http://tintype-inference:{INFERENCE_PORT}" in settings_text()


def settings_text() -> str:
    return (DEPLOY / "kubernetes" / "base" / "settings.env").read_text()


@pytest.mark.parametrize("name", WORKLOADS)
def test_pods_are_confined(name: str) -> None:
    spec, container = WORKLOADS[name]["spec"], containers()[name]
    uid = int(re.findall(r"useradd --uid (\d+)", (DEPLOY.parent / "Dockerfile").read_text())[0])
    mounts = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in spec["volumes"]}

    assert not spec["automountServiceAccountToken"]
    # Otherwise Kubernetes sets TINTYPE_PORT and the like to addresses of services.
    assert not spec["enableServiceLinks"]
    assert spec["securityContext"]["runAsNonRoot"]
    assert {spec["securityContext"][key] for key in ("runAsUser", "runAsGroup", "fsGroup")} == {uid}
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "emptyDir" in volumes[mounts["/tmp"]]  # noqa: S108 — large uploads are stored there
    assert set(mounts.values()) == volumes.keys()


def test_database_is_read_from_the_secret_of_its_cluster() -> None:
    cluster = named("Cluster", "tintype-database")["metadata"]["name"]
    references = {
        name: entry["valueFrom"]["secretKeyRef"]
        for name, container in containers().items()
        for entry in container.get("env", [])
        if entry["name"] == "TINTYPE_DATABASE_URL"
    }
    (keda,) = named("TriggerAuthentication", "tintype-database")["spec"]["secretTargetRef"]

    assert references == {name: {"name": f"{cluster}-app", "key": "uri"} for name in NEEDS_DATABASE}
    assert (keda["name"], keda["key"]) == (f"{cluster}-app", "uri")


def test_selectors_find_pods() -> None:
    labels = {template["metadata"]["labels"]["app.kubernetes.io/name"] for template in WORKLOADS.values()}
    selected = {
        value
        for resource in RESOURCES
        for node in walk(resource)
        for key, value in node.items()
        if key == "app.kubernetes.io/name" and isinstance(value, str)
    }
    listed = {
        value
        for resource in of_kind("NetworkPolicy")
        for node in walk(resource)
        if node.get("key") == "app.kubernetes.io/name"
        for value in node["values"]
    }

    assert labels == WORKLOADS.keys()
    assert selected | listed <= labels


def test_each_connection_between_pods_is_allowed_on_both_sides() -> None:
    """Everything else is denied."""
    assert named("NetworkPolicy", "default-deny")["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for allowed, by, source in (
        ("inference", "to-inference", {"tintype-api", "tintype-worker"}),
        ("database", "to-database", NEEDS_DATABASE),
    ):
        assert names_in(named("NetworkPolicy", allowed)["spec"]["ingress"]) >= source
        assert names_in(named("NetworkPolicy", by)["spec"]["podSelector"]) == source


def names_in(node: Any) -> set[str]:
    return {name for found in walk(node) for name in found.get("values", [])}


def test_scalers_and_budgets_refer_to_workloads() -> None:
    targets = [
        resource["spec"]["scaleTargetRef"]["name"]
        for resource in [*of_kind("HorizontalPodAutoscaler"), *of_kind("ScaledObject")]
    ]

    assert sorted(targets) == ["tintype-api", "tintype-inference", "tintype-worker"]
    assert {budget["metadata"]["name"] for budget in of_kind("PodDisruptionBudget")} == set(targets)


def test_database_accepts_the_pools_of_all_replicas() -> None:
    api = named("HorizontalPodAutoscaler", "tintype-api")["spec"]["maxReplicas"]
    workers = named("ScaledObject", "tintype-worker")["spec"]["maxReplicaCount"]
    accepted = int(named("Cluster", "tintype-database")["spec"]["postgresql"]["parameters"]["max_connections"])

    assert api * POOLS_PER_PROCESS + workers * (POOLS_PER_PROCESS + QUEUE_POOL) + 10 <= accepted


@pytest.mark.postgres
async def test_statements_of_operators_run_on_the_database(database_url: str) -> None:
    import asyncpg

    (trigger,) = named("ScaledObject", "tintype-worker")["spec"]["triggers"]
    initial = named("Cluster", "tintype-database")["spec"]["bootstrap"]["initdb"]["postInitApplicationSQL"]
    connection = await asyncpg.connect(database_url)
    try:
        for statement in initial:
            await connection.execute(statement)
        assert isinstance(await connection.fetchval(trigger["metadata"]["query"]), int)
    finally:
        await connection.close()


def test_overlays_and_components_list_all_their_files() -> None:
    for path in DEPLOY.rglob("kustomization.yaml"):
        text = path.read_text()
        files = {found.name for found in path.parent.glob("*") if found.is_file() and found.name != path.name}
        assert {name for name in files if name not in text} <= {"alerts.yaml", "alerts_test.yaml"}, path
