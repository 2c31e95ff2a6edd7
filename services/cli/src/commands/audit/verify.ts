import { parseAnchors } from '@coffee-roadmap/shared/audit/anchor';
import { verifyAudit, type AuditFinding } from '@coffee-roadmap/shared/audit/verify';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { readText } from '../../read-text';
import { startProgress } from '../../terminal/progress';
import { count } from '../../words';
import { withAuditor } from './open-auditor';

interface VerifyOptions extends CommonOptions {
  anchor?: string;
}

const WORDS: Record<AuditFinding['problem'], (finding: AuditFinding) => string> = {
  seal_missing: ({ seal }) => `seal ${seal} is gone`,
  seal_changed: ({ seal }) => `seal ${seal} was changed`,
  chain_broken: ({ seal }) => `seal ${seal} does not follow the one before it`,
  entries_changed: ({ seal }) =>
    `the entries of seal ${seal} are not those that were sealed: changed, added or removed`,
  entry_missing: ({ seal, entry }) => `entry ${entry} of seal ${seal} is gone`,
  entry_unsealable: ({ entry }) => `entry ${entry} is in no seal and waits for none`,
  payload_changed: ({ entry }) => `what entry ${entry} says was changed`,
  payload_missing: ({ entry }) => `what entry ${entry} said is gone, and no erasure says why`,
  erasure_changed: ({ entry }) =>
    `the erasure of entry ${entry} does not fit what is said to be gone by it`,
  anchor_missing: ({ seal }) => `seal ${seal} was anchored and is gone: the end was cut off`,
  anchor_differs: ({ seal }) => `seal ${seal} is not the one that was anchored: all was rewritten`,
};
/** More help nobody. */
const SHOWN = 20;

export function registerVerify(audit: Command, context: Context): void {
  addVerb(audit, 'verify', 'recompute every seal; for auditors', {
    examples: ['audit verify --anchor ~/anchors.txt', 'audit verify --anchor - < anchors.txt'],
  })
    .option('--anchor <file>', 'compare with the seals that this text names; - for standard input')
    .action(({ anchor, ...options }: VerifyOptions) =>
      withAuditor(context, options, async (session, out) => {
        const anchors = anchor === undefined ? [] : parseAnchors(await readText(context, anchor));
        const progress = startProgress(context.streams.stderr, 'checking the audit trail');
        const verdict = await verifyAudit(session, anchors, (entries) =>
          progress.update(`checking the audit trail: ${entries} entries`),
        ).finally(() => progress.stop());
        const { findings, ...rest } = verdict;
        const ok = findings.length === 0;
        out.result({ ok, ...rest, findings }, () => {
          const chain = `${count(verdict.seals, 'seal')} over ${count(verdict.entries, 'entry', 'entries')}`;
          const lines = ok
            ? [`${chain}: one unbroken chain, and nothing was changed.`]
            : findings.slice(0, SHOWN).map((one) => WORDS[one.problem](one));
          if (findings.length > SHOWN) lines.push(`… and ${findings.length - SHOWN} more (--json)`);
          if (verdict.waiting > 0)
            lines.push(
              `${count(verdict.waiting, 'entry waits', 'entries wait')} for a seal: audit seal.`,
            );
          lines.push(
            verdict.anchors > 0
              ? `Compared with ${count(verdict.anchors, 'anchor')} kept elsewhere.`
              : 'Without an anchor nobody sees that the end was cut off or all was rewritten: --anchor FILE.',
          );
          return lines.join('\n');
        });
        if (ok) return;
        throw new AppError(
          'failed',
          `the audit trail was tampered with: ${count(findings.length, 'finding')}`,
          {
            hint: 'Keep this database as it is, and compare it with a backup: docs/recovery.md says how.',
          },
        );
      }),
    );
}
