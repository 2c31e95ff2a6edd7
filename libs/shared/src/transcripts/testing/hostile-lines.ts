import type { Dice } from './dice';

/** JSON as text whose characters are bytes, so that it can hold bytes that are no UTF-8. */
type Raw = string;
type Entry = [key: string, value: Raw];

/**
 * One line that is JSON, with all that JSON allows and no program writes: keys and values with escapes,
 * keys twice, keys of ours inside of values, blanks, bytes that are no UTF-8.
 */
export function hostileLine(dice: Dice): Buffer {
  const type = dice.pick(['user', 'assistant', 'assistant', 'assistant', 'progress', 'summary']);
  const ofTool = type === 'user' && dice.chance(0.3);
  const inner = type === 'progress' && dice.chance(0.7);
  // What a tool gave back is left at once: what comes behind that is never looked at.
  const twice = ofTool || type === 'summary' ? 0 : 0.02;
  const line = envelope(dice, type, ofTool, twice);
  if (inner)
    line.push([
      'data',
      object(
        dice,
        [['message', object(dice, envelope(dice, 'assistant', false, twice), twice)]],
        twice,
      ),
    ]);
  return Buffer.from(object(dice, line, twice), 'latin1');
}

function envelope(dice: Dice, type: string, ofTool: boolean, twice: number): Entry[] {
  const place: Entry[] = [
    ['parentUuid', dice.pick(['null', text(dice, dice.uuid())])],
    ['isSidechain', dice.pick(['true', 'false', 'false', 'null'])],
    ['userType', text(dice, 'external')],
    [
      'cwd',
      dice.pick(['null', ...['/home/ada', '/home/ä/日本', ''].map((cwd) => text(dice, cwd))]),
    ],
    ['sessionId', text(dice, dice.pick(['s1', 's2', 's"3']))],
    ['version', text(dice, dice.pick(['2.1.197', '2.1.197', '2.1.197', 'dev']))],
    ['gitBranch', text(dice, 'main')],
  ];
  const entries: Entry[] = [
    ['type', text(dice, type, 0)],
    ['uuid', text(dice, dice.uuid())],
    ['timestamp', text(dice, `2026-02-0${1 + dice.below(9)}T04:05:06.789Z`)],
    ['requestId', text(dice, `req_${dice.below(4)}`)],
    ['isMeta', 'false'],
    ['isApiErrorMessage', dice.pick(['true', 'false', 'null'])],
    ['costUSD', dice.pick(['0.25', '7', 'null', '"1"'])],
    ['message', object(dice, message(dice, type, ofTool, twice), twice)],
  ];
  const seldom = (key: string): boolean => ['isMeta', 'isApiErrorMessage', 'costUSD'].includes(key);
  const most = entries.filter(([key]) => dice.chance(seldom(key) ? 0.2 : 0.97));
  // As Claude Code writes it, or any other way.
  if (dice.chance(0.7)) return [...place, ...shuffle(dice, most)];
  return shuffle(dice, [...place.filter(() => dice.chance(0.8)), ...most]);
}

function message(dice: Dice, type: string, ofTool: boolean, twice: number): Entry[] {
  const blocks = Array.from({ length: dice.below(4) }, () => block(dice, twice));
  if (ofTool) blocks.push(object(dice, [['type', text(dice, 'tool_result')]], 0));
  const said = text(dice, dice.pick(['Perfect!', '<command-name>x', 'go on', 'You’re right', '']));
  const entries: Entry[] = [
    ['id', text(dice, `msg_${dice.below(4)}`)],
    ['model', text(dice, 'claude-haiku-4-5')],
    ['content', type === 'user' && !ofTool && dice.chance(0.5) ? said : `[${blocks.join(',')}]`],
  ];
  if (type !== 'user') entries.push(['usage', object(dice, usage(dice, twice), twice)]);
  return dice.chance(0.5) ? entries : shuffle(dice, entries);
}

