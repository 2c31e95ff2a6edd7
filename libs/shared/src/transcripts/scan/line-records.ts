import { createHash } from 'node:crypto';
import { createMatcher, namesOf, type PhraseMatcher } from '../../phrases/match-phrases';
import type { PhrasePattern } from '../../phrases/patterns';
import { encodeActivity } from './encode-activity';
import { encodePhrases } from './encode-phrases';
import { encodeText } from './encode-text';
import { encodeUsage } from './encode-usage';
import { instantOrder, normaliseInstant } from './instant';
import { ascii, skipSpace } from './json-bytes';
import { F, LineFields } from './line-fields';
import { MessageWindow, type OpenMessage, type Remembered } from './message-window';
import { PlaceMemory } from './place-memory';
import { plainLine } from './plain-line';
import { LINE, lineType, readLine } from './read-line';
import { decodeText, RecordBytes, unescape } from './record-bytes';
import { SessionTrail } from './session-trail';
import type { SessionState } from './transcript-state';
import { isValidUsage, totalTokens } from './usage-rules';

export interface RecordOptions {
  machineId: string;
  patterns: readonly PhrasePattern[];
  /** Only what the patterns find: for patterns that are new. */
  phrasesOnly?: boolean;
  /** Texts of messages too, from this moment on; as `at` of records. */
  textsSince?: string | undefined;
}

/** What was seen; everything that gives no record is counted. */
export interface LineCounts {
  lines: number;
  usage_lines: number;
  refused_lines: number;
  broken_lines: number;
  /** By the type that they say. */
  passed_over: Record<string, number>;
}

export const noCounts = (): LineCounts => ({
  lines: 0,
  usage_lines: 0,
  refused_lines: 0,
  broken_lines: 0,
  passed_over: {},
});

const SLASH = ascii('/');
const SEMICOLON_FREE_TYPE = /^[\w.:-]{1,40}$/;
const MOST_TYPES = 100;

/** Makes records of a transcript's lines, one after the other. */
export class LineRecords {
  /** Whole records, each with its line feed. */
  readonly out = new RecordBytes(1 << 20);
  /** Records of texts, which go their own way. */
  readonly texts = new RecordBytes(0);
  counts = noCounts();
  private readonly f = new LineFields();
  private readonly place = new PlaceMemory();
  private readonly at = Buffer.alloc(24);
  private readonly key = new RecordBytes(512);
  private readonly heads: Record<
    'usage' | 'phrases' | 'user_message' | 'agent_tool_use',
    Uint8Array
  >;
  private readonly match: PhraseMatcher;
  private readonly window: MessageWindow;
  private readonly trail: SessionTrail;
  private agentId: string | undefined;

  constructor(private readonly options: RecordOptions) {
    const head = (source: string, type: string): Uint8Array =>
      ascii(`{"v":1,"id":"${options.machineId}:${source}:${type}:`);
    this.heads = {
      usage: head('claude', 'usage'),
      phrases: head('claude', 'phrases'),
      user_message: head('remote.agent', 'user_message'),
      agent_tool_use: head('remote.agent', 'agent_tool_use'),
    };
    this.match = createMatcher(options.patterns);
    this.window = new MessageWindow((message) => this.tell(message));
    this.trail = new SessionTrail(options.machineId, this.place);
  }

  /** `agentId`: the file is a sub-agent's, by its name. */
  begin(agentId: string | undefined, recent: readonly Remembered[], session?: SessionState): void {
    this.agentId = agentId;
    this.window.restore(recent);
    this.trail.begin(agentId, session);
  }

  /** Lets go of what is under way; gives what is needed to go on later. */
  finish(): { recent: Remembered[]; session: SessionState | undefined } {
    this.place.release();
    return { recent: this.window.flush(), session: this.trail.state() };
  }

  /** One line, from `start` to its line feed at `end`. */
  take(b: Buffer, start: number, end: number): void {
    const { counts } = this;
    counts.lines += 1;
    const from = skipSpace(b, start);
    if (from !== end) this.takeLine(b, from, end);
  }

