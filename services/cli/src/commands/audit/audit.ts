import { sealAudit } from '@coffee-roadmap/shared/audit/queries';
import type { Command } from 'commander';
import { addNoun, addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { withReader } from '../../open-reader';
import { count } from '../../words';
import { registerAnchor } from './anchor';
import { registerList } from './list';
import { registerVerify } from './verify';

export function registerAudit(program: Command, context: Context): void {
  const audit = addNoun(
    program,
    'audit',
    'who changed what, and the proof that nobody rewrote it',
    {
      examples: ['audit', 'audit verify --anchor ~/anchors.txt', 'audit anchor ~/anchors.txt'],
    },
  );
  registerList(audit, context);
  registerVerify(audit, context);
  registerAnchor(audit, context);
  addVerb(audit, 'seal', 'chain the entries that wait; the daemon does it every hour', {
    examples: ['audit seal'],
  }).action((options: CommonOptions) =>
    withReader(context, options, async (session, out) => {
      const sealed = await sealAudit(session);
      out.result({ sealed }, () =>
        sealed === 0
          ? 'No entry waits for a seal.'
          : `Sealed ${count(sealed, 'entry', 'entries')}. Keep the newest seal elsewhere: audit anchor FILE.`,
      );
    }),
  );
}
