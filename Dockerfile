# The same tree that bin/up runs, for machines that run containers. One image, several commands.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 MALLOC_ARENA_MAX=2

RUN useradd --system --uid 10001 --create-home --home-dir /data helpdesk
WORKDIR /srv/helpdesk

# Before the source, so that a change of ours does not install everything again.
COPY requirements.lock .
RUN pip install --require-hashes -r requirements.lock

COPY manage.py ./
COPY helpdesk helpdesk
COPY identity identity
COPY inbox inbox
COPY channels_app channels_app
COPY ai_agent ai_agent
COPY analytics analytics
COPY templates templates
COPY static static

ENV HELPDESK_DATA_DIR=/data HELPDESK_ENV=production
USER helpdesk
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "helpdesk.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--lifespan", "off", "--ws", "websockets-sansio", "--no-access-log", "--no-server-header"]
