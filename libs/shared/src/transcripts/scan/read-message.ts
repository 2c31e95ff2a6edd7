import { ascii, FAIL, hasEscape, isAt, keyEnd, skipSpace, stringEnd, valueEnd } from './json-bytes';
import { F, N, type LineFields } from './line-fields';
import { readText } from './read-text';
import { decodeText } from './record-bytes';

const ID = ascii('id');
const TYPE = ascii('type');
const NAME = ascii('name');
const TEXT = ascii('text');
const MODEL = ascii('model');
const TEXTS = [ID, TYPE, NAME, TEXT];
const USAGE = ascii('usage');
const CONTENT = ascii('content');
const TOOL_USE = ascii('tool_use');
const TOOL_RESULT = ascii('tool_result');
const SPEED = ascii('speed');
const MARKUP = /^<(?:command-name>|command-message>|local-command-)/;

const NUMBERS: readonly [Uint8Array, number][] = [
  [ascii('input_tokens'), N.input],
  [ascii('output_tokens'), N.output],
  [ascii('cache_creation_input_tokens'), N.flatCache],
  [ascii('cache_read_input_tokens'), N.cacheRead],
];
const SPLIT_NUMBERS: readonly [Uint8Array, number][] = [
  [ascii('ephemeral_5m_input_tokens'), N.cache5m],
  [ascii('ephemeral_1h_input_tokens'), N.cache1h],
];
const CACHE_CREATION = ascii('cache_creation');

/** Called for each key of an object: `key` and `length` say which, `value` where its value begins. */
type OnKey = (
  b: Buffer,
  key: number,
  length: number,
  value: number,
  end: number,
  f: LineFields,
) => number;

/** Goes over an object's keys; `onKey` gives the place behind each value. */
function readObject(b: Buffer, start: number, end: number, f: LineFields, onKey: OnKey): number {
  let p = skipSpace(b, start + 1);
  if (b[p] === 125) return p + 1;
  for (;;) {
    if (b[p] !== 34) return FAIL;
    const key = p + 1;
    p = keyEnd(b, key, end, f);
    if (p < 0) return FAIL;
    const length = p - key;
    p = skipSpace(b, p + 1);
    if (b[p] !== 58) return FAIL;
    p = onKey(b, key, length, skipSpace(b, p + 1), end, f);
    if (p < 0 || f.abandoned) return p;
    p = skipSpace(b, p);
    if (b[p] === 125) return p + 1;
    if (b[p] !== 44) return FAIL;
    p = skipSpace(b, p + 1);
  }
}

/** `ofUser`: what tools gave back is left as soon as it is known. */
export function readMessage(
  b: Buffer,
  start: number,
  end: number,
  f: LineFields,
  ofUser: boolean,
): number {
  return readObject(b, start, end, f, ofUser ? userKey : messageKey);
}

const messageKey: OnKey = (b, key, length, p, end, f) => {
  if (length === 2 && isAt(b, key, ID)) return readText(b, p, end, f, F.messageId);
  if (length === 5 && isAt(b, key, MODEL)) return readText(b, p, end, f, F.model);
  if (length === 5 && isAt(b, key, USAGE)) {
    if (f.hasUsage) f.isOdd = true;
    if (b[p] !== 123) return valueEnd(b, p, end);
    f.hasUsage = true;
    return readObject(b, p, end, f, usageKey);
  }
  if (length === 7 && isAt(b, key, CONTENT)) return readContent(b, p, end, f, false);
  return valueEnd(b, p, end);
};

const userKey: OnKey = (b, key, length, p, end, f) => {
  if (length === 7 && isAt(b, key, CONTENT)) return readContent(b, p, end, f, true);
  return messageKey(b, key, length, p, end, f);
};

const usageKey: OnKey = (b, key, length, p, end, f) => {
  if (length === 5 && isAt(b, key, SPEED)) return readText(b, p, end, f, F.speed);
  if (length === 14 && isAt(b, key, CACHE_CREATION)) {
    if (f.hasSplit) f.isOdd = true;
    if (b[p] !== 123) return valueEnd(b, p, end);
    f.hasSplit = true;
    return readObject(b, p, end, f, splitKey);
  }
  return readNumberOf(NUMBERS, b, key, length, p, end, f);
};

const splitKey: OnKey = (b, key, length, p, end, f) =>
  readNumberOf(SPLIT_NUMBERS, b, key, length, p, end, f);

