"""Build all images, test them as compose.yaml runs them, and record their sizes.

python3 -m tests.images [--bases debian|registry] [--only TARGET…] [--suite ARGUMENTS] [--allow-missing]
"""

import argparse
import json
import os
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.images import bases, confinement, formats, sizes
from tests.images.composition import CHECKOUT, Composition
from tests.images.engine import Docker, Failed, Missing, engine
from tests.images.service import Service

IMAGES = {
    "run": "tintype:test",
    "inference": "tintype-inference:test",
    "inference-cuda": "tintype-inference-cuda:test",
    "test": "tintype-test:test",
}
ENCODING = "tintype-packages:test"
"""The Dockerfile's stage `packages`: what encodes photographs is still in it."""
SHIPPED = ("run", "inference", "inference-cuda")
REPORT = CHECKOUT / "docs" / "benchmarks" / "images.md"
SUITE = "not browser and not convert and not transformers"
UNIT_TESTS = (
    f"-n auto --dist worksteal -m '{SUITE} and not postgres and not e2e' "
    "tests/adapters tests/architecture tests/contracts tests/domain tests/hostile tests/properties tests/services"
)
"""The last -m counts."""
PHOTOGRAPH, LABEL = CHECKOUT / "docs" / "screenshots" / "newest-desktop.jpg", "website"
"""A photograph of the repository's own that the default model is sure of."""
LARGE = 3_000_000
"""Bytes of an upload that a server does not keep in memory."""


