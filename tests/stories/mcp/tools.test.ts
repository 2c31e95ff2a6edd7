import { saveAgentLogin } from '@coffee-roadmap/shared/agent-tools/login-file';
import { addAgent, removeAgent } from '@coffee-roadmap/shared/agent-tools/queries';
import { pathsOf } from '@coffee-roadmap/shared/config/paths';
import { listNotifications, type Notification } from '@coffee-roadmap/shared/notifications/queries';
import { acceptItem, addItem, getItem, reopenItem } from '@coffee-roadmap/shared/roadmap/queries';
import { until } from '../../support/until';
import { createTeam, type Team } from '../cli/team';
import { startToolServer, type ToolClient } from './tool-client';

let team: Team;
let project: string;
let tools: ToolClient;
beforeAll(async () => {
  team = await createTeam();
  project = await team.project('shop');
  await addItem(team.ada.session, { projectId: project, title: 'Greet by name' });
  const made = await addAgent(team.ada.session, 'laptop');
  const paths = pathsOf({ home: team.ada.cli.home } as Parameters<typeof pathsOf>[0]);
  const database_url = team.database.urlFor(made.login, made.password);
  saveAgentLogin(paths, { label: 'laptop', database_url });
  tools = await startToolServer(team.ada.cli);
});
afterAll(async () => {
  await tools.close();
  await team.close();
});

const questions = (title: string): Promise<Notification[]> =>
  listNotifications(team.ada.session).then((all) => all.filter((note) => note.title === title));
async function asked(title: string, count = 1): Promise<Notification> {
  let found: Notification[] = [];
  await until(`question ${count} "${title}"`, async () => {
    found = await questions(title);
    return found.length === count && found[0]!.state === 'pending';
  });
  return found[0]!;
}
const answer = (id: number, words: string) => team.ada.cli.run(['respond', String(id), words]);

it('offers the tools, with what each takes', async () => {
  const { tools: offered } = await tools.client.listTools();
  expect(offered.map(({ name }) => name).sort()).toEqual([
    'approve',
    'ask_person',
    'my_usage',
    'notify',
    'report_progress',
    'roadmap_add',
    'roadmap_list',
    'roadmap_view',
    'spend_today',
  ]);
  expect(tools.client.getInstructions()).toContain('only people answer');
});

it('reads the roadmap and proposes; what it proposes waits for a person', async () => {
  const added = await tools.call('roadmap_add', { title: 'Say goodbye', body: 'Politely.' });
  expect(added.value).toMatchObject({ project: 'shop', number: '2', state: 'blocked' });
  expect((await tools.call('roadmap_list')).value).toEqual({
    project: 'shop',
    items: [
      { number: '1', title: 'Greet by name', state: 'planned', open_questions: 0 },
      { number: '2', title: 'Say goodbye', state: 'blocked', open_questions: 0 },
    ],
  });
  expect((await tools.call('roadmap_list', { states: ['done'] })).value).toMatchObject({
    items: [],
  });
  const item = await getItem(team.ada.session, project, '2');
  await expect(acceptItem(team.ada.session, item.id)).rejects.toThrow('blocked');
  await reopenItem(team.ada.session, item.id, 'yes, do');
  expect((await tools.call('roadmap_view', { number: '2' })).value).toMatchObject({
    state: 'planned',
    body: 'Politely.',
    feedback: 'yes, do',
    questions: [],
  });
  const missing = await tools.call('roadmap_view', { number: '99' });
  expect(missing).toMatchObject({ isError: true });
  expect(missing.text).toContain('there is no priority 99');
});

it('asks, waits, and hands over the answer; the same words later are another question', async () => {
  const input = {
    question: 'Which logo?',
    options: [{ label: 'small' }, { label: 'large' }],
    item: '1',
  };
  for (const [count, words] of ['2', 'none of them'].entries()) {
    const said = tools.call('ask_person', input);
    const note = await asked('Which logo?', count + 1);
    expect(note).toMatchObject({ number: '1', asked_by_name: "Ada's agent (laptop)" });
    await answer(note.id, words);
    expect((await said).value).toEqual({
      question_id: note.id,
      answer: words === '2' ? 'large' : words,
      answered_by: 'Ada',
    });
  }
});

