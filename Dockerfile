# Images: `run` (API and worker, told apart by their command), `inference` (the eye by itself, on the processor),
# `inference-cuda` (on an NVIDIA GPU) and `test`. All are what `make setup` makes on a laptop: the same locks, the same
# launcher, by the same script.

FROM python:3.12-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONPATH=/app/src PATH=/app/.venv/bin:$PATH
WORKDIR /app


FROM base AS packages
COPY bin bin
COPY requirements requirements
RUN --mount=type=cache,target=/root/.cache/pip python -I bin/setup.py cpu


FROM base AS gpu-packages
COPY bin bin
COPY requirements requirements
RUN --mount=type=cache,target=/root/.cache/pip python -I bin/setup.py gpu


FROM packages AS test-packages
RUN --mount=type=cache,target=/root/.cache/pip python -I bin/setup.py dev


FROM base AS app
RUN groupadd --gid 10001 tintype \
    && useradd --uid 10001 --gid tintype --home-dir /var/lib/tintype --create-home --shell /usr/sbin/nologin tintype
# No conversion inside a container: a model comes by `tintype model install` into the volume.
ENV TINTYPE_HOME=/var/lib/tintype TINTYPE_MODEL_FETCH=off
COPY alembic.ini pyproject.toml ./
COPY migrations migrations
COPY src src
RUN python -m compileall -q src migrations


# docker build --target test --tag tintype-test . && docker run --rm tintype-test
FROM app AS test
COPY --from=test-packages /app/.venv .venv
COPY tests tests
RUN chown tintype:tintype .
USER 10001:10001
CMD ["python", "-m", "pytest", "-p", "no:cacheprovider", "-m", "not browser and not convert and not transformers"]


FROM app AS inference
COPY --from=packages /app/.venv .venv
USER 10001:10001
VOLUME /var/lib/tintype
EXPOSE 9000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9000/v2/health/live', timeout=2)"]
CMD ["tintype", "inference", "--host", "0.0.0.0"]


# docker run --gpus all …, with NVIDIA's container toolkit; CUDA and cuDNN come as wheels.
FROM inference AS inference-cuda
COPY --from=gpu-packages /app/.venv .venv


FROM app AS run
COPY --from=packages /app/.venv .venv
USER 10001:10001
VOLUME /var/lib/tintype
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["tintype", "serve", "--no-worker", "--host", "0.0.0.0"]