function block(dice: Dice, twice: number): Raw {
  const type = dice.pick(['text', 'text', 'tool_use', 'thinking']);
  const entries: Entry[] = [
    ['type', text(dice, type)],
    ['text', text(dice, dice.pick(['Excellent!', "You're absolutely right", 'so be it\n']))],
    ['id', dice.chance(0.1) ? 'null' : text(dice, `toolu_${dice.below(9)}`)],
    ['name', text(dice, 'Bash')],
    ['input', noise(dice)],
  ];
  return dice.chance(0.1) ? noise(dice) : object(dice, shuffle(dice, entries), twice);
}

function usage(dice: Dice, twice: number): Entry[] {
  const number = (): Raw =>
    dice.chance(0.03) ? dice.pick(['-1', '"5"', 'null', '2.5']) : String(dice.below(999));
  const split: Entry[] = [
    ['ephemeral_5m_input_tokens', number()],
    ['ephemeral_1h_input_tokens', number()],
  ];
  const entries: Entry[] = [
    ['input_tokens', number()],
    ['output_tokens', number()],
    ['cache_read_input_tokens', number()],
    ['cache_creation_input_tokens', number()],
    ['cache_creation', dice.chance(0.2) ? 'null' : object(dice, split, twice)],
    ['speed', text(dice, dice.pick(['fast', 'standard']))],
  ];
  return entries.filter(() => dice.chance(0.95));
}

/** Things of no account in which keys of ours stand. */
function noise(dice: Dice): Raw {
  return dice.pick([
    '{"type":"assistant","message":{"usage":{"input_tokens":7}},"id":"x"}',
    '["type",{"text":"Perfect!"},[[]],{}]',
    '"\\"usage\\":{\\\\"',
    '-1.5e3',
    'null',
    '"\xff\xc3"',
  ]);
}

/** `twice`: the share of keys that come once more, with another value, before or behind. */
function object(dice: Dice, entries: readonly Entry[], twice: number): Raw {
  const all: Entry[] = [];
  for (const [key, value] of entries) {
    if (dice.chance(0.04))
      all.push([dice.pick(['x', '\xff', 'ids', 'typ', '\n', 'type\\']), noise(dice)]);
    const other = dice.chance(twice) ? otherValue(dice, key, value) : undefined;
    const before = dice.chance(0.5);
    if (other !== undefined && before) all.push([key, other]);
    all.push([key, value]);
    if (other !== undefined && !before) all.push([key, other]);
  }
  const blank = (): string => (dice.chance(0.01) ? dice.pick([' ', '\t', ' \r ']) : '');
  const parts = all.map(
    ([key, value]) => `${blank()}${text(dice, key, 0)}${blank()}:${blank()}${value}${blank()}`,
  );
  return `{${parts.join(',')}}`;
}

/** None that tells a reader to leave the line: what comes behind that is never looked at. */
function otherValue(dice: Dice, key: string, value: Raw): Raw {
  if (key === 'type') return dice.pick(['"assistant"', '"user"', '"progress"']);
  return dice.pick([value, 'null', '"other"', '17', '{}', '{"id":"m","usage":{"input_tokens":1}}']);
}

/** A string; now and then some of its characters as escapes, or with bytes that are none. */
function text(dice: Dice, plain: string, torn = 0.01): Raw {
  const escapes = dice.chance(0.02);
  const inside = [...plain].map((character) => {
    if (escapes && dice.chance(0.3) && character.length === 1)
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return Buffer.from(JSON.stringify(character).slice(1, -1)).toString('latin1');
  });
  if (dice.chance(torn)) inside.push(dice.pick(['\xff', '\xe2\x82', '\\ud800']));
  return `"${inside.join('')}"`;
}

function shuffle<T>(dice: Dice, list: readonly T[]): T[] {
  const keyed = list.map((one) => ({ one, at: dice.next() }));
  return keyed.sort((a, b) => a.at - b.at).map(({ one }) => one);
}
