# palm-oil-tui as a container: built from the clone, run from the packed file alone.
# Watch it:    docker run -it --rm palm-oil-tui
# Operate it:  see compose.yaml; the state lives in the volume /data and nowhere else.
FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm pack --silent --pack-destination /tmp && mkdir /app && cd /app && echo '{"private":true}' > package.json \
 && npm install --ignore-scripts --no-audit --no-fund /tmp/palm-oil-tui-*.tgz

FROM node:20-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data METRICS_ENABLED=true
COPY --from=build /app/node_modules /app/node_modules
# A number that no user of the host has; the root file system may be read-only.
RUN mkdir -m 0700 /data && chown 10001:10001 /data && ln -s /app/node_modules/palm-oil-tui/bin/palm-oil-tui.js /usr/local/bin/palm-oil-tui
USER 10001:10001
WORKDIR /data
VOLUME /data
# Stopping is graceful: positions keep the stop that the broker holds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=2 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9090/healthz').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["palm-oil-tui"]
CMD ["run"]
