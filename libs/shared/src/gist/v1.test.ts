import { MemoryStore } from './testing/memory-store';
import { A, B, localOf, pull, push, usageLine } from './testing/remote';
import { machineIdV1 } from '../shards/read-v1';

const record = (n: number, at: string) => ({
  session_id: 's1',
  message_uuid: `uuid-${n}`,
  timestamp: at,
  model: 'claude-sonnet-4',
  total_tokens: 10,
  input_tokens: 1,
  output_tokens: 2,
  cache_creation_tokens: 3,
  cache_read_tokens: 4,
  folder: 'project-name',
  git_branch: 'main',
  version: '0.9.0',
});

const file = (name: string, records: object[]): Buffer =>
  Buffer.from(JSON.stringify({ machine_name: name, export_date: '', records, statistics: {} }));

const manifest = (machines: object[]): Buffer =>
  Buffer.from(
    JSON.stringify({ version: '1.0', last_updated: '', machines, backup_retention_days: 9 }),
  );

const old = (current_file: string) => ({
  machine_name: 'HOME-WT',
  last_sync: '2025-10-21T20:45:00Z',
  last_record_date: '2025-10-21',
  total_records: 2,
  current_file,
  backups: ['../usage_data_x.json'],
});

it('reads files of version 1.0 until that machine speaks for itself, and refuses what is not whole', async () => {
  const store = new MemoryStore();
  const records = [record(1, '2025-10-21T10:30:00Z'), record(2, '2026-03-05T00:00:00Z'), { x: 1 }];
  await store.swap(
    await store.read(),
    new Map([
      ['manifest.json', manifest([old('usage_data_HOME-WT.json')])],
      ['usage_data_HOME-WT.json', file('HOME-WT', records)],
      ['usage_data_bad.json', Buffer.from('{')],
    ]),
  );
  const id = machineIdV1('ada', 'HOME-WT');
  const first = await pull(await store.read());
  expect(first.lines.get(id)).toHaveLength(2);
  expect(JSON.parse(first.lines.get(id)![0]!)).toMatchObject({
    id: `${id}:claude:usage:2025-10-21T10:30:00.000Z:uuid-1`,
    cache_write_5m_tokens: 3,
  });
  expect(first.refused.map(({ reason }) => reason)).toEqual([
    'not a name of version 1.0',
    '1 of its records are not whole',
    'not a file of version 1.0',
  ]);
  expect(machineIdV1('eve', 'HOME-WT')).not.toBe(id);
  await push(store, localOf(A, 'HOME-WT', [usageLine(A, 1)]));
  const then = await pull(await store.read());
  expect([then.lines.get(id)!.length, then.lines.get(A)!.length]).toEqual([1, 1]);
});

it('writes all of a machine as version 1.0 where that is asked for, beside what others wrote', async () => {
  const store = new MemoryStore();
  await store.swap(
    await store.read(),
    new Map([
      ['manifest.json', manifest([old('usage_data_HOME-WT.json')])],
      ['usage_data_HOME-WT.json', file('HOME-WT', [record(1, '2025-10-21T10:30:00Z')])],
    ]),
  );
  const lines = [usageLine(A, 1), usageLine(A, 7)];
  await push(store, localOf(A, 'devbox', lines.slice(0, 1)), { v1: true });
  await push(store, localOf(A, 'devbox', lines), { v1: true });
  const { files } = await store.read();
  const read = async (name: string): Promise<Record<string, unknown>> =>
    JSON.parse(String(await files.get(name)!.read())) as Record<string, unknown>;
  const data = await read('usage_data_devbox.json');
  expect(data).toMatchObject({
    machine_name: 'devbox',
    data_range: { oldest: '2026-03-04', newest: '2026-03-04' },
    statistics: { total_records: 2, total_sessions: 1, total_tokens: 36, total_cost: 0.5 },
  });
  expect((data.records as object[])[0]).toEqual({
    date: '2026-03-04',
    session_id: 's1',
    message_uuid: 'line-1',
    timestamp: '2026-03-04T05:06:07.000Z',
    model: 'claude-haiku-4-5',
    total_tokens: 15,
    input_tokens: 1,
    output_tokens: 2,
    cache_creation_tokens: 9,
    cache_read_tokens: 3,
    folder: '/srv/thing',
    git_branch: null,
    version: null,
  });
  const index = await read('manifest.json');
  expect(index).toMatchObject({ version: '1.0', backup_retention_days: 9 });
  expect(index.machines).toMatchObject([
    { machine_name: 'HOME-WT', current_file: 'usage_data_HOME-WT.json' },
    { machine_name: 'devbox', current_file: 'usage_data_devbox.json', total_records: 2 },
  ]);
  expect((await push(store, localOf(A, 'devbox', lines), { v1: true })).changed).toBe(false);
  const { lines: all } = await pull(await store.read());
  expect([...all].map(([, some]) => some.length)).toEqual([2, 1]);
});

