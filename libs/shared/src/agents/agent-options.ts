/** What an adapter is made with; each takes what concerns it. */
export interface AgentOptions {
  /** The agent's PATH. */
  path: string;
  /** How a program is found, by path or by name on `path`; left out: on this machine. */
  find?: (name: string, path: string) => Promise<string | undefined>;
  /** Default C.UTF-8. */
  lang?: string;
  /** Who the agent's own commits are by; left out: what its clone's configuration says. */
  identity?: { name: string; email: string };
  /** `claude`: where the program is, if not on PATH or in our node_modules. */
  program?: string;
  /** `command`: the executable and its arguments. */
  command?: string[];
  /** Names and values that the agent program may have; nothing else of ours reaches it. */
  credentials?: Record<string, string>;
  /** `claude`: a home in which a stored login is looked for, beside the task's own. */
  home?: string;
}