class Trial:
    def __init__(self, docker: Docker, options: argparse.Namespace) -> None:
        self._docker = docker
        self._options = options
        self._began = time.monotonic()

    def run(self) -> None:
        variables: dict[str, str] = {}
        if self._options.bases == "debian":
            self._say("making stand-ins for the public images")
            variables = bases.stand_ins(self._docker, self._options.store)
        services = Composition(self._docker, variables, self._overrides())
        self._build(services, variables)
        for target in self._select_targets(SHIPPED):
            self._say(f"looking into {target}")
            self._look_into(target)
        if "test" in self._options.only:
            self._say(f"running pytest {self._options.suite} in the test image")
            self._run_suite()
        if {"run", "inference"} <= set(self._options.only):
            self._serve(services)
        self._weigh()

    def _select_targets(self, targets: tuple[str, ...]) -> Iterator[str]:
        return (target for target in targets if target in self._options.only)

    def _overrides(self) -> list[Path]:
        """Behind a proxy, compose.proxy.yaml; for an engine without its own network, the host's network."""
        files = [CHECKOUT / "compose.proxy.yaml"] if pip_conf().exists() else []
        if self._docker.own:
            names = ("migrate", "api", "worker", "inference")
            network = self._options.store / "compose.network.yaml"
            network.write_text(json.dumps({"services": {name: {"build": {"network": "host"}} for name in names}}))
            files.append(network)
        return files

    def _build(self, services: Composition, variables: dict[str, str]) -> None:
        self._say("building run and inference, as compose.yaml says")
        services("build", "migrate", "inference")
        options = [part for name, value in variables.items() for part in ("--build-arg", f"{name}={value}")]
        if pip_conf().exists():
            options += [
                "--secret",
                f"id=pip.conf,src={pip_conf()}",
                "--secret",
                f"id=certificates,src={certificates()}",
            ]
        if self._docker.own:
            options += ["--network", "host"]
        targets = {name: IMAGES[name] for name in self._select_targets(("test", "inference-cuda"))} | {
            "packages": ENCODING
        }
        for target, image in targets.items():
            self._say(f"building {target}")
            self._docker("build", *options, "--target", target, "--tag", image, CHECKOUT)

    def _look_into(self, target: str) -> None:
        script = (Path(__file__).parent / "contents.py").read_text(encoding="utf-8")
        options = ("--rm", "--interactive", "--network=none", "--read-only", "--cap-drop=ALL")
        if faults := self._docker("run", *options, IMAGES[target], "python", "-", text=script):
            raise Failed(f"{target}:\n{faults}")
        if target == "run":
            for client in ("psql", "pg_dump", "pg_restore"):
                self._docker("run", "--rm", "--network=none", "--read-only", IMAGES[target], client, "--version")
            confinement.check_foreign_volume(self._docker, IMAGES[target])
            confinement.check_missing_plots(self._docker, IMAGES[target])

    def _run_suite(self) -> None:
        command = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["-m", SUITE, *shlex.split(self._options.suite)]
        print(self._docker("run", "--rm", "--init", "--network=none", IMAGES["test"], *command).splitlines()[-1])

    def _serve(self, services: Composition) -> None:
        photograph = self._options.photograph.read_bytes()
        self._say("starting compose.yaml")
        with services.run():
            self._say("one photograph from a new account to its label")
            self._label(services, photograph)
            confinement.check_confinement(services)
            self._say("one photograph in every format")
            self._read_every_format(services, photograph)
            confinement.check_decoding_confinement(services)
            self._say("killing the worker")
            confinement.check_worker_restart(services)
            # Another file, so that its labels are the new worker's; and one that passes through /tmp.
            self._label(services, photograph + bytes(LARGE))
            self._say("stopping")
            confinement.check_clean_stop(services)
            self._say("stopped, each with status 0")

    def _label(self, services: Composition, photograph: bytes) -> None:
        service = Service(services.address("api", 8000))
        service.sign_up()
        image = service.publish(photograph)
        labels = service.labels(image, within=120)
        if self._options.label not in labels:
            raise Failed(f"the photograph shows a {self._options.label}, and was labelled {labels}")
        if b"<title>" not in service.read("/explore"):
            raise Failed("/explore is no page")

    def _read_every_format(self, services: Composition, photograph: bytes) -> None:
        photographs = formats.encode_formats(self._docker, ENCODING, photograph)
        api = Service(services.address("api", 8000))
        api.sign_up()
        formats.check_uploads(api, photographs)
        formats.check_classification(Service(services.address("inference", 9000)), photographs, self._options.label)

    def _weigh(self) -> None:
        weights = [sizes.weight(self._docker, target, IMAGES[target]) for target in self._select_targets(tuple(IMAGES))]
        for it in weights:
            self._say(f"{it.target}: {it.megabytes} MB")
        if set(self._options.only) == set(IMAGES):
            on = "on Debian's packages" if self._options.bases == "debian" else "on the public images"
            sizes.write(REPORT, weights, on)
        if heavy := [
            f"{it.target} weighs {it.megabytes} MB of {sizes.LIMITS[it.target]}" for it in weights if it.too_much
        ]:
            raise Failed("; ".join(heavy))

    def _say(self, text: str) -> None:
        print(f"{time.monotonic() - self._began:4.0f} s  {text}", flush=True)


def pip_conf() -> Path:
    return Path(os.environ.get("PIP_CONF", "/etc/pip.conf"))


def certificates() -> Path:
    return Path(os.environ.get("CERTIFICATES", "/etc/ssl/certs/ca-certificates.crt"))


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m tests.images", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--bases", choices=("debian", "registry"), default="debian", help="what to build on")
    parser.add_argument("--only", nargs="+", choices=IMAGES, default=list(IMAGES), help="targets")
    parser.add_argument("--suite", default=UNIT_TESTS, help="what pytest runs in the test image (%(default)s)")
    parser.add_argument("--photograph", type=Path, default=PHOTOGRAPH, help="what to upload (%(default)s)")
    parser.add_argument("--label", default=LABEL, help="what it shows (%(default)s)")
    parser.add_argument("--store", type=Path, default=Path("/var/tmp/tintype-images"), help="layers and stand-ins")  # noqa: S108
    parser.add_argument("--allow-missing", action="store_true", help="exit 0 where no image can be built")
    return parser.parse_args()


def main() -> int:
    chosen = options()
    chosen.store.mkdir(parents=True, exist_ok=True)
    try:
        with engine(chosen.store) as docker:
            Trial(docker, chosen).run()
    except Missing as missing:
        print(f"No image was built or tried. {missing}", file=sys.stderr)
        return 0 if chosen.allow_missing else 1
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
