# One image for every part: `mailroom run` (embedded), or `worker`, `scheduler` and `db upgrade` of docker-compose.yml.
# REQUIREMENTS=demo builds the demonstration's image instead, which has mail servers of its own.
# Base images are pinned by tag; a deployment that wants them by digest: see CONTRIBUTING.md, "Containers".

FROM python:3.13-slim-bookworm AS build
ARG REQUIREMENTS=runtime
WORKDIR /source
RUN python -m venv /opt/mailroom
COPY requirements/ requirements/
RUN /opt/mailroom/bin/pip install --no-cache-dir --require-hashes --requirement "requirements/${REQUIREMENTS}.txt"
COPY . .
RUN /opt/mailroom/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="Council Mailroom" \
      org.opencontainers.image.description="Enforces a council's managed contact arrangements on its shared mailboxes" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/mailroom --create-home mailroom
COPY --from=build /opt/mailroom /opt/mailroom
ENV PATH="/opt/mailroom/bin:${PATH}" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MAILROOM_CONFIG=/etc/mailroom/mailroom.toml
WORKDIR /var/lib/mailroom
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s CMD ["mailroom", "status"]
ENTRYPOINT ["mailroom"]
CMD ["run"]
