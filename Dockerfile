# The image of the docker backend's boxes: an interpreter, our guest, and nothing else.
# `harness sandbox build` builds it; what the judge adds for each container is in harness/sandbox/docker.py.
ARG BASE=python:3.13-slim
FROM ${BASE}
COPY harness/guest /opt/harness/guest
# Fails here, and not in the middle of an attempt, where the base has no fitting Python.
RUN python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")' && \
    python3 -m compileall -q --invalidation-mode unchecked-hash /opt/harness/guest
# The judge chooses another number for each sandbox; this is for whoever starts the image by hand.
USER 61184:61184
WORKDIR /
HEALTHCHECK NONE
