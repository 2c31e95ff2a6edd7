import { valueOf } from '../../../db/tests/refusal';
import { until } from '../../support/until';
import { openOffice, type Office } from './office';
import { createVisitor, type Visitor } from './visitor';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const stranger = (): Visitor => createVisitor(office.dashboard.address);
async function signedIn(who: 'anna' | 'ben' | 'carla'): Promise<Visitor> {
  const visitor = stranger();
  expect((await visitor.post('/api/sign-in', { code: await office.code(who) })).status).toBe(200);
  return visitor;
}

describe('without a sign-in', () => {
  it('shows totals, and nothing of anybody', async () => {
    const totals = await stranger().get('/api/totals');
    expect(totals.body).toMatchObject({
      items: expect.arrayContaining([{ state: 'planned', items: 2 }]),
    });
    for (const path of ['/api/now', '/api/roadmap', '/api/items/1', '/api/analytics']) {
      expect([path, (await stranger().get(path)).status]).toEqual([path, 401]);
    }
    const { question } = office.world.ids.red;
    const answer = await stranger().post(`/api/notifications/${question}/answer`, {
      answer: 'Yes',
    });
    expect(answer.status).toBe(401);
    const [row] = await office.world.root('select state from coffee.notifications where id = $1', [
      question,
    ]);
    expect(row).toEqual({ state: 'pending' });
  });

  it.each(['a'.repeat(64), 'x', '', `${'a'.repeat(64)}; coffee=1`])(
    'takes no cookie for one: %s',
    async (token) => {
      const visitor = stranger();
      const { port } = new URL(office.dashboard.address);
      visitor.cookie = `coffee-roadmap-${port}=${token}`;
      expect((await visitor.get('/api/now')).status).toBe(401);
      expect((await visitor.get('/api/me')).body).toEqual({ signed_in: false, kind: 'shared' });
    },
  );
});

describe('where one is signed in', () => {
  it('is listed for its person alone, and ended there, one by one or all at once', async () => {
    const [here, there] = [await signedIn('ben'), await signedIn('ben')];
    const carla = await signedIn('carla');
    type Listed = { sessions: { id: string; current: boolean; browser: string }[] };
    const list = async (visitor: Visitor): Promise<Listed['sessions']> =>
      ((await visitor.get('/api/sessions')).body as unknown as Listed).sessions;
    const mine = await list(here);
    expect(mine.filter((one) => one.current)).toHaveLength(1);
    const [hers] = await list(carla);
    expect(mine.map(({ id }) => id)).not.toContain(hers!.id);
    expect((await here.post(`/api/sessions/${hers!.id}/end`)).status).toBe(404);
    expect((await here.post('/api/sessions/1/end')).status).toBe(404);
    expect((await carla.get('/api/now')).status).toBe(200);

    const other = (await list(there)).find((one) => one.current)!;
    expect((await here.post(`/api/sessions/${other.id}/end`)).status).toBe(200);
    expect((await there.get('/api/now')).status).toBe(401);
    expect((await here.get('/api/now')).status).toBe(200);
    expect((await here.post('/api/sessions/end-all')).status).toBe(200);
    expect((await here.get('/api/now')).status).toBe(401);
    expect((await stranger().get('/api/sessions')).status).toBe(401);
    expect((await carla.get('/api/now')).status).toBe(200);
  });
});

it('tells somebody who mistyped an address so as a page, and a program as JSON', async () => {
  const ask = (accept: string): Promise<Response> =>
    fetch(`${office.dashboard.address}/nowhere`, { headers: { accept } });
  const page = await ask('text/html,application/xhtml+xml,*/*;q=0.8');
  expect([page.status, page.headers.get('content-type')]).toEqual([
    404,
    expect.stringContaining('text/html'),
  ]);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const program = await ask('*/*');
  expect([program.status, await program.json()]).toMatchObject([
    404,
    { error: { code: 'not_found' } },
  ]);
  expect((await stranger().get('/api/nowhere')).status).toBe(404);
});