it('keeps what was recorded under the same name before its own first record, also after a rename', async () => {
  const store = new MemoryStore();
  const records = [record(1, '2025-10-21T10:30:00Z'), record(2, '2026-03-05T00:00:00Z')];
  await store.swap(
    await store.read(),
    new Map([
      ['manifest.json', manifest([old('usage_data_HOME-WT.json')])],
      ['usage_data_HOME-WT.json', file('HOME-WT', records)],
    ]),
  );
  const uuids = async (name: string): Promise<string[] | undefined> => {
    const stored = (await store.read()).files.get(name);
    if (stored === undefined) return undefined;
    const found = JSON.parse(String(await stored.read())) as { records: typeof records };
    return found.records.map(({ message_uuid }) => message_uuid);
  };
  const lines = [usageLine(A, 1), usageLine(A, 7)];
  await push(store, localOf(A, 'HOME-WT', lines.slice(0, 1)), { v1: true });
  expect(await uuids('usage_data_HOME-WT.json')).toEqual(['uuid-1', 'line-1']);
  await push(store, localOf(A, 'HOME-WT', lines), { v1: true });
  const all = ['uuid-1', 'line-1', 'line-7'];
  expect(await uuids('usage_data_HOME-WT.json')).toEqual(all);
  expect((await push(store, localOf(A, 'HOME-WT', lines), { v1: true })).changed).toBe(false);
  const machines = async (): Promise<number[]> => {
    const { lines: found } = await pull(await store.read());
    return [...found.values()].map(({ length }) => length);
  };
  expect(await machines()).toEqual([2, 1]);

  await push(store, localOf(A, 'desk', lines), { v1: true });
  expect(await uuids('usage_data_HOME-WT.json')).toBeUndefined();
  expect(await uuids('usage_data_desk.json')).toEqual(all);
  const index = JSON.parse(
    String(await (await store.read()).files.get('manifest.json')!.read()),
  ) as {
    machines: unknown[];
  };
  expect(index.machines).toMatchObject([{ machine_name: 'desk', total_records: 3 }]);
  expect(await machines()).toEqual([2, 1]);

  await push(store, localOf(B, 'desk', [usageLine(B, 3)])); // writes no such files
  await push(store, localOf(A, 'tower', lines), { v1: true });
  expect(await uuids('usage_data_desk.json')).toBeUndefined();
  expect(await uuids('usage_data_tower.json')).toEqual(all);
});

it('never writes one machine’s files over those of another whose name comes to the same', async () => {
  const store = new MemoryStore();
  await store.swap(
    await store.read(),
    new Map([
      ['manifest.json', manifest([{ ...old('usage_data_my-box.json'), machine_name: 'my-box' }])],
      ['usage_data_my-box.json', file('my-box', [record(1, '2025-10-21T10:30:00Z')])],
      // The manifest does not know it.
      ['usage_data_attic-.json', file('attic!', [record(2, '2025-10-22T10:30:00Z')])],
    ]),
  );
  const found = async (): Promise<Record<string, string[]>> => {
    const { files } = await store.read();
    const names = [...files.keys()].filter((name) => name.startsWith('usage_data_')).sort();
    const all = names.map(async (name) => {
      const text = String(await files.get(name)!.read());
      const { machine_name, records } = JSON.parse(text) as {
        machine_name: string;
        records: { message_uuid: string }[];
      };
      const said = [machine_name, ...records.map(({ message_uuid }) => message_uuid)];
      return [name, said] as const;
    });
    return Object.fromEntries(await Promise.all(all));
  };
  const [one, other] = [[usageLine(A, 1)], [usageLine(B, 2, '2026-02-04T05:06:07.000Z')]];
  const ofCcu = {
    'usage_data_attic-.json': ['attic!', 'uuid-2'],
    'usage_data_my-box.json': ['my-box', 'uuid-1'],
  };
  const pushBoth = async (first: string, second: string): Promise<boolean[]> => [
    (await push(store, localOf(A, first, one), { v1: true })).changed,
    (await push(store, localOf(B, second, other), { v1: true })).changed,
  ];
  // ccu's machines have these names, but for a sign that no file name keeps.
  await pushBoth('my box', 'attic?');
  expect(await found()).toEqual({
    ...ofCcu,
    'usage_data_my-box-aaaaaaaa.json': ['my box aaaaaaaa', 'line-1'],
    'usage_data_attic-bbbbbbbb.json': ['attic? bbbbbbbb', 'line-2'],
  });
  // Two of ours with one label; and a label that is called as another's month is.
  await pushBoth('desk', 'desk');
  const both = {
    ...ofCcu,
    'usage_data_desk.json': ['desk', 'line-1'],
    'usage_data_desk-bbbbbbbb.json': ['desk bbbbbbbb', 'line-2'],
  };
  expect(await found()).toEqual(both);
  expect(await pushBoth('desk', 'desk')).toEqual([false, false]);
  await pushBoth('desk', 'Desk_2026_02');
  expect(Object.keys(await found())).toContain('usage_data_Desk_2026_02-bbbbbbbb.json');
  const { lines } = await pull(await store.read());
  expect([...lines].map(([, some]) => some.length)).toEqual([1, 1, 1, 1]);
});
