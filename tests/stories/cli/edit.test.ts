import { getItem, editItem } from '@coffee-roadmap/shared/roadmap/queries';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTeam, type Team } from './team';

let team: Team;
let projectId: string;

beforeAll(async () => {
  team = await createTeam();
  projectId = await team.project('shop');
  await team.ada.cli.run(['roadmap', 'add', 'Greet people', '--body', 'One.\n\n# Not a comment\n']);
});
afterAll(() => team.close());

/** An editor that runs this script with the file as $1. */
function editor(script: string): { EDITOR: string } {
  const file = path.join(team.ada.cli.home, 'editor.sh');
  writeFileSync(file, script);
  return { EDITOR: `sh '${file}'` };
}

it('gives title and text to the editor, and stores what comes back', async () => {
  const { cli } = team.ada;
  const seen = path.join(cli.home, 'seen.md');
  const env = editor(`cp "$1" '${seen}'; printf 'Greet all\\n\\nTwo.\\n\\n## Part\\n' > "$1"`);
  const result = await cli.run(['roadmap', 'edit', '1'], { env });
  expect(result).toMatchObject({ code: 0, stdout: 'Changed 1. Greet all\n' });
  expect(readFileSync(seen, 'utf8')).toMatch(/^Greet people\n\nOne\.\n\n# Not a comment\n\n<!-- /);
  expect(await cli.json(['roadmap', 'view', '1'])).toMatchObject({
    title: 'Greet all',
    body: 'Two.\n\n## Part',
  });
});

it('changes nothing when the text is left alone, emptied, or the editor fails', async () => {
  const { cli } = team.ada;
  const before = await cli.json(['roadmap', 'view', '1']);
  const alone = await cli.run(['roadmap', 'edit', '1'], { env: { EDITOR: 'true' } });
  expect(alone).toMatchObject({ code: 0, stderr: 'nothing was changed\n' });
  const emptied = await cli.run(['roadmap', 'edit', '1'], { env: editor(': > "$1"') });
  expect(emptied).toMatchObject({ code: 0, stderr: 'nothing was changed\n' });
  const failed = await cli.run(['roadmap', 'edit', '1'], { env: { EDITOR: 'false' } });
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('the editor "false"') });
  expect(await cli.json(['roadmap', 'view', '1'])).toEqual(before);
});

it('overwrites nobody who was quicker, and keeps what was written', async () => {
  const { cli, session } = team.ada;
  const marker = path.join(cli.home, 'editing');
  const env = editor(
    `echo mine > "$1"; touch '${marker}'; while [ -e '${marker}' ]; do sleep 0.02; done`,
  );
  const editing = cli.start(['roadmap', 'edit', '1'], { env });
  await until(() => existsSync(marker));
  const item = await getItem(session, projectId, '1');
  await editItem(session, item.id, { version: item.version, title: 'Quicker' });
  rmSync(marker);
  const { code, stderr } = await editing.ended;
  expect(code).toBe(5);
  expect(stderr).toContain('priority 1 was changed meanwhile');
  const kept = /your text is kept in (.+)/.exec(stderr)?.[1];
  expect(readFileSync(kept!, 'utf8')).toBe('mine\n');
  expect((await cli.json(['roadmap', 'view', '1'])).title).toBe('Quicker');
});

it('takes a new priority from the editor, and none from an empty one', async () => {
  const { cli } = team.ada;
  const env = editor(`printf 'From the editor\\n\\nText\\n' > "$1"`);
  expect(await cli.json(['roadmap', 'add'], { env })).toMatchObject({
    title: 'From the editor',
    body: 'Text',
  });
  expect((await cli.run(['roadmap', 'add'], { env: { EDITOR: 'true' } })).code).toBe(1);
  expect((await cli.run(['roadmap', 'add'])).code).toBe(2); // no editor, no terminal
});

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('not within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