describe('a link', () => {
  it('signs in once, by a cookie that no script reads and no other site sends', async () => {
    const code = await office.code('ben');
    const visitor = stranger();
    const first = await visitor.post('/api/sign-in', { code });
    expect(first.body).toEqual({ signed_in: true, name: 'ben' });
    expect(first.headers.get('set-cookie')).toMatch(/; Path=\/; .*HttpOnly; SameSite=Strict/);
    expect(first.headers.get('set-cookie')).not.toContain(code);
    const second = await stranger().post('/api/sign-in', { code });
    expect([second.status, second.headers.get('set-cookie')]).toEqual([404, null]);
    expect(office.dashboard.log()).not.toContain(code);
  });

  it('cannot be guessed at for long', async () => {
    const build = await office.build.start({
      database_url: office.world.database.urlFor(
        office.world.login('dashboard').login,
        office.world.login('dashboard').password,
      ),
      sign_in_limit: '3',
    });
    const visitor = createVisitor(build.address);
    const codes: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      codes.push((await visitor.post('/api/sign-in', { code: `guess ${n}` })).status);
    }
    expect(codes).toEqual([404, 404, 404, 429, 429]);
  });
});

describe('whoever is signed in', () => {
  it('sees what their team sees, and of another team nothing', async () => {
    const { red, blue } = office.world.ids;
    const [ben, carla] = [await signedIn('ben'), await signedIn('carla')];
    expect((await ben.get('/api/now')).body).toMatchObject({ projects: [{ name: 'red' }] });
    expect((await carla.get('/api/now')).body).toMatchObject({ projects: [{ name: 'blue' }] });
    expect((await ben.get(`/api/items/${red.item}`)).body).toMatchObject({
      item: { title: 'red secret work' },
      attempts: [{ attempt: 1 }],
    });
    expect((await ben.get(`/api/items/${blue.item}`)).status).toBe(404);
    expect((await ben.get('/api/analytics?zone=Asia/Kathmandu&days=7')).body).toMatchObject({
      spend: [{ project: 'red', attempts: 1 }],
    });
  });

  it('sees what each model cost, of their projects alone', async () => {
    const timestamp = new Date().toISOString();
    const body = {
      ...{ id: 'a call', traceId: 'a trace', model: 'claude-sonnet-5', startTime: timestamp },
      ...{ usageDetails: { input: 1_000_000 }, costDetails: { total: 3 } },
    };
    await (
      await office.world.as('daemon')
    ).query('select coffee.ingest_traces($1, $2)', [
      office.world.ids.red.attempt,
      JSON.stringify([{ id: 'an event', type: 'generation-create', timestamp, body }]),
    ]);
    const costs = async (who: 'ben' | 'carla', zone = 'UTC'): Promise<unknown[]> => {
      const { models } = (await (await signedIn(who)).get(`/api/analytics?zone=${zone}`)).body as {
        models?: { model: string; cost_usd: string }[];
      };
      return models!.map(({ model, cost_usd }) => [model, Number(cost_usd)]);
    };
    expect(await costs('ben')).toContainEqual(['claude-sonnet-5', expect.any(Number)]);
    // The same days, of which no sums are kept.
    expect(await costs('ben', 'Etc/UTC')).toEqual(await costs('ben'));
    const sum = (list: unknown[]): number =>
      (list as [string, number][]).reduce((total, [, cost]) => total + cost, 0);
    expect(sum(await costs('ben')) - sum(await costs('carla'))).toBeCloseTo(3);
  });

  it('answers as themselves, and who comes second is told who was first', async () => {
    const [ben, anna] = [await signedIn('ben'), await signedIn('anna')];
    const path = `/api/notifications/${office.world.ids.red.question}/answer`;
    expect((await ben.post(path, { answer: 'perhaps' })).body).toMatchObject({
      error: { code: 'invalid_input', hint: '1: Yes, 2: No' },
    });
    expect((await ben.post(path, { answer: 'yes' })).body).toMatchObject({ answer: 'Yes' });
    const second = await anna.post(path, { answer: 'No' });
    expect([second.status, second.body]).toEqual([
      409,
      { error: expect.objectContaining({ message: 'ben answered "Yes" already' }) },
    ]);
  });

  it('pauses a daemon of theirs, and no other', async () => {
    const ben = await signedIn('ben');
    const pause = (name: string) => ben.post('/api/daemons/pause', { name, paused: true });
    expect((await pause('red daemon')).body).toEqual({ daemons: 1 });
    expect((await pause('blue daemon')).status).toBe(404);
    expect((await ben.get('/api/now')).body).toMatchObject({
      daemons: [{ name: 'red daemon', paused_by_name: 'ben' }],
    });
    await ben.post('/api/daemons/pause', { name: 'red daemon', paused: false });
  });

  it('is signed out here, or everywhere from a terminal', async () => {
    const [here, there] = [await signedIn('ben'), await signedIn('ben')];
    const before = here.cookie;
    expect((await here.post('/api/sign-out')).body).toEqual({ signed_in: false });
    here.cookie = before; // somebody kept it
    expect((await here.get('/api/now')).status).toBe(401);
    expect((await there.get('/api/now')).status).toBe(200);
    await valueOf(await office.world.as('ben'), 'select coffee.end_dashboard_sessions()');
    expect((await there.get('/api/now')).status).toBe(401);
  });
});

