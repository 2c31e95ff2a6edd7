/** `/roadmap VERB …`, taken apart. */
export interface RoadmapCommand {
  verb: string;
  /** What follows, without the project. */
  rest: string;
  /** Of `-p NAME` or `--project NAME`. */
  project: string | undefined;
}

/** Slack's input turns two hyphens into a dash. */
const PROJECT = /(?:^|\s)(?:-p|(?:--|—|–)project)[ =]+(\S+)/;

export function parseCommand(text: string): RoadmapCommand {
  const project = PROJECT.exec(text)?.[1];
  const without = text.replace(PROJECT, '');
  const [, verb = '', rest = ''] = /^\s*(\S*)\s*([^]*)$/.exec(without) ?? [];
  return { verb: verb.toLowerCase(), rest: rest.trim(), project };
}
