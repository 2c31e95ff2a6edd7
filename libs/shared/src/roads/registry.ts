import type { Config } from '../config/config';
import { AppError } from '../errors';
import { gistRoad } from '../gist/gist-road';
import { directRoad } from './direct-road';
import { httpRoad } from './http-road';
import type { Road } from './road';

/** Every road on which this machine may send, in the order in which they are tried if nobody says another. */
const ROADS: Readonly<Record<string, (config: Config) => Road>> = {
  direct: directRoad,
  http: httpRoad,
  git: (config) => gistRoad(config, 'git'),
  gist: (config) => gistRoad(config, 'gist'),
};

export const ROAD_NAMES = Object.keys(ROADS);

/** Throws `invalid_input` for a name that is none. */
export function roadsInOrder(config: Config, names: readonly string[]): Road[] {
  return names.map((name) => {
    const make = Object.hasOwn(ROADS, name) ? ROADS[name] : undefined;
    if (make !== undefined) return make(config);
    throw new AppError('invalid_input', `there is no road "${name.slice(0, 40)}"`, {
      hint: `Roads are ${ROAD_NAMES.join(', ')}.`,
    });
  });
}
