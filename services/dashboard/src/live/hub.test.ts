import { createHub, type Hub, type Topic } from './hub';

let hub: Hub;
let heard: Topic[];
beforeEach(() => {
  jest.useFakeTimers();
  hub = createHub(200);
  heard = [];
  hub.subscribe((topic) => heard.push(topic));
});
afterEach(() => {
  hub.close();
  jest.useRealTimers();
});

const progress = (): void => hub.hint({ channel: 'coffee_progress', id: 1 });

it('tells the first at once, and of a flood one in each window, the last too', () => {
  for (let n = 0; n < 100; n += 1) progress();
  expect(heard).toEqual(['progress']);
  jest.advanceTimersByTime(200);
  expect(heard).toEqual(['progress', 'progress']);
  jest.advanceTimersByTime(1_000);
  expect(heard).toHaveLength(2);
  progress();
  expect(heard).toHaveLength(3);
});

it('lets one kind not wait for another, and says no more than the kind', () => {
  progress();
  hub.hint({ channel: 'coffee_notifications', id: 7 });
  hub.hint({ channel: 'catch_up' });
  expect(heard).toEqual(['progress', 'notifications', 'catch_up']);
});

it('forgets who left', () => {
  const leave = hub.subscribe(() => heard.push('control'));
  expect(hub.subscribers).toBe(2);
  leave();
  progress();
  expect([hub.subscribers, heard]).toEqual([1, ['progress']]);
});
