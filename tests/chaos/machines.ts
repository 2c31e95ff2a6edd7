import { readPrivateJson, writePrivateJson } from '@coffee-roadmap/shared/config/private-file';
import { makeCorpus, writeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Cli, Result } from '../stories/cli/program';
import { initIn, pathsIn } from '../stories/machine/hub';
import type { Scene } from './scene';

/** A workstation of ada's that reports by one road. */
export interface Machine {
  road: 'direct' | 'http' | 'git';
  id: string;
  home: string;
  /** Somebody works on it: more transcripts. The same seed gives the same. */
  work(seed: number): void;
  /** Sends what it has, as a person or a timer would; the ends of all programs that it took. */
  report(): Promise<Result[]>;
}

/** The direct one is the hub as well: it fetches into the database what the git remote holds. */
export async function bringMachines(scene: Scene): Promise<Machine[]> {
  const { cli: program, ada, clockOf, stack } = scene;
  const [direct, http, git] = [program.as(ada.url), program.as(undefined), program.as(undefined)];
  const remote = path.join(stack.folder, 'usage.git');
  execFileSync('git', ['init', '--quiet', '--bare', remote]);
  const settings = ({ home }: Cli): string => path.join(pathsIn(home).config, 'gist.json');
  const machine = (
    road: Machine['road'],
    cli: Cli,
    commands: string[][],
    more: Record<string, string> = {},
  ): Machine => {
    const id = initIn(cli.home, road);
    const env = { COFFEE_ROADMAP_KEYRING: 'off', ...clockOf(road), ...more };
    return {
      road,
      id,
      home: cli.home,
      work: (seed) =>
        writeCorpus(path.join(cli.home, '.claude'), makeCorpus({ seed, sessions: 1, messages: 8 })),
      async report() {
        const results: Result[] = [];
        for (const args of commands) {
          if (!scene.over.aborted) results.push(await cli.run([...args, '--json'], { env }));
        }
        return results;
      },
    };
  };
  const hub = machine('direct', direct, [['push'], ['gist', 'pull']]);
  const sender = machine('git', git, [['gist', 'push']]);
  await direct.json(['gist', 'setup', '--remote', remote]);
  writePrivateJson(settings(git), readPrivateJson(settings(direct))!);
  const create = ['machines', 'token', 'create', initIn(http.home, 'http'), '--label', 'http'];
  const { token } = await direct.json<{ token: string }>(create);
  const caller = machine('http', http, [['push', '--url', scene.overHttp]], {
    COFFEE_ROADMAP_MACHINE_TOKEN: token,
  });
  return [hub, caller, sender];
}
