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
RUN useradd --system --create-home --uid 10001 wysper
COPY --from=build /opt/wysper /opt/wysper
USER 10001
WORKDIR /home/wysper
ENV PATH=/opt/wysper/bin:$PATH PYTHONUNBUFFERED=1
# The data folder and the configuration are mounted; the master key comes as a secret and never lies beside the vaults.
VOLUME ["/home/wysper/data"]
ENTRYPOINT ["wysper"]
CMD ["run", "--config", "/home/wysper/config.toml"]
