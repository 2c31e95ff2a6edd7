import { gzipSync } from 'node:zlib';
import type { MachineEntry } from '../shards/machine-entry';
import { MANIFEST } from '../shards/shard-name';
import { MemoryStore } from './testing/memory-store';
import { A, B, localOf, pull, push, usageLine } from './testing/remote';

const lines = (id: string, count: number, at?: string): Buffer[] =>
  Array.from({ length: count }, (_, n) => usageLine(id, n, at));

/** A remote with two honest machines, in which somebody then writes. */
async function remote(): Promise<{
  store: MemoryStore;
  write: (files: Record<string, Buffer | string | null>) => Promise<void>;
  entry: (id: string) => Promise<MachineEntry>;
}> {
  const store = new MemoryStore();
  const april = lines(A, 2, '2026-04-01T00:00:00.000Z');
  await push(store, localOf(A, 'devbox', [...lines(A, 3), ...april]));
  await push(store, localOf(B, 'laptop', lines(B, 4)));
  return {
    store,
    async write(files) {
      const changes = Object.entries(files).map(
        ([name, text]) => [name, text === null ? null : Buffer.from(text)] as const,
      );
      await store.swap(await store.read(), new Map(changes));
    },
    async entry(id) {
      const file = (await store.read()).files.get(`machine_${id}.json`)!;
      return JSON.parse(String(await file.read())) as MachineEntry;
    },
  };
}

const MARCH = `records_${A}_2026-03_p1.ndjson`;

it('has one file set per machine, and a manifest that can be made again from it', async () => {
  const { store, write } = await remote();
  const names = [...(await store.read()).files.keys()].sort();
  expect(names).toEqual([
    `machine_${A}.json`,
    `machine_${B}.json`,
    MANIFEST,
    MARCH,
    `records_${A}_2026-04_p1.ndjson`,
    `records_${B}_2026-03_p1.ndjson`,
  ]);
  const before = String(await (await store.read()).files.get(MANIFEST)!.read());
  for (const damaged of [null, 'no JSON', '{"version":"9.0","machines":[1]}']) {
    await write({ [MANIFEST]: damaged });
    expect((await pull(await store.read())).lines.get(B)).toHaveLength(4);
    await push(store, localOf(B, 'laptop', lines(B, 4)));
    expect(String(await (await store.read()).files.get(MANIFEST)!.read())).toBe(before);
  }
});

it('reads the shards of a machine whose entry is gone, and that machine makes it again', async () => {
  const { store, write } = await remote();
  await write({ [`machine_${A}.json`]: null, [MANIFEST]: null });
  expect((await pull(await store.read())).lines.get(A)).toHaveLength(5);
  const { sent } = await push(store, localOf(A, 'devbox', lines(A, 3)));
  expect(sent).toBe(0);
  const { lines: all, refused } = await pull(await store.read());
  expect([all.get(A)!.length, refused]).toEqual([5, []]);
});

it('refuses names that lead elsewhere, are named twice, or belong to another machine', async () => {
  const { store, write, entry } = await remote();
  const mine = await entry(A);
  const honest = mine.shards[0]!;
  const theirs = (await entry(B)).shards[0]!;
  const shards = [
    ...['../../etc/passwd', '/etc/passwd', '..\\x', `records_${A}_2026-13_p1.ndjson`].map(
      (file) => ({ ...honest, file }),
    ),
    honest,
    honest,
    theirs,
    { ...honest, file: `records_${A}_2026-05_p1.ndjson`, bytes: 1e12 },
    { ...honest, file: 17 },
    ...mine.shards.slice(1),
  ];
  await write({ [`machine_${A}.json`]: JSON.stringify({ ...mine, shards }) });
  const { refused, lines: all } = await pull(await store.read());
  expect(refused.map(({ reason }) => reason)).toEqual([
    'not a name of a shard',
    'not a name of a shard',
    'not a name of a shard',
    'not a name of a shard',
    'named twice',
    'claimed by another machine',
    'too large',
    'no shard',
  ]);
  expect([all.get(A)!.length, all.get(B)!.length]).toEqual([5, 4]);
});

it('refuses one by one what is damaged, and takes the rest', async () => {
  const { store, write } = await remote();
  const good = lines(B, 1, '2026-05-01T00:00:00.000Z').join('\n');
  await write({
    [MARCH]: 'changed by somebody',
    [`records_${A}_2026-07_p1.ndjson`]: `${good}\n`,
    [`machine_${B.replace('b', 'c')}.json`]: JSON.stringify({ version: '2.0', machine_id: B }),
  });
  const { refused, lines: all } = await pull(await store.read());
  expect(refused).toEqual([
    { file: `machine_${B.replace('b', 'c')}.json`, reason: 'no entry of a machine' },
    { file: `records_${A}_2026-07_p1.ndjson`, reason: 'its machine does not know it' },
    { file: MARCH, reason: 'wrong hash' },
  ]);
  expect([all.get(A)!.length, all.get(B)!.length]).toEqual([2, 4]);
});

it('refuses a shard that cannot be unpacked, and one that unpacks to too much', async () => {
  const store = new MemoryStore();
  const c = A.replaceAll('a', 'c');
  const bomb = gzipSync(Buffer.alloc(200 << 20, 10), { level: 9 });
  expect(bomb.length).toBeLessThan(1 << 20);
  const swap = new Map([
    [`records_${A}_2026-03_p1.ndjson.gz`, bomb],
    [`records_${B}_2026-03_p1.ndjson.gz`, Buffer.from('no gzip')],
    [`records_${c}_2026-03_p1.ndjson.gz.b64`, Buffer.from('?? no base64')],
    [`records_${c}_2026-04_p1.ndjson`, Buffer.from(`${lines(c, 1).join('\n')}\n`)],
  ]);
  await store.swap(await store.read(), swap);
  const { refused, lines: all } = await pull(await store.read());
  expect(refused.map(({ reason }) => reason)).toEqual([
    'unpacks to too much',
    'cannot be unpacked',
    'cannot be unpacked',
  ]);
  expect(all.get(c)).toHaveLength(1);
});

it('mends what was damaged of this machine from its spool, and touches nobody else’s', async () => {
  const { store, write } = await remote();
  await write({ [MARCH]: 'changed by somebody' });
  const all = [...lines(A, 3), ...lines(A, 2, '2026-04-01T00:00:00.000Z'), usageLine(A, 9)];
  const { mended, sent } = await push(store, localOf(A, 'devbox', all));
  expect([mended, sent]).toEqual([[MARCH], 4]);
  const { refused, lines: found } = await pull(await store.read());
  expect([refused, found.get(A)!.length, found.get(B)!.length]).toEqual([[], 6, 4]);
});

it('cuts a large month into parts, compresses them, and goes on in the last', async () => {
  const store = new MemoryStore();
  const many = lines(A, 20_000);
  await push(store, localOf(A, 'devbox', many));
  const files = [...(await store.read()).files];
  const sizes = files.filter(([name]) => name.endsWith('.gz')).map(([, { bytes }]) => bytes);
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThan(1 << 20);
  const { changed } = await push(store, localOf(A, 'devbox', many));
  expect(changed).toBe(false);
  const more = [...many, usageLine(A, 99_999)];
  expect((await push(store, localOf(A, 'devbox', more))).sent).toBe(1);
  const { lines: found, refused } = await pull(await store.read());
  expect([found.get(A)!.length, new Set(found.get(A)).size, refused]).toEqual([20_001, 20_001, []]);
});
