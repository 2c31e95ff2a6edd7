import { Option } from 'commander';
import path from 'node:path';
import type { CommonOptions, Context } from '../../context';

export interface PlaceOptions extends CommonOptions {
  in?: string;
}

export const placeOption = (): Option =>
  new Option('--in <folder>', 'where backups lie; default: backups in the data folder');

export function placeOf(context: Context, options: PlaceOptions): string {
  return options.in === undefined
    ? path.join(context.config().paths.data, 'backups')
    : path.resolve(options.in);
}
