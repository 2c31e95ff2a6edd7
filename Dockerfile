# One build, three images: what runs (daemon, cli, one-shot programs, egress proxy), and the agent's.
# 24 brings npm 11: the npm of 22 refuses this lockfile for an alias in it.
ARG NODE=node:24-bookworm-slim

# What npm installs is decided by these files alone: while they stay, so does the layer with it.
FROM ${NODE} AS manifests
WORKDIR /app
COPY . .
RUN find . ! -type d ! -name package.json ! -name package-lock.json -delete && find . -type d -empty -delete

FROM ${NODE} AS build
WORKDIR /app
COPY --from=manifests /app ./
# No package's own script runs: what is built here needs none of them.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts scripts
COPY db db
COPY libs libs
COPY services services
RUN node scripts/build.mjs

FROM ${NODE} AS runtime
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates git openssh-client \
  && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*
# A fresh volume takes over owner and mode of the folder that it is mounted on. The agent's uid is
# nobody's here: nothing that the daemon has belongs to it.
RUN useradd --uid 10873 --home-dir /home/coffee-agent --create-home --shell /bin/sh coffee-agent \
  && install -d -o node -g node -m 0700 /data /secrets/daemon /secrets/slackbot \
       /secrets/dashboard /secrets/collector /secrets/cli \
       /home/node/.config /home/node/.config/coffee-roadmap \
  && install -d -o node -g node -m 0755 /secrets /secrets/superuser /credentials /repositories \
       /run/coffee-roadmap /run/coffee-roadmap/egress /run/coffee-roadmap/login \
  && install -d -o coffee-agent -g coffee-agent -m 0755 /run/coffee-roadmap/agent \
  && install -d -o coffee-agent -g coffee-agent -m 0700 /work
WORKDIR /app
# The bundles hold the packages that they use: no node_modules here.
COPY --from=build /app/package.json ./
COPY --from=build /app/db/migrations db/migrations
COPY --from=build /app/db/policies db/policies
COPY --from=build /app/db/functions db/functions
COPY --from=build /app/db/views db/views
COPY --from=build /app/db/roles.sql db/
COPY --from=build /app/libs/shared/src/agents/rehearsal/program.mjs libs/shared/src/agents/rehearsal/
COPY --from=build /app/dist/*.js dist/
COPY --from=build /app/dist/dashboard-pages dist/dashboard-pages
ENV NODE_ENV=production
USER node
ENTRYPOINT ["node"]

# The same places as in the daemon's image, so that a path means the same in both; and Claude Code.
FROM runtime AS agent
USER root
COPY --from=build /app/node_modules/@anthropic-ai/claude-code-linux-*/claude /usr/local/bin/claude
USER coffee-agent
WORKDIR /work
CMD ["/app/dist/agent.js"]
