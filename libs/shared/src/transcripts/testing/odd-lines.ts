import type { Dice } from './dice';
import { addLine, type Scene } from './session';
import { prose } from './prose';
import { makeUsage } from './usage';

/** A line that holds no record; a reader passes it over and goes on. */
export function addOddLine(scene: Scene): void {
  const { dice, lines } = scene;
  const snapshot = { messageId: dice.uuid(), trackedFileBackups: {}, timestamp: timeOf(scene) };
  const odd = [
    () => JSON.stringify({ type: 'summary', summary: prose(dice, 30), leafUuid: dice.uuid() }),
    () => JSON.stringify({ type: 'file-history-snapshot', snapshot, isSnapshotUpdate: false }),
    () =>
      JSON.stringify({ type: 'queue-operation', operation: 'enqueue', timestamp: timeOf(scene) }),
    () => JSON.stringify({ type: 'type-of-tomorrow', payload: { usage: { input_tokens: 1 } } }),
    () => JSON.stringify({ type: 'system', subtype: 'turn_duration', timestamp: timeOf(scene) }),
    () => '',
    () => '   ',
    () => '{"type":"assistant","message":{"usage":{"input_tokens":5',
    () => '[1,2,3]',
    () => '"usage":{',
    () => 'null',
  ];
  lines.push(dice.pick(odd)());
}

/** An API message that every reader refuses: its numbers count nowhere. */
export function addInvalidLine(scene: Scene): void {
  const { dice } = scene;
  const message = {
    model: scene.model,
    id: `msg_01${dice.hex(22)}`,
    content: [],
    usage: makeUsage(dice, scene.quirks),
  };
  const line = { message, requestId: `req_${dice.hex(20)}`, type: 'assistant' };
  const wrong: object[] = [
    { ...line, version: 'dev' },
    { ...line, version: '' },
    { ...line, sessionId: '' },
    { ...line, requestId: '' },
    { ...line, requestId: null },
    { ...line, timestamp: 'yesterday' },
    { ...line, timestamp: '2026-13-01T00:00:00.000Z' },
    { ...line, timestamp: undefined },
    { ...line, message: { ...message, id: '' } },
    { ...line, message: { ...message, model: '' } },
    { ...line, message: { ...message, usage: { ...message.usage, input_tokens: -1 } } },
    { ...line, message: { ...message, usage: { ...message.usage, output_tokens: '9' } } },
    { ...line, message: { ...message, usage: { ...message.usage, speed: null } } },
  ];
  const change = dice.pick(wrong);
  addLine(scene, change, 100, change);
}

/** Older versions wrote what a sub-agent did as progress, with the whole message inside. */
export function addProgressLine(scene: Scene): void {
  const { dice } = scene;
  const inner = {
    type: 'assistant',
    timestamp: timeOf(scene),
    uuid: dice.uuid(),
    requestId: `req_${dice.hex(20)}`,
    message: {
      model: scene.model,
      id: `msg_01${dice.hex(22)}`,
      role: 'assistant',
      content: [{ type: 'text', text: prose(dice, 60) }],
      usage: makeUsage(dice, scene.quirks),
    },
  };
  const data = { type: 'agent_progress', message: inner, prompt: '', agentId: dice.hex(8) };
  addLine(scene, { type: 'progress', data, toolUseID: `toolu_${dice.hex(10)}` }, 500);
}

function timeOf({ clock }: { clock: number; dice: Dice }): string {
  return new Date(clock).toISOString();
}
