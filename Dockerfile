# One image: server (default), studio, worker, or one portable file served alone. Runs as a user without rights.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv .venv
COPY infra/installer.lock infra/installer.lock
RUN .venv/bin/pip install --no-cache-dir --require-hashes -r infra/installer.lock
COPY requirements.lock .
RUN VIRTUAL_ENV=/app/.venv UV_LINK_MODE=copy .venv/bin/uv pip install --no-cache --compile-bytecode --require-hashes -r requirements.lock

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 10001 storeclerk && mkdir /data && chown storeclerk /data
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY engine engine
COPY channel_adapters channel_adapters
COPY studio studio
COPY pages pages
COPY .streamlit .streamlit
RUN .venv/bin/python -m compileall -q engine channel_adapters studio pages
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1 \
    STORECLERK_DATA_DIR=/data \
    STORECLERK_HOST=0.0.0.0 \
    STORECLERK_LOG_FORMAT=json
USER storeclerk
VOLUME /data
EXPOSE 8000 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"
CMD ["python", "-m", "studio.entrypoints.server"]
# docker run ... python -m studio.entrypoints.studio
# docker run ... python -m studio.entrypoints.worker
# docker run --read-only --tmpfs /tmp -p 8000:8000 -v ./shop.zip:/shop.zip:ro ... python -m channel_adapters /shop.zip
