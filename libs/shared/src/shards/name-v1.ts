import { stemV1 } from './write-v1';

/** How the files of one machine end where they are several: by month, and by piece of it. */
const PIECE = /^(?:_\d{4}_\d\d(?:_p\d+)?)?$/;

/** Whether a file of the one may have the name of one of the other; capitals count on some disks alone. */
export function collideV1(one: string, other: string): boolean {
  const [short = '', long = ''] = [one, other]
    .map((name) => stemV1(name).toLowerCase())
    .sort((a, b) => a.length - b.length);
  return long.startsWith(short) && PIECE.test(long.slice(short.length));
}

/** Whether a file is called as those of this machine are. */
export function isCalledV1(file: string, machineName: string): boolean {
  const [stem, name] = [stemV1(machineName), file.replace(/\.json$/, '')].map((text) =>
    text.toLowerCase(),
  ) as [string, string];
  return name.startsWith(stem) && PIECE.test(name.slice(stem.length));
}

const MOST_LABEL = 40;

/** The label; where that is taken, with as much of the machine's id as it needs. */
export function freeNameV1(
  label: string,
  machineId: string,
  isTaken: (name: string) => boolean,
): string {
  const plain = label.slice(0, 100);
  // Not through the middle of a character.
  const short = label.slice(0, MOST_LABEL).replace(/[\ud800-\udbff]$/, '');
  const longest = `${short} ${machineId}`;
  const names = [plain, `${short} ${machineId.slice(0, 8)}`];
  return names.find((name) => !isTaken(name)) ?? longest;
}
