import type { Config } from '@coffee-roadmap/shared/config/config';
import { listDaemons } from '@coffee-roadmap/shared/daemons/queries';
import { AppError } from '@coffee-roadmap/shared/errors';
import { listProjects } from '@coffee-roadmap/shared/projects/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { withProgress } from '../../terminal/progress';
import { count } from '../../words';
import { checkBackups } from './check-backups';
import { checkDaemons } from './check-daemons';
import { checkDatabase } from './check-database';
import { checkFiles } from './check-files';
import { checkHooks } from './check-hooks';
import { checkGitProgram, checkNode } from './check-machine';
import { checkTexts } from './check-texts';
import { checkTime } from './check-time';
import { checkIdentity, checkTranscripts } from './check-transcripts';
import { listPublishingHealth } from '@coffee-roadmap/shared/publishing/queries';
import { listMoveIns } from '@coffee-roadmap/shared/move-ins/queries';
import { checkOlder } from './check-older';
import { checkPublishing } from './check-publishing';
import { renderFindings, type Finding } from './finding';

export function registerDoctor(program: Command, context: Context): void {
  addVerb(program, 'doctor', 'look for what is wrong, and say what to do about it', {
    examples: ['doctor', 'doctor --json'],
  }).action(async (options: CommonOptions) => {
    const out = context.output(options);
    const findings = await withProgress(context.streams.stderr, 'looking', () =>
      examine(context.config()),
    );
    const failed = findings.filter((finding) => finding.state === 'fail').length;
    out.result({ ok: failed === 0, checks: findings }, () => renderFindings(out, findings));
    if (failed === 0) return;
    throw new AppError('failed', `${count(failed, 'check')} failed`, {
      hint: 'Do what stands behind the arrow, then run coffee-roadmap doctor again.',
    });
  });
}

async function examine(config: Config): Promise<Finding[]> {
  const { findings, session } = await checkDatabase(config);
  try {
    return [
      checkNode(process.versions.node),
      await checkGitProgram(config.file.embedded === true),
      ...checkFiles(config.paths, process.getuid?.()),
      ...checkBackups(config, Date.now()),
      ...checkIdentity(config),
      ...checkTranscripts(config, Date.now()),
      ...checkTexts(config, Date.now()),
      ...checkTime(config, Date.now()),
      ...(await checkHooks(config)),
      ...checkOlder(process.cwd(), session === undefined ? [] : await listMoveIns(session)),
      ...findings,
      ...(session === undefined
        ? []
        : [
            ...checkDaemons(await listDaemons(session), await listProjects(session), new Date()),
            ...checkPublishing(await listPublishingHealth(session)),
          ]),
    ];
  } finally {
    await session?.close();
  }
}