  /** `plain`: it is as JSON.stringify writes it. */
  private takeLine(b: Buffer, from: number, end: number, plain = false): void {
    const { f, counts } = this;
    const stop = readLine(b, from, end, f, this.place);
    if (f.isOdd && !plain) return this.takeOddly(b, from, end);
    if (f.abandoned) return this.passOver(b);
    if (stop < 0 || skipSpace(b, stop) !== end) {
      counts.broken_lines += 1;
      return;
    }
    const inner = f.inner?.hasUsage === true ? f.inner : undefined;
    const message = f.hasUsage ? f : (inner ?? f);
    if (!this.readInstant(b, message)) {
      if (message.hasUsage) counts.refused_lines += 1;
      return;
    }
    if (this.options.phrasesOnly !== true) this.trail.see(this.out, b, f, this.at);
    const type = lineType(b, f);
    if (type === LINE.user) this.takeUserLine(b);
    else if (message.hasUsage) this.takeUsage(b, message, from, end);
    else if (type === LINE.assistant && f.textCount > 0) this.takePhrases(b, f);
    if (type === LINE.assistant) {
      this.takeToolUses(b);
      if (!f.isSidechain && this.agentId === undefined) this.takeText(b, 'assistant');
    }
  }

  private takeOddly(b: Buffer, from: number, end: number): void {
    const plain = plainLine(b, from, end);
    if (plain === undefined) this.counts.broken_lines += 1;
    else this.takeLine(plain, 0, plain.length - 1, true);
  }

  private passOver(b: Buffer): void {
    const { f, counts } = this;
    if (f.isToolResult) return;
    const said = decodeText(b, f.at[F.type]!, Math.min(f.to[F.type]!, f.at[F.type]! + 41));
    const name = f.at[F.type]! > 0 && SEMICOLON_FREE_TYPE.test(said) ? said : '?';
    const known = counts.passed_over[name];
    if (known === undefined && Object.keys(counts.passed_over).length >= MOST_TYPES) return;
    counts.passed_over[name] = (known ?? 0) + 1;
  }

  private readInstant(b: Buffer, f: LineFields): boolean {
    const from = f.at[F.timestamp]!;
    const to = f.to[F.timestamp]!;
    if (from <= 0) return false;
    if (instantOrder(b, from, to) >= 0) {
      for (let i = 0; i < 24; i += 1) this.at[i] = b[from + i]!;
      return true;
    }
    const other = normaliseInstant(decodeText(b, from, to));
    if (other === undefined || other.length !== 24) return false;
    this.at.write(other, 'latin1');
    return true;
  }

  private takeUserLine(b: Buffer): void {
    const { f } = this;
    const byAPerson =
      !f.isSidechain && !f.isMeta && !f.isCompactSummary && !f.isToolResult && !f.isMarkup;
    if (!byAPerson || !f.hasContent || this.agentId !== undefined || !f.has(F.uuid)) return;
    if (this.options.phrasesOnly === true) return;
    encodeActivity(this.out, 'user_message', this.heads.user_message, {
      at: this.at,
      key: { b, from: f.at[F.uuid]!, to: f.to[F.uuid]! },
      place: this.trail.place,
    });
    this.takeText(b, 'user');
  }

  private takeText(b: Buffer, role: 'user' | 'assistant'): void {
    const { machineId, textsSince, phrasesOnly } = this.options;
    if (textsSince === undefined || phrasesOnly === true) return;
    const at = this.at.toString('latin1', 0, 24);
    const line = at < textsSince ? undefined : encodeText(machineId, role, { b, f: this.f, at });
    if (line !== undefined) this.texts.putString(line);
  }

  private takeToolUses(b: Buffer): void {
    const { toolUses, toolUseCount } = this.f;
    if (this.options.phrasesOnly === true) return;
    for (let i = 0; i < toolUseCount; i += 4) {
      encodeActivity(this.out, 'agent_tool_use', this.heads.agent_tool_use, {
        at: this.at,
        key: { b, from: toolUses[i]!, to: toolUses[i + 1]! },
        tool: { b, from: toolUses[i + 2]!, to: toolUses[i + 3]! },
        place: this.trail.place,
      });
    }
  }

