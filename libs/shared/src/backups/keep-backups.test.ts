import { chooseOld } from './keep-backups';
import type { ListedBackup } from './list-backups';
import type { Manifest } from './manifest';

const now = new Date('2026-11-21T20:00:00Z');
const of = { database: 'coffee', cluster: '7' };

/** Made so many days ago; the newest first. */
function backup(daysAgo: number, changes: Partial<ListedBackup & Manifest> = {}): ListedBackup {
  const made_at = new Date(now.getTime() - daysAgo * 86_400_000).toISOString();
  const manifest = { ...of, made_at, ...changes } as Manifest;
  return { name: `${daysAgo} days`, folder: '', problem: undefined, manifest, ...changes };
}
const names = (backups: ListedBackup[]): string[] => backups.map(({ name }) => name);

it('keeps so many, or those young enough, and what either of them keeps', () => {
  const all = [0, 1, 2, 9, 20].map((days) => backup(days));
  expect(names(chooseOld(all, of, { keep: 3 }, now))).toEqual(['9 days', '20 days']);
  expect(names(chooseOld(all, of, { days: 10 }, now))).toEqual(['20 days']);
  expect(names(chooseOld(all, of, { keep: 2, days: 3 }, now))).toEqual(['9 days', '20 days']);
});

it('never takes the last good one, counts no damaged one, and leaves other databases alone', () => {
  expect(chooseOld([backup(400)], of, { days: 1 }, now)).toEqual([]);
  const all = [
    backup(0),
    backup(1, { problem: 'is cut' }),
    backup(2, { manifest: undefined, problem: 'is gone' }),
    backup(3, { name: 'of another', manifest: { ...of, cluster: '8' } as Manifest }),
    backup(4),
    backup(5),
  ];
  expect(names(chooseOld(all, of, { keep: 2 }, now))).toEqual(['5 days']);
});
