# syntax=docker/dockerfile:1
FROM python:3.14-slim AS build
WORKDIR /src
COPY requirements.txt ./
RUN python -m venv /opt/wysper \
 && /opt/wysper/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
RUN pip install --no-cache-dir --disable-pip-version-check "hatchling>=1.27" \
 && python -m hatchling build -t wheel \
 && /opt/wysper/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps dist/*.whl

FROM python:3.14-slim
RUN useradd --system --uid 10001 wysper \
 && install --directory --owner=wysper --mode=0700 /wysper /wysper/data /wysper/key
COPY --from=build /opt/wysper /opt/wysper
USER 10001
WORKDIR /wysper/data
# The configuration lies with the data, the master key on a volume of its own, the token and the key's secret in neither.
ENV PATH=/opt/wysper/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    WYSPER_STORAGE__FOLDER=/wysper/data \
    WYSPER_STORAGE__KEY_FILE=/wysper/key/master.key
VOLUME ["/wysper/data", "/wysper/key"]
ENTRYPOINT ["wysper"]
CMD ["run"]
