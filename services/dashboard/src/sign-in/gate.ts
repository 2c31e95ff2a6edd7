import type { Totals } from '@coffee-roadmap/shared/dashboard/queries';
import type { SignIn } from '@coffee-roadmap/shared/dashboard/session-queries';
import type { ListenOptions, Listener } from '@coffee-roadmap/shared/db/listener';
import type { PhraseCount, PatternName, PhraseNote } from '@coffee-roadmap/shared/phrases/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';

export interface SignedIn {
  token: string;
  name: string;
  expiresAt: Date;
}

/** By whose rights a request is served. What may be seen and done the database decides. */
export interface Gate {
  /** `shared`: the dashboard's own login, for many people; `own`: one person's, for that person. */
  readonly kind: 'shared' | 'own';
  /** Throws `not_found` for a link that is not valid, or not any more. */
  signIn(code: string, browser: string): Promise<SignedIn>;
  /** Runs `work` as the person of this token. Throws `SignedOut`. */
  enter<T>(token: string | undefined, work: (session: Session<'person'>) => Promise<T>): Promise<T>;
  signOut(token: string | undefined): Promise<void>;
  /** Where the person of this token is signed in. Throws `SignedOut`, as the next two do. */
  listSignIns(token: string | undefined): Promise<SignIn[]>;
  /** Throws `not_found` for what is none of theirs. */
  endSignIn(token: string | undefined, id: string): Promise<void>;
  /** Also the one that asks; returns how many. */
  endSignIns(token: string | undefined): Promise<number>;
  /** What is shown without a sign-in; undefined: nothing. */
  totals(): Promise<Totals | undefined>;
  /** Phrase counts over everybody, which are shown without a sign-in; undefined: they are not. */
  phraseTotals(since?: string): Promise<PhraseCount[] | undefined>;
  /** What goes with them: names of patterns, and days that are marked. */
  phraseLabels(): Promise<{ patterns: PatternName[]; notes: PhraseNote[] } | undefined>;
  /** Throws when the database does not answer. */
  check(): Promise<void>;
  listen(options: ListenOptions): Promise<Listener>;
  close(): Promise<void>;
}

/** Nobody is signed in with what the browser sent. */
export class SignedOut extends Error {}
