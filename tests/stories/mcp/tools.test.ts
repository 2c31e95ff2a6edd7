import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { saveAgentLogin } from '@coffee-roadmap/shared/agent-tools/login-file';
import { addAgent, removeAgent } from '@coffee-roadmap/shared/agent-tools/queries';
import { pathsOf } from '@coffee-roadmap/shared/config/paths';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import { listNotifications, type Notification } from '@coffee-roadmap/shared/notifications/queries';
import type { UsageRecord } from '@coffee-roadmap/shared/records/record';
import { acceptItem, addItem, getItem, reopenItem } from '@coffee-roadmap/shared/roadmap/queries';
import { addProjectKey } from '@coffee-roadmap/shared/traces/key-queries';
import { BLUE_MACHINE, RED_MACHINE, usage } from '../../../db/tests/reports';
import { query } from '../../support/database';
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

it('says what its person spent today and used this week, and what nobody else did', async () => {
  const machineId = RED_MACHINE;
  const at = (daysAgo: number): string => new Date(Date.now() - daysAgo * 86_400_000).toISOString();
  const call = (message_id: string, daysAgo: number, change: Partial<UsageRecord>): UsageRecord =>
    usage({ message_id, at: at(daysAgo), ...change }, machineId);
  const records = [
    call('a', 0, { logged_cost_usd: '0.5' }),
    call('b', 0, { model: 'not-ours' }),
    call('c', 3, { logged_cost_usd: '1' }),
    call('d', 9, { logged_cost_usd: '7' }),
  ];
  const { session } = team.ada;
  await importBatch({ session }, { machineId, road: 'direct', records });
  const bob = await team.person('Bob');
  await importBatch(
    { session: bob.session },
    {
      ...{ machineId: BLUE_MACHINE, road: 'direct' },
      records: [usage({ message_id: 'e', at: at(0), logged_cost_usd: '100' }, BLUE_MACHINE)],
    },
  );
  const key = await addProjectKey(session, project, 'program');
  const started = at(0);
  const body = { id: 'g', startTime: started, model: 'm', costDetails: { total: 2 } };
  const event = { id: 'e', type: 'generation-create', timestamp: started, body };
  const password = 'for this test only';
  const who = { kind: 'collector', name: 'collector', password } as const;
  const login = await ensureLogin(team.database.superuserUrl, who);
  const collector = team.database.urlFor(login, password);
  await query(collector, 'select coffee.ingest_with_key($1, $2, $3)', [
    ...[key.public_key, key.secret_key, JSON.stringify([event])],
  ]);

  const midnight = (daysAgo: number): string => `${at(daysAgo).slice(0, 10)}T00:00:00.000Z`;
  const own = { project: null, calls: 2, cost_usd: 0.5, unpriced_calls: 1 };
  expect((await tools.call('spend_today')).value).toEqual({
    since: midnight(0),
    spend: [{ project: 'shop', calls: 1, cost_usd: 2, unpriced_calls: 0 }, own],
    total_usd: 2.5,
  });
  const tokens = (calls: number) => ({
    ...{ calls, input_tokens: 10 * calls, output_tokens: 20 * calls },
    ...{ cache_read_tokens: 30 * calls, cache_write_tokens: 90 * calls },
  });
  const opus = { model: 'claude-opus-4-5', unpriced_calls: 0 };
  const other = { model: 'not-ours', ...tokens(1), cost_usd: 0, unpriced_calls: 1 };
  expect((await tools.call('my_usage')).value).toEqual({
    since: midnight(0),
    usage: [{ ...opus, ...tokens(1), cost_usd: 0.5 }, other],
    total_usd: 0.5,
  });
  expect((await tools.call('my_usage', { days: 7 })).value).toEqual({
    since: midnight(6),
    usage: [{ ...opus, ...tokens(2), cost_usd: 1.5 }, other],
    total_usd: 1.5,
  });
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
