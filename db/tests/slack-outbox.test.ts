import { randomUUID } from 'node:crypto';
import { codeOf, NOT_ALLOWED, valueOf } from './refusal';
import { describeTable } from './table-rules';

const ofRed = ['of the red daemon’s question', 'of ben’s question'];

describeTable(
  {
    table: 'coffee.slack_outbox',
    rows: {
      'of the red daemon’s question': ({ ids }) => `notification_id = ${ids.red.question}`,
      'of ben’s question': ({ ids }) => `notification_id = ${ids.bensQuestion}`,
      'of the blue daemon’s question': ({ ids }) => `notification_id = ${ids.blue.question}`,
    },
    reads: {
      anna: [],
      mona: [],
      ben: ['of ben’s question'],
      carla: [],
      daemon: ['of the red daemon’s question'],
      blueDaemon: ['of the blue daemon’s question'],
      slackbot: [...ofRed, 'of the blue daemon’s question'],
      nobody: [],
    },
    insert: ({ ids }) =>
      `insert into coffee.slack_outbox (notification_id, channel) values (${ids.red.question}, 'other')`,
    column: 'channel',
  },
  (world) => {
    it('queues a notification once, and gives each row to one instance at a time', async () => {
      const [first, second] = [await world().as('slackbot'), await world().another('slackbot')];
      const again = `select coffee.slack_enqueue('{"default": "C-default"}')`;
      expect(await valueOf(first, again)).toBe(0);
      const claim = async (client: typeof first, instance: string): Promise<string[]> =>
        (
          await client.query<{ id: string }>('select id from coffee.slack_claim($1, 60)', [
            instance,
          ])
        ).rows.map((row) => row.id);
      const ids: string[] = [];
      const [one, two] = [randomUUID(), randomUUID()];
      for (;;) {
        const found = (await Promise.all([claim(first, one), claim(second, two)])).flat();
        if (found.length === 0) break;
        ids.push(...found);
      }
      expect(ids).toHaveLength(3);
      expect(new Set(ids).size).toBe(3);
    });

    it('takes a report only from the instance that holds the row', async () => {
      const bot = await world().as('slackbot');
      const held = await world().root<{ id: string; instance: string }>(
        'select id, instance from coffee.slack_outbox where instance is not null limit 1',
      );
      const { id, instance } = held[0]!;
      const posted = `select coffee.slack_posted($1, $2, 'C1', '1.2', 'pending')`;
      expect(await valueOf(bot, posted, [id, randomUUID()])).toBe(false);
      expect(await valueOf(bot, posted, [id, instance])).toBe(true);
      expect(await valueOf(bot, posted, [id, instance])).toBe(false);
    });

    it.each(['ben', 'daemon', 'agent', 'dashboard', 'collector', 'auditor', 'nobody'] as const)(
      'lets %s neither queue nor claim',
      async (who) => {
        const client = await world().as(who);
        const queue = `select coffee.slack_enqueue('{"default": "C"}')`;
        const claim = 'select coffee.slack_claim(gen_random_uuid(), 60)';
        expect(await codeOf(client, queue)).toBe(NOT_ALLOWED);
        expect(await codeOf(client, claim)).toBe(NOT_ALLOWED);
      },
    );

    it('is never deleted from, not even by a superuser', async () => {
      const root = await world().database.connect();
      expect(await codeOf(root, 'delete from coffee.slack_outbox')).toBe(NOT_ALLOWED);
    });
  },
);
