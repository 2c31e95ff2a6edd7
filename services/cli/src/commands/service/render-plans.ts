import type { ServicePlan } from '@coffee-roadmap/shared/user-service/plan';

/** What would be written and run, to be read or copied. */
export function renderPlans(
  plans: readonly { plan: ServicePlan }[],
  verb: 'install' | 'remove',
): string {
  return plans
    .flatMap(({ plan }) => [
      ...plan.files.flatMap(({ file, content }) =>
        verb === 'install' ? [`# ${file}`, content.trimEnd(), ''] : [`rm ${quote(file)}`],
      ),
      ...plan[verb].map((command) => command.map(quote).join(' ')),
    ])
    .join('\n');
}

function quote(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
