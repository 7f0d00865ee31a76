# One image for web, worker, clock and migrations: docker-compose.yml says who runs what.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-noto-cjk libharfbuzz-subset0 libmagic1 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 1000 --create-home wenmingtai \
    && install -d -o wenmingtai -g wenmingtai -m 0700 /data

WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .

# The settings ask for these; collecting static files uses none of them.
RUN DATABASE_URL=postgresql://none/none REDIS_URL=redis://none SECRET_KEY=none python manage.py collectstatic --noinput

USER wenmingtai
ENV DATA_DIR=/data
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--max-requests", "2000", "--max-requests-jitter", "200", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
