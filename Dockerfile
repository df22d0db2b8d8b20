# The image in which the docker backend keeps its boxes: an interpreter, our guest, and nothing else.
# The harness talks to the zygote over the container's standard streams; the guest never reads a suite.
ARG BASE=python:3.13-slim
FROM ${BASE}
RUN groupadd --gid 61184 box && useradd --uid 61184 --gid 61184 --no-create-home --shell /usr/sbin/nologin box
COPY harness/guest /opt/harness/guest
USER box
WORKDIR /
ENV PYTHONHASHSEED=0 MALLOC_ARENA_MAX=2 TZ=UTC LANG=C.UTF-8
