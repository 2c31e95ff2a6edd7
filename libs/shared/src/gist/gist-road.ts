import type { Config } from '../config/config';
import { NO_COUNTS } from '../imports/import-counts';
import { outcomeOf } from '../roads/outcome';
import type { Road, RoadOutcome } from '../roads/road';
import { findGistSettings, type GistSettings } from './settings';
import { pullShared, pushShared } from './shared-remote';

/** The git remote or the gist as a road; open only where it is set up and `gist auto-sync on` said so. */
export function gistRoad(config: Config, name: 'git' | 'gist'): Road {
  const settings = (): GistSettings | undefined => {
    const found = findGistSettings(config.paths);
    const kind = found?.gist === undefined ? 'git' : 'gist';
    return found?.auto_sync === true && kind === name ? found : undefined;
  };
  const through = async (
    work: (settings: GistSettings) => Promise<RoadOutcome>,
  ): Promise<RoadOutcome> => {
    try {
      const found = settings();
      return found === undefined ? CLOSED : await work(found);
    } catch (error) {
      return outcomeOf(error, 'coffee-roadmap gist status says more.');
    }
  };
  return {
    name,
    push: () =>
      through(async (found) => {
        const { sent, conflicts, mended } = await pushShared(config, found);
        const notes = mended.map((file) => `${file} was damaged there and is written anew`);
        if (conflicts > 0) notes.push(`${conflicts} conflicts were merged`);
        return { state: 'done', sent, counts: { ...NO_COUNTS, inserted: sent }, notes };
      }),
    pull: ({ programVersion, session, onProgress }) =>
      through(async (found) => {
        const { counts, refused } = await pullShared(config, found, session, {
          programVersion,
          ...(onProgress && { onProgress }),
        });
        const sent = counts.inserted + counts.revised + counts.duplicate;
        const notes = refused.map(({ file, reason }) => `${file}: ${reason}`);
        return { state: 'done', sent, counts, notes };
      }),
  };
}

const CLOSED: RoadOutcome = {
  state: 'not_set_up',
  reason: 'no gist or git remote is set up for auto-sync',
  hint: 'coffee-roadmap gist setup, then gist auto-sync on',
};
