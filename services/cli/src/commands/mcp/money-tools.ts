import type { ToolServer } from '@coffee-roadmap/shared/agent-tools/tool-server';
import { sumOwnerSpend, sumOwnerUsage } from '@coffee-roadmap/shared/agent-tools/queries';
import { z } from 'zod';
import type { AgentDesk } from './agent-desk';

export function addMoneyTools(server: ToolServer, desk: AgentDesk): void {
  server.tool(
    'spend_today',
    {
      description:
        'What the models cost since midnight, by project, each call once; project null: on this person’s own machines. USD; unpriced calls are not in it.',
      input: {},
      readOnly: true,
    },
    async () => {
      const { session } = await desk.open();
      const since = midnight(0);
      const spend = await sumOwnerSpend(session, since, new Date());
      return { since, spend, total_usd: totalOf(spend) };
    },
  );

  server.tool(
    'my_usage',
    {
      description:
        'What this person’s machines recorded of their coding agents, by model: calls, tokens, USD. Sums alone.',
      input: {
        days: z
          .number()
          .int()
          .min(1)
          .max(366)
          .default(1)
          .describe('1: today; 7: with the six days before.'),
      },
      readOnly: true,
    },
    async ({ days }) => {
      const { session } = await desk.open();
      const since = midnight(days - 1);
      const usage = await sumOwnerUsage(session, since, new Date());
      return { since, usage, total_usd: totalOf(usage) };
    },
  );
}

/** Of this machine's time zone. */
function midnight(daysAgo: number): Date {
  const day = new Date();
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - daysAgo);
  return day;
}

function totalOf(rows: readonly { cost_usd: number }[]): number {
  return rows.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
}