  private takeUsage(b: Buffer, message: LineFields, start: number, end: number): void {
    const { counts } = this;
    if (!isValidUsage(b, message) || !isValidPlace(b, this.f, message)) {
      counts.refused_lines += 1;
      return;
    }
    counts.usage_lines += 1;
    const open = this.openMessage(b, message);
    const fallbackUuid =
      message.has(F.messageId) || message.has(F.uuid) ? undefined : hashOf(b, start, end);
    if (fallbackUuid !== undefined) this.key.putString(fallbackUuid);
    const total = totalTokens(message);
    if (open === undefined || isBetter(message, total, open)) {
      const { out } = this;
      if (open !== undefined) {
        this.window.takeBack(out, open);
        open.usageAt = out.length;
        open.total = total;
        open.isSidechain = message.isSidechain;
        open.hasSpeed = message.has(F.speed);
      }
      if (this.options.phrasesOnly !== true) {
        encodeUsage(out, this.heads.usage, {
          b,
          f: message,
          place: this.f,
          memory: this.place,
          at: this.at,
          key: this.key,
          agentId: this.agentId,
          fallbackUuid,
        });
      }
      if (open !== undefined) open.usageLength = out.length - open.usageAt;
    }
    if (message === this.f && message.textCount > 0) this.takePhrases(b, message, open);
  }

  /** The message that the line belongs to; undefined where only the line itself tells it. */
  private openMessage(b: Buffer, f: LineFields): OpenMessage | undefined {
    const { key } = this;
    key.length = 0;
    if (!f.has(F.messageId) || f.at[F.messageId] === f.to[F.messageId]) {
      if (f.has(F.uuid)) key.putId(b, f.at[F.uuid]!, f.to[F.uuid]!);
      return undefined;
    }
    key.putId(b, f.at[F.messageId]!, f.to[F.messageId]!);
    key.put(SLASH);
    if (f.has(F.request)) key.putId(b, f.at[F.request]!, f.to[F.request]!);
    return this.window.open(key);
  }

  private takePhrases(b: Buffer, f: LineFields, known?: OpenMessage): void {
    let bits = 0;
    for (let i = 0; i < f.textCount; i += 2)
      bits |= this.match(b.toString('utf8', f.texts[i], f.texts[i + 1]), unescape);
    if (bits === 0) return;
    const open = known ?? this.openMessage(b, f);
    if (open === undefined) {
      if (!f.has(F.uuid)) return;
      encodePhrases(this.out, this.heads.phrases, { b, f, at: this.at });
      this.endPhrases(this.out, bits);
      return;
    }
    if ((bits & ~open.found) === 0) return;
    open.found |= bits;
    if (open.phrases.length === 0)
      encodePhrases(open.phrases, this.heads.phrases, { b, f, at: this.at });
  }

  private endPhrases(out: RecordBytes, bits: number): void {
    out.putString(`,"patterns":${JSON.stringify(namesOf(this.options.patterns, bits))}}\n`);
  }

  private tell(message: OpenMessage): void {
    const news = message.found & ~message.told;
    if (news === 0) return;
    this.out.putAll(message.phrases);
    this.endPhrases(this.out, news);
  }
}

/** ccusage's order: the main line before a side chain, more tokens before fewer, a speed before none. */
function isBetter(f: LineFields, total: number, than: OpenMessage): boolean {
  if (than.total < 0) return true;
  if (f.isSidechain !== than.isSidechain) return than.isSidechain;
  if (total !== than.total) return total > than.total;
  return f.has(F.speed) && !than.hasSpeed;
}

/** A nested message is asked for its own fields alone, but not for nulls around it. */
function isValidPlace(b: Buffer, place: LineFields, message: LineFields): boolean {
  if (place === message) return true;
  return [F.version, F.cwd, F.session, F.request, F.cost].every((field) => place.at[field]! >= 0);
}

function hashOf(b: Buffer, start: number, end: number): string {
  return `x-${createHash('sha256').update(b.subarray(start, end)).digest('hex')}`;
}