describe('a change that another page sends', () => {
  const foreign: [string, Record<string, string | undefined>][] = [
    ['from another site', { origin: 'https://evil.example' }],
    ['from another port of this host', { origin: 'http://127.0.0.1:1' }],
    ['from nowhere that it says', { origin: undefined }],
    ['as the browser says itself', { 'sec-fetch-site': 'same-site' }],
    ['as a form', { 'content-type': 'text/plain' }],
    ['without our header', { 'x-coffee-roadmap': undefined }],
    ['from a null origin', { origin: 'null' }],
  ];
  it.each(foreign)('is refused: %s', async (_how, headers) => {
    const ben = await signedIn('ben');
    const { bensQuestion } = office.world.ids;
    const path = `/api/notifications/${bensQuestion}/answer`;
    expect((await ben.post(path, { answer: 'forged' }, headers)).status).toBe(403);
    const [row] = await office.world.root('select state from coffee.notifications where id = $1', [
      bensQuestion,
    ]);
    expect(row).toEqual({ state: 'pending' });
  });
});

describe('what it sends', () => {
  it('lets nothing run that is not ours, and is framed by nobody', async () => {
    const { headers } = await stranger().get('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:|https?:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it.each([
    ['/api/items/1%20or%201=1', 404],
    ['/api/items/99999999999999999999', 404],
    ['/api/analytics?days=1e9', 400],
    ['/api/analytics?zone=Mars/Olympus', 400],
    ['/api/nothing', 404],
    ['/assets/../../package.json', 404],
    ['/assets/%2e%2e/%2e%2e/package.json', 404],
    ['/%', 404],
  ])('of a bad address %s tells nothing of its inside', async (path, status) => {
    const ben = await signedIn('ben');
    const answer = await ben.get(path);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\bat \/|select|coffee\./);
  });

  it('of a body that is too long or no JSON says so', async () => {
    const ben = await signedIn('ben');
    const path = `/api/notifications/${office.world.ids.bensQuestion}/answer`;
    expect((await ben.post(path, { answer: 'x'.repeat(100_000) })).status).toBe(413);
    expect((await ben.post(path, { answer: 5 })).status).toBe(400);
  });
});

it('keeps two dashboards on one machine apart, and one’s own serves its person alone', async () => {
  const { login, password } = office.world.login('ben');
  const own = await office.build.start({ own_url: office.world.database.urlFor(login, password) });
  const visitor = createVisitor(own.address);
  expect((await visitor.get('/api/totals')).status).toBe(401);
  const shared = await visitor.post('/api/sign-in', { code: await office.code('ben') });
  expect(shared.status).toBe(404); // a link of the other one's
  expect(await own.health()).toBe(0);
  expect(await own.stop()).toBe(0);
});

it('says that it is well, waits out a database that is gone, and ends gently with pages open', async () => {
  const { login, password } = office.world.login('dashboard');
  const dashboard = await office.build.start({
    database_url: office.world.database.urlFor(login, password),
  });
  expect(await dashboard.health()).toBe(0);
  const page = await fetch(`${dashboard.address}/api/events`);
  const reader = page.body!.getReader();
  const heard: string[] = [];
  const listening = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard.push(new TextDecoder().decode(value));
    }
  })().catch(() => undefined);
  await until('the first event', () => heard.join('').includes('catch_up'));
  heard.length = 0;
  await office.world.root(
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = $1`,
    [login],
  );
  await until('it reads everything again', () => heard.join('').includes('catch_up'));
  await until('it is well again', async () => (await dashboard.health()) === 0);
  expect(await dashboard.stop()).toBe(0);
  await listening;
});
