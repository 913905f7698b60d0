# docker build -t anonymize .
# docker run --rm --network none -v "$PWD:/data" -u "$(id -u):$(id -g)" -e ANONYMIZE_KEY \
#   anonymize run people.csv -r rules.yaml -o safe.csv
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY anonymize anonymize
COPY rules rules
RUN python -m venv /opt/anonymize \
 && /opt/anonymize/bin/python -m pip install --no-cache-dir .

FROM python:3.13-slim
COPY --from=build /opt/anonymize /opt/anonymize
ENV PATH=/opt/anonymize/bin:$PATH
WORKDIR /data
USER 65532:65532
ENTRYPOINT ["anonymize"]
CMD ["--help"]
