# The whole build in a container: `make docker-build`, docs/image.md. BASE is Debian 13 or newer, or has Node 20.19 and Go 1.21 by itself;
# the C compiler is the base's.
ARG BASE=debian:trixie-slim

FROM ${BASE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY scripts/setup scripts/
# Debian packages and npm's: again only when these files change.
RUN scripts/setup
COPY . .
ARG OUTPUTS=all
ARG PROFILE=vm
# One archive, as disks are mostly holes, and no layer of them.
RUN --mount=type=cache,target=/root/go --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/src/build/cache \
  bin/kubesolo-os build ${OUTPUTS} --profile ${PROFILE} && \
  mkdir /out && tar --create --sparse --file /out/image.tar --directory build/image* . && rm -r build/image*

FROM scratch
COPY --from=build /out /
