import type { AgentEvent } from './agent';
import { createStepGate } from './step-gate';

function gateAt(clock: { now: number }) {
  const events: AgentEvent[] = [];
  const gate = createStepGate(
    (event) => events.push(event),
    () => clock.now,
  );
  return { events, gate };
}

test('lets a burst through, then a few a second, and says how many it left out', () => {
  const clock = { now: 0 };
  const { events, gate } = gateAt(clock);
  for (let i = 0; i < 150; i += 1) gate.step('message', `line ${i}`);
  expect(events).toHaveLength(100);
  clock.now = 1_000;
  gate.step('message', 'later');
  expect(events.slice(100)).toMatchObject([
    { kind: 'progress', summary: '50 more lines came too fast to be kept' },
    { kind: 'message', summary: 'later' },
  ]);
  gate.flush();
  expect(events).toHaveLength(102);
});

test('shortens what is long, for a list of one-line steps', () => {
  const { events, gate } = gateAt({ now: 0 });
  gate.step('tool', `first\nsecond ${'x'.repeat(300)}`, { text: 'y'.repeat(10_000) });
  const [event] = events;
  expect(event).toMatchObject({
    summary: expect.stringMatching(/^first second x+…$/),
    detail: { cut: expect.any(String) },
  });
});

test('passes on at most one sign of life a second', () => {
  const clock = { now: 0 };
  const { events, gate } = gateAt(clock);
  for (clock.now = 0; clock.now < 3_000; clock.now += 100) gate.alive();
  expect(events).toHaveLength(3);
});
