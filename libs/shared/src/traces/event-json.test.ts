import { eventsToJson } from './event-json';

it('leaves nothing in a batch that Postgres would refuse whole', () => {
  const batch = [{ id: '1', body: { input: 'a\0b\uD800c', deep: ['\uDFFF', '😀 ü'] } }];
  expect(JSON.parse(eventsToJson(batch))).toEqual([
    { id: '1', body: { input: 'a\uFFFDb\uFFFDc', deep: ['\uFFFD', '😀 ü'] } },
  ]);
});
