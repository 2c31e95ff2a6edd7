import { AppError } from '../../errors';
import { makeRecordId } from '../../records/record-id';
import { linesOf } from '../../shards/shard-content';
import type { Dice } from '../../transcripts/testing/dice';
import type { LocalRecords } from '../local-records';
import { pullRecords, type PullMemory, type Receiver } from '../pull';
import { pushRecords } from '../push';
import type { CompareAndSwapStore, Snapshot } from '../store';
import type { Turns } from './turns';

export class Crash extends Error {}

/** Waits for its turn, and for what can happen on the way. */
export type Step = <T>(work: () => Promise<T>) => Promise<T>;

/** How often what goes wrong. */
export interface Weather {
  crash: number;
  offline: number;
}

/** One machine of the simulation: its spool, its own database, and its way to what all share. */
export class SimulatedMachine {
  readonly id: string;
  readonly spool: Buffer[] = [];
  /** What its database holds: every line that it took. */
  readonly hub = new Set<string>();
  /** What it once knew to be safe. */
  safe = 0;
  /** All lines ever made here. */
  readonly made: string[] = [];
  private pruned = 0;
  private cursors = new Map<string, string>();
  private memory: PullMemory = {};
  private readonly skewMs: number;
  private readonly store: CompareAndSwapStore;

  constructor(
    readonly number: number,
    private readonly dice: Dice,
    private readonly turns: Turns,
    open: (machine: number, step: Step) => CompareAndSwapStore,
    private readonly weather: () => Weather,
  ) {
    this.id = dice.uuid();
    this.store = open(number, (work) => this.step(work));
    this.skewMs = dice.chance(0.5) ? 0 : dice.below(4e9) - 2e9;
  }

  /** A record is made; now and then one that revises the last. */
  collect(): void {
    const n = this.made.length;
    const ms = Date.UTC(2026, 0, 28) + this.skewMs + this.dice.below(6e8);
    const at = new Date(ms).toISOString();
    const again = n > this.pruned && this.dice.chance(0.2) ? this.made[n - 1] : undefined;
    const id =
      again === undefined
        ? makeRecordId({
            machineId: this.id,
            source: 'manual',
            type: 'user_message',
            at,
            discriminator: `${n}`,
          })
        : /"id":"([^"]+)"/.exec(again)![1]!;
    const when = again === undefined ? at : /"at":"([^"]+)"/.exec(again)![1]!;
    const line = `{"v":1,"id":"${id}","at":"${when}","type":"user_message","source":"manual","session_id":"s${n}"}`;
    this.made.push(line);
    this.spool.push(Buffer.from(line));
  }

  push(): Promise<void> {
    return this.survive(async () => void (await this.give()));
  }

  pull(): Promise<void> {
    return this.survive(async () => this.takeAll(await this.through().read()));
  }

  sync(): Promise<void> {
    return this.survive(async () => this.takeAll(await this.give()));
  }

  private async give(): Promise<Snapshot> {
    const count = this.made.length;
    const { after } = await pushRecords(this.through(), this.local(), {
      now: () => new Date(Date.UTC(2026, 1, 1) + this.skewMs),
      attempts: 30,
      pause: () => Promise.resolve(),
      random: () => this.dice.next(),
    });
    this.safe = count;
    // A spool may be gone up to what is safe elsewhere; a prune keeps the record of the cursor, so
    // what revises it comes only with it.
    if (this.dice.chance(0.1)) this.pruned = count;
    return after;
  }

  private async takeAll(snapshot: Snapshot): Promise<void> {
    const { memory } = await pullRecords(snapshot, this.receiver(), {
      memory: this.memory,
      judge: () => undefined,
    });
    this.memory = memory;
  }

  private async survive(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Crash) return;
      if (error instanceof AppError && error.code === 'not_reachable') return;
      throw error;
    }
  }

  private local(): LocalRecords {
    return {
      machineId: this.id,
      label: `m${this.number}`,
      after: (cursor) => {
        const lines = this.spool.slice(this.pruned);
        const place =
          cursor === null ? -1 : lines.findIndex((line) => line.includes(`"id":"${cursor}"`));
        return { found: cursor === null || place >= 0, lines: lines.slice(place + 1) };
      },
    };
  }

  private receiver(): Receiver {
    return {
      owner: 'all of them',
      cursorOf: (machineId) => Promise.resolve(this.cursors.get(machineId) ?? null),
      take: async ({ pieces }) => {
        for await (const piece of pieces) {
          this.mayCrash();
          for (const line of linesOf(piece)) this.hub.add(line.toString());
        }
      },
      moveCursor: (machineId, _label, cursor) => {
        this.mayCrash();
        this.cursors.set(machineId, cursor);
        return Promise.resolve();
      },
    };
  }

  private mayCrash(): void {
    if (this.dice.chance(this.weather().crash)) throw new Crash();
  }

  /** No network, or a crash before or behind it. */
  private step<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.step(async () => {
      if (this.dice.chance(this.weather().offline)) throw new AppError('not_reachable', 'offline');
      this.mayCrash();
      const end = await work();
      this.mayCrash();
      return end;
    });
  }

  /** Of a gist each request is a step, of the others reading and swapping. */
  private through(): CompareAndSwapStore {
    const { store } = this;
    if (store.kind === 'gist') return store;
    return {
      kind: store.kind,
      textOnly: store.textOnly,
      dailySnapshots: store.dailySnapshots,
      read: () => this.step(() => store.read()),
      swap: (...args) => this.step(() => store.swap(...args)),
      history: () => store.history(),
      readAt: (version) => store.readAt(version),
    };
  }
}
