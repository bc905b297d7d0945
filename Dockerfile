# The newsgraph command with its playground and reader. MongoDB is not included: set NEWSGRAPH_MONGODB_URI.

FROM node:22-slim AS pages
COPY docs/graphql.md /build/docs/
WORKDIR /build/api/playground/web
COPY api/playground/web/package.json api/playground/web/package-lock.json api/playground/web/.npmrc ./
RUN npm ci --omit=dev
COPY api/playground/web ./
RUN npm run build
WORKDIR /build/api/reader/web
COPY api/reader/web/package.json api/reader/web/package-lock.json api/reader/web/.npmrc ./
RUN npm ci --omit=dev
COPY api/reader/web ./
RUN npm run build

FROM python:3.13-slim AS packages
RUN python -m venv /opt/newsgraph
ENV PATH=/opt/newsgraph/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
# A separate layer, because the dependencies change less often than the code.
COPY requirements ./requirements
RUN pip install --require-hashes -r requirements/app.lock
COPY pyproject.toml README.md LICENSE ./
COPY api ./api
COPY bodies ./bodies
COPY examples ./examples
COPY loaders ./loaders
COPY schema ./schema
COPY store ./store
COPY --from=pages /build/api/playground/dist ./api/playground/dist
COPY --from=pages /build/api/reader/dist ./api/reader/dist
# The build tools are pinned by hash, too.
RUN pip wheel --no-deps --build-constraint requirements/all.lock --wheel-dir wheels . \
 && pip install --no-deps --no-index wheels/*.whl \
 && pip uninstall --yes pip

FROM python:3.13-slim
COPY --from=packages /opt/newsgraph /opt/newsgraph
ENV PATH=/opt/newsgraph/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NEWSGRAPH_HOST=0.0.0.0 \
    # Callers of the container see published items only, unless this is overridden.
    NEWSGRAPH_AUDIENCE=public
# A number, which lets Kubernetes verify that it is not root.
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["newsgraph"]
CMD ["serve"]
