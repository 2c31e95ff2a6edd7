/** What SDKs talk to: a real database, a project with a key pair, and the routes on loopback. */
import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { addProject } from '@coffee-roadmap/shared/projects/queries';
import type { TraceContent } from '@coffee-roadmap/shared/traces/content';
import express from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openSdk } from '../../sdk';
import {
  createTestDatabase,
  query,
  type TestDatabase,
} from '../../../../../tests/support/database';

const PASSWORD = 'for this test only';

export interface KeyPair {
  publicKey: string;
  secretKey: string;
}

export interface SdkServer {
  database: TestDatabase;
  url: string;
  project: string;
  key: KeyPair;
  /** What was wrong on our side, as it would be logged. */
  faults: string[];
  /** A project and its keys, of the same team. */
  addKey(project: string): Promise<KeyPair & { project: string; id: string }>;
  /** With the key, unless `authorization` says otherwise; a body that is no text is sent as JSON. */
  send(path: string, options?: SendOptions): Promise<Answer>;
  rows<Row extends Record<string, unknown> = Record<string, unknown>>(
    sql: string,
    params?: unknown[],
  ): Promise<Row[]>;
  /** Replaces the routes by ones that are set up otherwise. */
  serve(options: { content?: TraceContent; keyPerMinute?: number }): Promise<void>;
  close(): Promise<void>;
}

interface SendOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  json: { [name: string]: unknown };
}

export function basic({ publicKey, secretKey }: KeyPair): string {
  return `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;
}

export async function startSdkServer(): Promise<SdkServer> {
  const database = await createTestDatabase();
  const urlOf = async (kind: 'person' | 'collector', name: string): Promise<string> => {
    const login = await ensureLogin(database.superuserUrl, { kind, name, password: PASSWORD });
    return database.urlFor(login, PASSWORD);
  };
  const adaUrl = await urlOf('person', 'Ada');
  const collectorUrl = await urlOf('collector', 'collector');
  const ada = await openSession(adaUrl, 'person');
  const faults: string[] = [];
  let sdk: Awaited<ReturnType<typeof openSdk>> | undefined;
  const app = express();
  app.use((request, response, next) => sdk!.routes(request, response, next));
  const server: Server = createServer(app).listen(0, '127.0.0.1');
  server.keepAliveTimeout = 65_000; // as the program's own
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const serve: SdkServer['serve'] = async (options) => {
    await sdk?.close();
    const { content: traceContent = 'full', keyPerMinute = 6_000 } = options;
    sdk = await openSdk({ collectorUrl, traceContent, keyPerMinute }, (fault) =>
      faults.push(fault),
    );
  };
  const addKey: SdkServer['addKey'] = async (name) => {
    const project = await addProject(ada, {
      ...{ teamId: null, name, repository: `/srv/${name}.git`, settings: { agent: 'rehearsal' } },
    });
    const [row] = await query<{ key_id: string; public_key: string; secret_key: string }>(
      adaUrl,
      'select * from coffee.add_project_key($1, $2)',
      [project, 'a test'],
    );
    return { project, id: row!.key_id, publicKey: row!.public_key, secretKey: row!.secret_key };
  };
  await serve({});
  const { project, publicKey, secretKey } = await addKey('coffee');
  const key = { publicKey, secretKey };

  return {
    ...{ database, url, project, key, faults, addKey, serve },
    async send(path, { method, body, headers = {} } = {}) {
      const isRaw = typeof body === 'string' || body instanceof Uint8Array;
      const response = await fetch(`${url}${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { authorization: basic(key), 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: isRaw ? Buffer.from(body) : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        json: JSON.parse(text) as object & Answer['json'],
      };
    },
    rows: (sql, params) => query(database.superuserUrl, sql, params),
    async close() {
      server.closeAllConnections();
      server.close();
      await sdk?.close();
      await ada.close();
      await database.drop();
    },
  };
}
