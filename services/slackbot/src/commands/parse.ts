/** `/roadmap VERB …`, taken apart. */
export interface RoadmapCommand {
  verb: string;
  /** What follows, without the project. */
  rest: string;
  /** Of `--project NAME` or `-p NAME`. */
  project: string | undefined;
}

export function parseCommand(text: string): RoadmapCommand {
  let project: string | undefined;
  // Slack's input turns two hyphens into a dash.
  const without = text.replace(
    /(?:^|\s)(?:--|—|–)?(?:project|-p)[ =]+(\S+)/,
    (whole, name: string) => {
      if (!/^\s*(?:--|—|–|-p)/.test(whole)) return whole;
      project = name;
      return '';
    },
  );
  const [, verb = '', rest = ''] = /^\s*(\S*)\s*([^]*)$/.exec(without) ?? [];
  return { verb: verb.toLowerCase(), rest: rest.trim(), project };
}
