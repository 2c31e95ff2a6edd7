/** What somebody has to do, wherever it is kept. */
export interface Issue {
  /** `provider:id`, such as `local:42` or `github:us/shop#42`. */
  readonly id: string;
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly url: string | null;
}

/** One place where issues are kept. Each has a folder of its own here. */
export interface IssueProvider {
  /** `key` is the id without the provider; undefined: there is none, or it may not be seen. */
  find(key: string): Promise<Issue | undefined>;
  /** Open ones, in the provider's order. `scope` is what it calls a place, such as `us/shop`. */
  list(scope: string): Promise<Issue[]>;
}
