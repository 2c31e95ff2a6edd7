import { openSession } from '@coffee-roadmap/shared/db/session';
import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import type { Express, Router } from 'express';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app';
import type { DashboardConfig } from './config';
import { CHANNELS, createHub } from './live/hub';
import { log } from './log';
import type { Gate } from './sign-in/gate';
import { openOwnGate } from './sign-in/own-gate';
import { openSharedGate } from './sign-in/shared-gate';

export interface Dashboard {
  /** What to type into a browser. */
  readonly address: string;
  readonly gate: Gate;
  stop(): Promise<void>;
}

/** Opens the database, listens, and serves. Throws what openSession throws, and `failed` for a port. */
export async function startDashboard(
  config: DashboardConfig,
  openSdk?: () => Promise<{ routes: Router; close(): Promise<void> }>,
): Promise<Dashboard> {
  const { login } = config;
  const gate =
    login.kind === 'shared'
      ? await openSharedGate(login.url)
      : await openOwnGate(login.url, config.stateFolder);
  const hub = createHub();
  const listener = await gate.listen({
    channels: CHANNELS,
    onHint: (hint) => hub.hint(hint),
    onConnected: (connected) =>
      connected || log('warn', 'the database does not answer; trying again'),
  });
  const sdk = await openSdk?.();
  const collector =
    config.collectorUrl === undefined
      ? undefined
      : await openSession(config.collectorUrl, 'collector', { connections: 2 });
  const app = createApp({
    gate,
    hub,
    port: () => port,
    publicUrl: config.publicUrl,
    signInLimit: config.signInLimit,
    sdk: sdk?.routes,
    collector,
  });
  const server = await serve(app, config).catch(async (error: unknown) => {
    await Promise.all([listener.close(), gate.close(), sdk?.close(), collector?.close()]);
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  const host = /^(0\.0\.0\.0|::|127\.0\.0\.1)$/.test(config.host) ? '127.0.0.1' : config.host;
  return {
    address: config.publicUrl?.origin ?? `http://${host}:${port}`,
    gate,
    async stop() {
      hub.close();
      await close(server);
      await listener.close();
      await Promise.all([gate.close(), sdk?.close(), collector?.close()]);
    },
  };
}

function serve(app: Express, { host, port }: DashboardConfig): Promise<Server> {
  const server = createServer(app);
  // Longer than SDKs and proxies keep theirs: a connection that we close first takes a request with it.
  server.keepAliveTimeout = 65_000;
  // Slow clients do not hold a connection for ever.
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new AppError('failed', `port ${port} of ${host} cannot be used: ${messageOf(error)}`, {
          hint: 'Choose another one with --port, or COFFEE_ROADMAP_DASHBOARD_PORT.',
          cause: toAppError(error),
        }),
      ),
    );
    server.listen(port, host, () => resolve(server));
  });
}

const STOP_MS = 5_000;

/** Lets what runs end; what stays open, such as pages that listen, is closed. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), STOP_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
