import { INVALID, NOT_FOUND, valueOf } from './refusal';
import { blue, newKey, red, type Outcome, slackCalls } from './slack-calls';
import { createWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const { answer, question, stateOf } = slackCalls(() => world);

describe('an answer from Slack', () => {
  it('is the linked person’s, and says where it came from', async () => {
    const id = await question();
    expect(await answer(red(), id, 'yes')).toMatchObject({ outcome: 'done', person: 'ben' });
    expect(await stateOf(id)).toEqual({
      state: 'answered',
      answer: 'Yes',
      answered_by: world.ids.red.person,
      answered_by_name: 'ben',
      answered_via: 'slack',
    });
  });

  it('is taken once, however often and however concurrently it is delivered', async () => {
    const id = await question();
    const from = red();
    const bots = await Promise.all(Array.from({ length: 8 }, () => world.another('slackbot')));
    const outcomes = await Promise.all(
      bots.map((bot) =>
        valueOf<Outcome>(bot, 'select coffee.slack_answer($1, $2, $3)', [from, id, 'No']),
      ),
    );
    await Promise.all(bots.map((bot) => bot.end()));
    expect(outcomes.filter(({ repeated }) => repeated !== true)).toHaveLength(1);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ outcome: 'done', result: { answer: 'No' } });
    const [count] = await world.root<{ n: number }>(
      `select count(*)::int as n from coffee.slack_interactions where notification_id = $1`,
      [id],
    );
    expect(count!.n).toBe(1);
  });

  it('changes nothing for an account that is not linked, and says how to link', async () => {
    const id = await question();
    const from = { key: newKey(), team: 'T1', user: 'USTRANGER', name: 'ben' };
    expect(await answer(from, id, 'Yes')).toMatchObject({
      outcome: 'unlinked',
      hint: expect.stringContaining('link-slack') as string,
    });
    expect((await stateOf(id)).state).toBe('pending');
  });

  it('changes nothing for the same user id of another workspace', async () => {
    const id = await question();
    const from = { ...red(), team: 'T2' };
    expect(await answer(from, id, 'Yes')).toMatchObject({ outcome: 'unlinked' });
    expect((await stateOf(id)).state).toBe('pending');
  });

  it('cannot be given by a person of another team, who does not learn that it is there', async () => {
    const id = await question();
    const refused = { outcome: 'refused', code: NOT_FOUND, person: 'carla' };
    expect(await answer(blue(), id, 'Yes')).toMatchObject(refused);
    expect(await answer(blue(), 999_999, 'Yes')).toMatchObject(refused);
    expect((await stateOf(id)).state).toBe('pending');
  });

  it('that comes late is told who was first', async () => {
    const id = await question();
    const mona = await world.as('mona');
    await mona.query('select coffee.answer($1, $2)', [id, 'No']);
    expect(await answer(red(), id, 'Yes')).toMatchObject({
      outcome: 'refused',
      code: 'CR001',
      message: 'mona answered "No" already',
    });
    expect((await stateOf(id)).answer).toBe('No');
  });

  it('that is none of the options is refused, and the attempt is kept', async () => {
    const id = await question();
    const from = red();
    expect(await answer(from, id, 'Perhaps')).toMatchObject({ outcome: 'refused', code: INVALID });
    expect(await answer(from, id, 'Yes')).toMatchObject({ outcome: 'refused', repeated: true });
    expect((await stateOf(id)).state).toBe('pending');
  });

  it('is not told to another account that names the same key', async () => {
    const from = red('shared key');
    await answer(from, await question(), 'Yes');
    const other = await answer(blue('shared key'), world.ids.blue.question, 'Yes');
    expect(other).toMatchObject({ outcome: 'refused', repeated: true });
    expect(other.person).toBeUndefined();
  });
});
