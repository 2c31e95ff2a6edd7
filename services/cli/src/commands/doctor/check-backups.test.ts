import type { Config } from '@coffee-roadmap/shared/config/config';
import { renderManifest, type Manifest } from '@coffee-roadmap/shared/backups/manifest';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkBackups } from './check-backups';

const data = mkdtempSync(path.join(os.tmpdir(), 'coffee doctor '));
afterAll(() => rmSync(data, { recursive: true }));
const config = (embedded?: true): Config => ({ file: { embedded }, paths: { data } }) as Config;

it('asks for a backup of a database on this machine, and of no other', () => {
  expect(checkBackups(config(), Date.now())).toEqual([]);
  expect(checkBackups(config(true), Date.now())).toMatchObject([{ state: 'warn' }]);
});

it('takes a damaged one for none', () => {
  mkdirSync(path.join(data, 'backups', 'coffee_roadmap-20261120T101500Z'), { recursive: true });
  expect(checkBackups(config(true), Date.now())).toMatchObject([
    {
      state: 'warn',
      message: expect.stringContaining('none'),
      hint: expect.stringContaining('backup create'),
    },
  ]);
});

it('counts those of this machine’s database alone, by name and cluster', () => {
  const control = path.join(data, 'postgres', 'global', 'pg_control');
  mkdirSync(path.dirname(control), { recursive: true });
  const bytes = Buffer.alloc(8192);
  bytes.writeBigUInt64LE(7_123_456_789_012_345_678n);
  writeFileSync(control, bytes);
  const now = Date.parse('2026-11-21T10:15:00Z');
  const stateWith = (minute: number, database: string, cluster: string | null): string => {
    const at = `20261121T10${minute}00Z`;
    const folder = path.join(data, 'backups', `${database}-${at}`);
    mkdirSync(folder);
    const logins = { file: 'logins.json', bytes: 0 };
    const manifest = { format: 1, database, cluster, made_at: '2026-11-21T10:10:00Z', tables: [] };
    const rest = { logins, others: { schemas: [], file: null } };
    writeFileSync(path.join(folder, 'logins.json'), '');
    writeFileSync(
      path.join(folder, 'manifest.json'),
      renderManifest({ ...manifest, ...rest } as unknown as Manifest),
    );
    return checkBackups(config(true), now)[0]!.state;
  };
  expect(stateWith(10, 'elsewhere', '7123456789012345678')).toBe('warn');
  expect(stateWith(11, 'coffee_roadmap', '7123456789012345679')).toBe('warn');
  expect(stateWith(12, 'coffee_roadmap', '7123456789012345678')).toBe('ok');
});
