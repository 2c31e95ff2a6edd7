import { requireDatabase } from '@coffee-roadmap/shared/config/config';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { KINDS, type MoveKind } from '@coffee-roadmap/shared/move-ins/kinds';
import { MachineMissing } from '@coffee-roadmap/shared/move-ins/machine-missing';
import { moveIn, type MoveOptions, type MoveReport } from '@coffee-roadmap/shared/move-ins/move-in';
import { listMoveIns, rollBackMoveIn } from '@coffee-roadmap/shared/move-ins/queries';
import { findIdentity } from '@coffee-roadmap/shared/machines/identity';
import type { Command } from 'commander';
import { userInfo } from 'node:os';
import { addNoun, addVerb, wholeNumber, yesOption } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { holdInterrupts } from '../../interrupts';
import { selectProject } from '../../select-project';
import { withProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import { count } from '../../words';
import { renderBatches, renderReport, renderRolledBack } from './render-move-in';

interface KindOptions extends CommonOptions {
  dryRun?: boolean;
  machine?: string;
  user?: string;
  issues?: string;
  timezone?: string;
  project?: string;
}

interface RollbackOptions extends CommonOptions {
  keepChanged?: boolean;
}

/** Rows between two signs of progress: where there is no terminal, each is a line. */
const SHOWN_EACH = 20_000;
/** A million rows are one transaction, and undoing them is one statement. */
const STATEMENT_MS = 3_600_000;

export function registerMoveIn(program: Command, context: Context): void {
  const noun = addNoun(program, 'move-in', 'what older systems recorded, brought here', {
    examples: ['move-in absolutelyright counts.db --dry-run', 'move-in list', 'move-in rollback 3'],
  });
  for (const kind of Object.keys(KINDS) as MoveKind[]) registerKind(noun, context, kind);
  registerTranscripts(noun, 'ccusage');
  registerTranscripts(noun, 'claude');
  addVerb(noun, 'list', 'what was moved in, batch by batch', { examples: ['move-in list'] }).action(
    (options: CommonOptions) =>
      withSession(context, options, async (session, out) => {
        const batches = await listMoveIns(session);
        out.result({ batches }, () => renderBatches(out, batches));
      }),
  );
  addVerb(noun, 'rollback <batch>', 'everything as it was before that batch', {
    examples: ['move-in rollback 3', 'move-in rollback 3 --keep-changed --yes'],
  })
    .option('--keep-changed', 'leave what was changed since as it is now')
    .addOption(yesOption())
    .action((batch: string, options: RollbackOptions) => rollBack(context, batch, options));
}

function registerKind(noun: Command, context: Context, kind: MoveKind): void {
  const about: { of: string; team?: boolean } = KINDS[kind];
  const verb = addVerb(noun, `${kind} <path>`, about.of, {
    examples: [`move-in ${kind} PATH --dry-run`, `move-in ${kind} PATH --yes`],
  }).option('--dry-run', 'do all of it, show what it gives, and keep nothing');
  if (about.team === true) verb.option('--project <name>', 'the project that it is moved into');
  else verb.option('--machine <label>', 'the machine of rows that do not say theirs');
  if (kind === 'flowforge')
    verb
      .option('--user <name>', 'what FlowForge calls you; others move their own')
      .option('--issues <provider>', 'local, or github:us/shop; by the remote if not said')
      .option('--timezone <zone>', 'of times that say none; this machine’s if not said');
  verb
    .addOption(yesOption())
    .action((path: string, options: KindOptions) => move(context, kind, path, options));
}

/** These kept nothing but what they read. */
function registerTranscripts(noun: Command, name: string): void {
  addVerb(noun, `${name} [path]`, 'has nothing but the transcripts: see collect', {
    examples: [`move-in ${name}`],
  }).action(() => {
    throw new AppError('invalid_input', `${name} kept nothing of its own but the transcripts`, {
      hint: 'Read them: coffee-roadmap collect, then coffee-roadmap push.',
    });
  });
}

async function move(
  context: Context,
  kind: MoveKind,
  path: string,
  options: KindOptions,
): Promise<void> {
  const out = context.output(options);
  const interrupts = holdInterrupts();
  const session = await openPatient(context);
  let { machine } = options;
  let projectId: string | undefined;
  const run = async (dryRun: boolean): Promise<MoveReport> => {
    const what = dryRun ? 'trying' : 'moving in';
    try {
      return await withProgress(context.streams.stderr, what, (progress) => {
        const settings: MoveOptions = {
          kind,
          path,
          dryRun,
          machine,
          user: options.user,
          issues: options.issues,
          timezone: options.timezone,
          account: accountOfMachine(),
          thisMachine: findIdentity(context.config().paths),
          projectId,
          signal: interrupts.signal,
          onProgress: (rows) => {
            if (rows % SHOWN_EACH === 0) progress.update(`${what}: ${count(rows, 'row')}`);
          },
        };
        return moveIn(session, settings);
      });
    } finally {
      interrupts.check('Nothing was changed.');
    }
  };
  try {
    if ('team' in KINDS[kind])
      projectId = (await selectProject(session, context, options.project)).id;
    if (options.dryRun === true || options.yes !== true) {
      const trial = await run(true).catch(async (error: unknown) => {
        if (!(error instanceof MachineMissing) || !context.streams.stdin.isTTY) throw error;
        machine = await context.prompt(options).ask('Of which machine is it? Its label:');
        return run(true);
      });
      const anything = trial.rows.inserted + trial.rows.revised > 0;
      if (options.dryRun === true || !anything)
        return out.result(trial, () => renderReport(out, trial));
      out.say(renderReport(out, trial));
      interrupts.end();
      if (!(await context.prompt(options).confirm('Move this in?')))
        throw new AppError('failed', 'cancelled', { hint: 'Nothing was changed.' });
    }
    const report = await run(false);
    out.result(report, () => renderReport(out, report));
  } finally {
    interrupts.end();
    await session.close();
  }
}

/** Undefined where the system has no entry for it, as in some containers. */
function accountOfMachine(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

async function rollBack(context: Context, text: string, options: RollbackOptions): Promise<void> {
  const out = context.output(options);
  const batch = wholeNumber(1)(text);
  const session = await openPatient(context);
  try {
    const found = (await listMoveIns(session)).find(({ id }) => id === batch);
    if (found?.rolled_back_at === null) {
      const what = `Take back batch ${batch}, ${found.kind} from ${stripEscapes(found.source)}?`;
      if (!(await context.prompt(options).confirm(what)))
        throw new AppError('failed', 'cancelled', { hint: 'Nothing was changed.' });
    }
    const keepChanged = options.keepChanged === true;
    const result = await withProgress(context.streams.stderr, 'taking it back', () =>
      rollBackMoveIn(session, batch, { keepChanged }),
    );
    out.result({ batch, ...result }, () => renderRolledBack(out, batch, result));
  } finally {
    await session.close();
  }
}

function openPatient(context: Context): Promise<Session<'person'>> {
  const url = requireDatabase(context.config());
  return openSession(url, 'person', { statementTimeoutMs: STATEMENT_MS });
}
