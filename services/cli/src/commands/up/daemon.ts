import { daemonEnvironment } from '@coffee-roadmap/shared/local-stack/daemon-environment';
import {
  runDaemonProcess,
  type DaemonEnd,
  type DaemonProcess,
} from '@coffee-roadmap/shared/local-stack/daemon-process';
import { endStrayDaemon } from '@coffee-roadmap/shared/local-stack/stray-daemon';
import path from 'node:path';
import type { Context } from '../../context';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { withProgress } from '../../terminal/progress';
import type { UpDatabase } from './database';
import { feedLines } from './feed-lines';
import type { UpOptions } from './register';

/** The daemon of this machine; undefined when it is not wanted or has no login. */
export async function startDaemon(
  { config, streams }: Context,
  options: UpOptions,
  { daemonUrlFile }: UpDatabase,
  out: Output,
): Promise<DaemonProcess | undefined> {
  const { paths } = config();
  const noteFile = path.join(paths.state, 'daemon.json');
  await withProgress(streams.stderr, 'looking for an earlier daemon', (progress) =>
    endStrayDaemon(noteFile, (line) => progress.update(line)),
  );
  if (!options.daemon || daemonUrlFile === undefined) return undefined;
  const logFile = path.join(paths.state, 'daemon.log');
  return runDaemonProcess({
    env: daemonEnvironment(config(), daemonUrlFile),
    logFile,
    noteFile,
    onEnded: createTeller(out, logFile),
  });
}

/** Tells of an end; of further ones only when they come about in another way. */
function createTeller(out: Output, logFile: string): (end: DaemonEnd) => void {
  let told = '';
  return (end) => {
    const how = end.signal ?? (end.code === null ? 'it did not start' : `exit code ${end.code}`);
    const complaint = end.complaint.map((line) => stripEscapes(line));
    const document = {
      type: 'daemon',
      event: 'ended',
      code: end.code,
      signal: end.signal,
      complaint,
      restart_in_ms: end.pauseMs,
      log: logFile,
    };
    const words = [how, ...complaint].join('\n');
    const again = words === told;
    told = words;
    if (again && !out.json) return;
    out.event(document, () => {
      const [first = how, ...more] = complaint;
      return feedLines(out, new Date(), out.colours.red(`✗ the daemon ended: ${first}`), [
        ...more,
        `It starts again by itself; its log: ${logFile}`,
      ]);
    });
  };
}