function readNumberOf(
  names: readonly [Uint8Array, number][],
  b: Buffer,
  key: number,
  length: number,
  p: number,
  end: number,
  f: LineFields,
): number {
  for (let i = 0; i < names.length; i += 1) {
    const [name, slot] = names[i]!;
    if (name.length !== length || !isAt(b, key, name)) continue;
    return readNumber(b, p, end, f, slot);
  }
  return valueEnd(b, p, end);
}

/** A whole number of at least 0 goes into the slot, -2 for anything else. */
function readNumber(b: Buffer, at: number, end: number, f: LineFields, slot: number): number {
  let value = 0;
  let p = at;
  if (f.numbers[slot] !== -1) f.isOdd = true;
  for (; p < at + 13; p += 1) {
    const digit = b[p]! - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const c = b[p]!;
  if (p > at && (c === 44 || c === 125)) {
    f.numbers[slot] = value;
    return p;
  }
  const stop = valueEnd(b, at, end);
  f.numbers[slot] = p > at && p === stop ? value : -2;
  return stop;
}

function readContent(
  b: Buffer,
  start: number,
  end: number,
  f: LineFields,
  ofUser: boolean,
): number {
  if (f.sawContent) f.isOdd = true;
  f.sawContent = true;
  if (b[start] === 34) {
    const quote = stringEnd(b, start + 1, end);
    f.hasContent = quote > start + 1;
    f.content = start + 1;
    f.contentTo = quote;
    if (quote < 0) return FAIL;
    const first = b[start + 1];
    if (first === 60 || first === 92) f.isMarkup = MARKUP.test(decodeText(b, start + 1, quote));
    return quote + 1;
  }
  if (b[start] !== 91) return valueEnd(b, start, end);
  let p = skipSpace(b, start + 1);
  if (b[p] === 93) return p + 1;
  for (;;) {
    if (b[p] === 123) {
      beginBlock();
      p = readObject(b, p, end, f, ofUser ? userBlockKey : blockKey);
      if (p < 0 || f.abandoned) return p;
      endBlock(b, f);
    } else {
      p = valueEnd(b, p, end);
      if (p < 0) return FAIL;
    }
    p = skipSpace(b, p);
    if (b[p] === 93) return p + 1;
    if (b[p] !== 44) return FAIL;
    p = skipSpace(b, p + 1);
  }
}

/** The block being read, as positions: each pair is behind the opening quote and at the closing one. */
const block = { type: 0, typeTo: 0, text: 0, textTo: 0, id: 0, idTo: 0, name: 0, nameTo: 0 };

function beginBlock(): void {
  block.type = 0;
  block.text = 0;
  block.id = 0;
  block.name = 0;
}

function endBlock(b: Buffer, f: LineFields): void {
  const { type, typeTo } = block;
  const length = type === 0 ? 0 : typeTo - type;
  f.hasContent = true;
  if (length === 4 && isAt(b, type, TEXT) && block.text > 0) f.addText(block.text, block.textTo);
  else if (length === 8 && isAt(b, type, TOOL_USE) && block.id > 0 && block.name > 0)
    f.addToolUse(block.id, block.idTo, block.name, block.nameTo);
  else if (length === 11 && isAt(b, type, TOOL_RESULT)) f.isToolResult = true;
  else if (type > 0 && hasEscape(b, type, typeTo)) f.isOdd = true;
}

const userBlockKey: OnKey = (b, key, length, p, end, f) => {
  const stop = blockKey(b, key, length, p, end, f);
  if (length === 4 && block.type > 0 && block.typeTo - block.type === 11)
    f.abandoned = f.isToolResult = isAt(b, block.type, TOOL_RESULT);
  return stop;
};

const blockKey: OnKey = (b, key, length, p, end, f) => {
  if (length > 4) return valueEnd(b, p, end);
  if (b[p] !== 34) {
    if (TEXTS.some((name) => name.length === length && isAt(b, key, name))) f.isOdd = true;
    return valueEnd(b, p, end);
  }
  const quote = stringEnd(b, p + 1, end);
  if (quote < 0) return FAIL;
  if (length === 4 && isAt(b, key, TYPE)) {
    block.type = p + 1;
    block.typeTo = quote;
  } else if (length === 4 && isAt(b, key, TEXT)) {
    block.text = p + 1;
    block.textTo = quote;
  } else if (length === 4 && isAt(b, key, NAME)) {
    block.name = p + 1;
    block.nameTo = quote;
  } else if (length === 2 && isAt(b, key, ID)) {
    block.id = p + 1;
    block.idTo = quote;
  }
  return quote + 1;
};
