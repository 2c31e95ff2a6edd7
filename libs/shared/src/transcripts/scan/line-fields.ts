/** Where in the buffer a text of the line stands: `at[F]` behind the quote, `to[F]` at the closing one. */
export const F = {
  type: 0,
  uuid: 1,
  timestamp: 2,
  session: 3,
  request: 4,
  cwd: 5,
  version: 6,
  branch: 7,
  agent: 8,
  cost: 9,
  messageId: 10,
  model: 11,
  speed: 12,
} as const;
export type FieldName = (typeof F)[keyof typeof F];

/** The field is there and null. */
export const NULL = -1;
/** The field is there and not what it should be. */
export const WRONG = -2;

export const N = {
  input: 0,
  output: 1,
  flatCache: 2,
  cacheRead: 3,
  cache5m: 4,
  cache1h: 5,
} as const;

const COUNT = 13;

/** What one line says, as places in the buffer; made once and used for every line. */
export class LineFields {
  /** 0: not there; else a position, NULL or WRONG. */
  readonly at = new Int32Array(COUNT);
  readonly to = new Int32Array(COUNT);
  /** Token numbers by N; -1 where not there, -2 where they are no numbers. */
  readonly numbers = new Float64Array(6);
  hasUsage = false;
  hasSplit = false;
  isSidechain = false;
  isMeta = false;
  isCompactSummary = false;
  /** A null where none belongs, or a value of the wrong kind. */
  broken = false;
  /** A tool gave something back: nobody wrote this. */
  isToolResult = false;
  /** Left before its end, because it holds nothing for us. */
  abandoned = false;
  /** The message's content is a text that somebody wrote, or a list that holds one. */
  hasContent = false;
  /** Where that text stands, if it is no list; 0: it is. */
  content = 0;
  contentTo = 0;
  isMarkup = false;
  /** Reached its end as whole JSON. */
  complete = false;
  /** Where the stretch stands that says the line's place; 0: nowhere. */
  placeAt = 0;
  /** Written as no program of ours knows it: a key twice or with escapes. JSON.parse has to say what it means. */
  isOdd = false;
  /** These keys were there. */
  sawMessage = false;
  sawContent = false;
  sawData = false;
  /** What a progress line holds in its `data`; counts where it has usage. */
  inner: LineFields | undefined;
  /** Pairs of positions; the first `textCount` numbers count. */
  readonly texts: number[] = [];
  textCount = 0;
  /** Four positions each: of the id, of the name; the first `toolUseCount` numbers count. */
  readonly toolUses: number[] = [];
  toolUseCount = 0;

  clear(): void {
    // Shorter than a call of fill, and it happens for every line.
    for (let i = 0; i < COUNT; i += 1) this.at[i] = 0;
    for (let i = 0; i < 6; i += 1) this.numbers[i] = -1;
    this.hasUsage = false;
    this.hasSplit = false;
    this.isSidechain = false;
    this.isMeta = false;
    this.isCompactSummary = false;
    this.broken = false;
    this.isToolResult = false;
    this.abandoned = false;
    this.hasContent = false;
    this.content = 0;
    this.isMarkup = false;
    this.complete = false;
    this.placeAt = 0;
    this.isOdd = false;
    this.sawMessage = false;
    this.sawContent = false;
    this.sawData = false;
    this.inner?.clear();
    this.textCount = 0;
    this.toolUseCount = 0;
  }

  addText(from: number, to: number): void {
    this.texts[this.textCount++] = from;
    this.texts[this.textCount++] = to;
  }

  addToolUse(id: number, idTo: number, name: number, nameTo: number): void {
    this.toolUses[this.toolUseCount++] = id;
    this.toolUses[this.toolUseCount++] = idTo;
    this.toolUses[this.toolUseCount++] = name;
    this.toolUses[this.toolUseCount++] = nameTo;
  }

  has(field: FieldName): boolean {
    return this.at[field]! > 0;
  }
}
