# A small image in which stallsim runs without root. Build: docker build -t stallsim .
# A probe of a server on the host: docker run --rm --network host stallsim probe ws://127.0.0.1:8000/
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m pip install --no-cache-dir build && python -m build --wheel

FROM python:3.13-slim
COPY --from=build /src/dist/*.whl /tmp/
RUN python -m pip install --no-cache-dir /tmp/*.whl && rm /tmp/*.whl && useradd --create-home stallsim
USER stallsim
WORKDIR /home/stallsim
ENTRYPOINT ["stallsim"]
CMD ["--help"]
