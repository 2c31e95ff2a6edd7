import type { AccessMatrix } from './access-matrix';

/** Table → role → cell, as db/access-intent.md has them without what stands in parentheses. */
export type AccessIntent = Map<string, Map<string, string>>;

/** Reads the table whose first column is called `table`. */
export function parseAccessIntent(markdown: string): AccessIntent {
  const rows = markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, line.lastIndexOf('|')).split('|').map(plain));
  const start = rows.findIndex((row) => row[0] === 'table');
  const roles = rows[start]?.slice(1) ?? [];
  const intent: AccessIntent = new Map();
  for (const [table = '', ...cells] of rows.slice(start + 2)) {
    intent.set(table, new Map(cells.map((cell, index) => [roles[index] ?? '', cell])));
  }
  return intent;
}

function plain(cell: string): string {
  return cell
    .replace(/\([^)]*\)/g, '')
    .replaceAll('`', '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** One line for each cell, table and role in which the two differ; empty when they agree. */
export function compareAccess(intent: AccessIntent, { roles, cells }: AccessMatrix): string[] {
  const differences: string[] = [];
  for (const [table, row] of cells) {
    for (const role of roles) {
      const meant = intent.get(table)?.get(role) ?? 'not named';
      const real = row.get(role)!;
      if (meant !== real) differences.push(`${table} × ${role}: meant ${meant}, is ${real}`);
    }
  }
  for (const [table, row] of intent) {
    if (!cells.has(table)) differences.push(`${table}: there is no such table`);
    for (const role of row.keys()) {
      if (!roles.includes(role)) differences.push(`${table} × ${role}: there is no such role`);
    }
  }
  return differences;
}