it('after a kill takes its question up again: asked once, and an answer given meanwhile is found', async () => {
  const input = { question: 'Deploy on Friday?', options: [{ label: 'yes' }, { label: 'no' }] };
  const cut = tools.call('ask_person', input);
  cut.catch(() => undefined);
  const note = await asked('Deploy on Friday?');
  await tools.kill();
  await expect(cut).rejects.toThrow();
  tools = await startToolServer(team.ada.cli, ['--project', 'shop']);
  const again = tools.call('ask_person', input);
  await tools.call('roadmap_list'); // the server has read what came before
  expect(await questions('Deploy on Friday?')).toHaveLength(1);
  await tools.kill();
  await expect(again).rejects.toThrow();
  await answer(note.id, 'no');
  tools = await startToolServer(team.ada.cli);
  expect((await tools.call('ask_person', input)).value).toMatchObject({
    question_id: note.id,
    answer: 'no',
  });
});

it('a program that ends leaves its question open; one that cancels takes it back', async () => {
  const cut = tools.call('ask_person', { question: 'Left open?', key: 'mine' });
  cut.catch(() => undefined);
  const note = await asked('Left open?');
  await tools.close();
  await expect(cut).rejects.toThrow();
  tools = await startToolServer(team.ada.cli);
  const again = tools.call('ask_person', { question: 'In other words', key: 'mine' });
  await answer(note.id, 'found');
  expect((await again).value).toMatchObject({ question_id: note.id, answer: 'found' });

  const abort = new AbortController();
  const cancelled = tools.call('ask_person', { question: 'Never mind?' }, abort.signal);
  const other = await asked('Never mind?');
  abort.abort();
  await expect(cancelled).rejects.toThrow();
  await until(
    'it is withdrawn',
    async () => (await questions('Never mind?'))[0]!.state === 'withdrawn',
  );
  expect((await answer(other.id, 'late')).code).toBe(5);
});

it('reports and notifies without waiting, and knows what was spent', async () => {
  const told = await tools.call('report_progress', { item: '1', summary: 'half\nway' });
  await tools.call('notify', { kind: 'completion', title: 'Done', priority: 'high' });
  const notes = await listNotifications(team.ada.session, { kinds: ['info', 'completion'] });
  expect(notes).toMatchObject([
    { title: 'Done', kind: 'completion', priority: 'high', state: 'posted' },
    { id: told.value.notification_id, title: 'half way', number: '1', priority: 'low' },
  ]);
  expect((await tools.call('spend_today')).value).toMatchObject({ spend: [], total_usd: 0 });
  expect((await tools.call('my_usage', { days: 7 })).value).toMatchObject({ usage: [] });
  expect((await tools.call('my_usage', { days: 0 })).isError).toBe(true);
});

it('puts permission prompts to people, once where they say always', async () => {
  const request = { tool_name: 'Bash', input: { command: 'npm publish' }, tool_use_id: 't1' };
  const denied = tools.call('approve', request);
  const first = await asked('May the agent run this command?');
  expect(first.message).toContain('npm publish');
  await answer(first.id, 'Not from here');
  expect((await denied).value).toEqual({
    behavior: 'deny',
    message: expect.stringContaining('Not from here'),
  });
  const allowed = tools.call('approve', request);
  const second = await asked('May the agent run this command?', 2);
  await answer(second.id, 'Always allow in this session');
  expect((await allowed).value).toEqual({ behavior: 'allow', updatedInput: request.input });
  expect((await tools.call('approve', request)).value).toMatchObject({ behavior: 'allow' });
  expect(await questions('May the agent run this command?')).toHaveLength(2);
});

it('says what to do when the login has ended', async () => {
  await removeAgent(team.ada.session, 'laptop');
  const late = await startToolServer(team.ada.cli);
  const said = await late.call('roadmap_list');
  expect([said.isError, said.text]).toEqual([
    true,
    expect.stringMatching(
      /^.*authentication failed.*\ncoffee-roadmap mcp install makes it anew\.$/,
    ),
  ]);
  await late.close();
});
