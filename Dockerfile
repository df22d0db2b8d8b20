# The image in which the docker backend will keep its boxes: an interpreter, our guest, and nothing else.
# That backend is not there yet; nothing uses this image so far.
ARG BASE=python:3.13-slim
FROM ${BASE}
RUN groupadd --gid 61184 box && useradd --uid 61184 --gid 61184 --no-create-home --shell /usr/sbin/nologin box
COPY harness/guest /opt/harness/guest
USER box
WORKDIR /
ENV PYTHONHASHSEED=0 MALLOC_ARENA_MAX=2 TZ=UTC LANG=C.UTF-8
