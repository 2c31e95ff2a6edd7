import { listAuditEntries } from '@coffee-roadmap/shared/audit/queries';
import type { Command } from 'commander';
import { addVerb, wholeNumber } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { withReader } from '../../open-reader';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';

interface ListOptions extends CommonOptions {
  limit: number;
  before?: number;
  action?: string;
}

export function registerList(audit: Command, context: Context): void {
  addVerb(audit, 'list', 'the newest entries: your own; an auditor’s all', {
    examples: [
      'audit list',
      'audit list --action rate --limit 5',
      'audit list --before 420 --json',
    ],
    isDefault: true,
  })
    .option('-n, --limit <n>', 'so many', wholeNumber(1), 20)
    .option('--before <entry>', 'only those before this number', wholeNumber(1))
    .option('--action <word>', 'only this action, such as rate or rate.set')
    .action(({ limit, before, action, ...options }: ListOptions) =>
      withReader(context, options, async (session, out) => {
        const entries = await listAuditEntries(session, { limit, before, action });
        const auditor = session.role === 'auditor';
        out.result({ entries }, () =>
          entries.length === 0
            ? 'There is no such entry that you may see.'
            : renderTable(
                [
                  { title: 'ENTRY', align: 'right' as const },
                  { title: 'AT (UTC)' },
                  ...(auditor ? [{ title: 'SEAL', align: 'right' as const }] : []),
                  { title: 'ACTION', paint: out.colours.bold },
                  { title: 'WHAT', flexible: true, min: 12 },
                ],
                entries.map((entry) => [
                  entry.id,
                  entry.at.toISOString().slice(0, 16).replace('T', ' '),
                  ...(auditor ? [entry.seal ?? 'waits'] : []),
                  entry.action,
                  entry.data === null ? 'erased' : describe(entry.data),
                ]),
                { width: out.width, paintTitle: out.colours.dim },
              ),
        );
      }),
    );
}

/** `name: Bob, admin: false`: what says most comes first, ids last. */
function describe(data: object): string {
  const isId = (value: unknown): boolean =>
    typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value);
  const facts = Object.entries(data).filter(([, value]) => value !== null);
  const ordered = [
    ...facts.filter(([, value]) => !isId(value)),
    ...facts.filter(([, value]) => isId(value)),
  ];
  const words = ordered.map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return stripEscapes(words.join(', '));
}
