# Node 24: the release line that is kept up. The image holds what runs and nothing else; `data/` is where it remembers.
FROM node:24-bookworm-slim AS built
WORKDIR /together
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run -s build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /together
COPY --from=built /together/package.json ./
COPY --from=built /together/node_modules ./node_modules
COPY --from=built /together/src ./src
COPY --from=built /together/dist ./dist
COPY --from=built /together/content ./content
RUN mkdir data && chown node:node data
USER node
VOLUME /together/data
# The room asks for ROOM_PASSWORD here, since others can reach it.
ENV HOST=0.0.0.0
EXPOSE 3000
HEALTHCHECK CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/start.mjs", "start"]
