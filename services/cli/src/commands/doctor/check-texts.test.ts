import type { Config } from '@coffee-roadmap/shared/config/config';
import { saveTextSetting } from '@coffee-roadmap/shared/texts/setting';
import { noteTooOld } from '@coffee-roadmap/shared/texts/too-old';
import { appendTexts } from '@coffee-roadmap/shared/texts/outbox';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkTexts } from './check-texts';

const home = mkdtempSync(path.join(os.tmpdir(), 'coffee doctor '));
afterAll(() => rmSync(home, { recursive: true }));

const PLACE = 'Postgres at db.example.com:5432/coffee';
const config = {
  ...{ file: {}, env: { settings: {} } },
  databaseUrl: 'postgres://ada@db.example.com/coffee',
  paths: { config: path.join(home, 'config'), data: home },
} as unknown as Config;

it('warns of texts that wait for a server that is too old for them, or for longer than a day', () => {
  expect(checkTexts(config, Date.now())).toEqual([]);
  saveTextSetting(config.paths, { since: '2026-03-01T00:00:00.000Z', to: [PLACE] });
  appendTexts(config.paths, Buffer.alloc(12_000, '{}\n'));
  const now = Date.now();
  expect(checkTexts(config, now)).toMatchObject([{ state: 'ok' }]);
  const late = checkTexts(config, now + 2 * 86_400_000 + 5_000);
  expect(late).toMatchObject([
    { state: 'warn', message: '12.0 kB of messages wait, from 2 days ago' },
  ]);
  noteTooOld(config.paths, PLACE, new Date(now));
  expect(checkTexts(config, now)).toMatchObject([
    {
      state: 'warn',
      message: expect.stringContaining(`${PLACE} is too old for them`),
      hint: expect.stringContaining('texts on'),
    },
  ]);
});
