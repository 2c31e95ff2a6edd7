import { formatRoadmap } from '@coffee-roadmap/shared/roadmap/document/format-roadmap';
import { parseRoadmap } from '@coffee-roadmap/shared/roadmap/document/parse-roadmap';
import {
  garbage,
  handDocuments,
  writtenDocuments,
} from '@coffee-roadmap/shared/roadmap/document/roadmap-arbitraries';
import { importRoadmap } from '@coffee-roadmap/shared/roadmap/import-roadmap';
import {
  editItem,
  listHistory,
  listItems,
  readRoadmap,
  type StoredRoadmap,
} from '@coffee-roadmap/shared/roadmap/queries';
import fc from 'fast-check';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTeam, type Team } from './team';

let team: Team;
let made = 0;

beforeAll(async () => {
  team = await createTeam();
});
afterAll(() => team.close());

const newProject = (): Promise<string> => team.project(`p${++made}`);
const exportText = async (projectId: string): Promise<string> =>
  formatRoadmap(await readRoadmap(team.ada.session, projectId));
const importText = (projectId: string, text: string) =>
  importRoadmap(team.ada.session, projectId, parseRoadmap(text));

const columnsOf = ({ items }: StoredRoadmap) =>
  items.map(({ number, title, state, body }) => ({ number, title, state, body }));

const texts = fc
  .oneof(
    writtenDocuments.map(({ text }) => text),
    handDocuments.map(formatRoadmap),
    garbage,
  )
  .filter((text) => parseRoadmap(text).problems.every(({ level }) => level !== 'error'));

describe('a ROADMAP.md through the database', () => {
  it('comes out to the byte, and importing that changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const projectId = await newProject();
        await importText(projectId, text);
        const exported = await exportText(projectId);
        expect(exported).toBe(text);
        const before = await readRoadmap(team.ada.session, projectId);
        expect(await importText(projectId, exported)).toMatchObject({ unchanged: true });
        expect(await readRoadmap(team.ada.session, projectId)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('takes over another file, whatever was there, and deletes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (first, second) => {
        const projectId = await newProject();
        await importText(projectId, first);
        const before = await readRoadmap(team.ada.session, projectId);
        await importText(projectId, second);
        const after = await readRoadmap(team.ada.session, projectId);
        const numbers = new Set(after.items.map((item) => item.number));
        for (const { number } of before.items) expect(numbers).toContain(number);
        // The file's own items are in the file's order.
        const wanted = parseRoadmap(second).items.map((item) => item.number);
        const listed = after.items.map((item) => item.number).filter((n) => wanted.includes(n));
        expect(listed).toEqual(wanted);
        expect(await importText(projectId, second)).toMatchObject({ unchanged: true });
        // Where two files meet a line ending may be missing; once it is written, all stays.
        const exported = await exportText(projectId);
        await importText(projectId, exported);
        expect(columnsOf(await readRoadmap(team.ada.session, projectId))).toEqual(columnsOf(after));
        expect(await exportText(projectId)).toBe(exported);
        expect(await importText(projectId, exported)).toMatchObject({ unchanged: true });
      }),
      { numRuns: 40 },
    );
  });
});

const FILE = `# Our roadmap

### 🔴 **PRIORITY 1: Greet people**

**Status**: ✅ Complete

Said hello.

---

### PRIORITY 2.5: Say goodbye [📝 Planned]

- politely

## US-062: Sing
**Status**: ⏸️ Blocked
`;

describe('the commands', () => {
  it('say what an import would do, do it, and do nothing the second time', async () => {
    const { cli } = team.ada;
    await newProject();
    const project = ['--project', `p${made}`];
    const file = path.join(cli.home, 'ROADMAP.md');
    writeFileSync(file, FILE);
    const dry = await cli.json(['roadmap', 'import', file, '--dry-run', ...project]);
    expect(dry).toMatchObject({
      dry_run: true,
      added: [
        { number: '1', title: 'Greet people', state: 'done' },
        { number: '2.5', title: 'Say goodbye', state: 'planned' },
        { number: 'US-062', title: 'Sing', state: 'blocked' },
      ],
    });
    expect((await cli.json<{ items: [] }>(['roadmap', ...project])).items).toEqual([]);

    const done = await cli.run(['roadmap', 'import', '-', ...project], { input: FILE });
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('3 added, 0 changed') });
    const again = await cli.run(['roadmap', 'import', file, ...project]);
    expect(again.stdout).toBe('Nothing to change: 3 priorities the same.\n');

    const { mtimeMs } = statSync(file);
    expect(await cli.json(['roadmap', 'export', file, ...project])).toMatchObject({
      changed: false,
    });
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
    expect((await cli.run(['roadmap', 'export', '-', ...project])).stdout).toBe(FILE);
  });

  it('write a changed title and state into their lines, and list what a file lacks', async () => {
    const { cli, session } = team.ada;
    const projectId = await newProject();
    const project = ['--project', `p${made}`];
    await importText(projectId, FILE);
    const items = await listItems(session, { projectId });
    const sing = items.find((item) => item.number === 'US-062')!;
    await editItem(session, sing.id, { version: sing.version, title: 'Dance' });
    await cli.run(['daemon', 'retry', 'US-062', ...project]);
    await cli.run(['roadmap', 'add', 'By hand', '--body', 'Text', '--before', '2.5', ...project]);
    const file = path.join(cli.home, 'changed.md');
    await cli.json(['roadmap', 'export', file, ...project]);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('## US-062: Dance\n**Status**: 📝 Planned\n');
    expect(text.indexOf('By hand')).toBeLessThan(text.indexOf('Say goodbye'));

    writeFileSync(file, '### PRIORITY 2.5: Say goodbye [📝 Planned]\n\n- politely\n');
    const result = await cli.run(['roadmap', 'import', file, ...project]);
    expect(result.stdout).toContain('kept, though the file lacks it: 1, 3, US-062\n');
    expect((await cli.json<{ items: [] }>(['roadmap', ...project])).items).toHaveLength(4);
  });

  it('refuse a file with errors, name the lines, and change nothing', async () => {
    const { cli } = team.ada;
    await newProject();
    const project = ['--project', `p${made}`];
    const twice = '### PRIORITY 1: One\n\n### PRIORITY 1: Another\n';
    const result = await cli.run(['roadmap', 'import', '-', ...project], { input: twice });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^-:3: error: the number 1 is already taken in line 1$/m);
    expect((await cli.json<{ items: [] }>(['roadmap', ...project])).items).toEqual([]);
  });

  it('leave a trace of every change that an import makes', async () => {
    const { session } = team.ada;
    const projectId = await newProject();
    await importText(projectId, FILE);
    await importText(projectId, FILE.replace('Sing', 'Shout').replace('⏸️ Blocked', '✅ Complete'));
    const items = await listItems(session, { projectId });
    const history = await listHistory(session, items.find((item) => item.number === 'US-062')!.id);
    expect(history.map(({ change, changed_by_name }) => [change, changed_by_name])).toEqual([
      ['import', 'Ada'],
      ['import', 'Ada'],
      ['import', 'Ada'],
    ]);
  });
});
