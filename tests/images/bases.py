"""The base images: the public ones, or replacements built from Debian packages if no registry is reachable.
debian:trixie-slim is debootstrap's minimal variant without documentation, and so is its replacement."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.images.engine import Docker, Failed, Missing

DEBIAN = "tintype-stand-in/debian:trixie"
POSTGRES = "tintype-stand-in/postgres:17"
_POSTGRES_CONTEXT = Path(__file__).parent / "postgres"
_SUITE = "trixie"
_UNUSED = ("usr/share/doc", "usr/share/info", "usr/share/locale", "usr/share/man", "var/cache/apt", "var/lib/apt/lists")
_CONFIGURATION = {
    "etc/apt/apt.conf.d/docker-clean": (
        'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };\n'
        'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";\nAcquire::Languages "none";\n'
    ),
    "etc/dpkg/dpkg.cfg.d/docker": "".join(
        f"path-exclude /usr/share/{it}/*\n" for it in ("doc", "info", "locale", "man")
    ),
}


def stand_ins(docker: Docker, store: Path) -> dict[str, str]:
    """Build the missing replacements; return the variables by which compose.yaml selects them."""
    if docker.try_command("image", "inspect", DEBIAN).returncode:
        _debian(docker, store / "debian")
    network = ("--network", "host") if docker.own else ()
    docker("build", *network, "--build-arg", f"DEBIAN_IMAGE={DEBIAN}", "--tag", POSTGRES, _POSTGRES_CONTEXT)
    return {"DEBIAN_IMAGE": DEBIAN, "POSTGRES_IMAGE": POSTGRES}


def _debian(docker: Docker, root: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        raise Missing(
            "Stand-ins for the public images need root and debootstrap; with a registry in reach, use BASES=registry."
        )
    shutil.rmtree(root, ignore_errors=True)
    _run("debootstrap", "--variant=minbase", _SUITE, root)
    for folder in _UNUSED:
        shutil.rmtree(root / folder, ignore_errors=True)
        (root / folder).mkdir(parents=True)
    for name, text in _CONFIGURATION.items():
        (root / name).write_text(text)
    archive = root.with_suffix(".tar")
    _run("tar", "--directory", root, "--create", "--file", archive, ".")
    docker("import", "--change", 'CMD ["bash"]', archive, DEBIAN)
    archive.unlink()
    shutil.rmtree(root)


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-10:])
        raise Failed(f"{command[0]} ended with status {done.returncode}:\n{said}")
