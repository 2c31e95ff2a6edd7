import type { ClientBase } from 'pg';
import { GENERATED } from './format-access';

interface Column {
  relation: string;
  kind: 'table' | 'view';
  about: string | null;
  column: string;
  type: string;
  required: boolean;
  default: string | null;
  comment: string | null;
  references: string | null;
  key: boolean;
}

interface EnumType {
  name: string;
  labels: string[];
}

/** The table reference as Markdown: columns, types, comments, foreign keys; then the enums. */
export async function formatTables(client: ClientBase): Promise<string> {
  const columns = (await client.query<Column>(COLUMNS)).rows;
  const enums = (await client.query<EnumType>(ENUMS)).rows;
  const lines = [GENERATED, '# Tables and views', ''];
  lines.push('A key column is **bold**. `?` after a type: may be null. Times are in UTC.');
  let relation = '';
  for (const column of columns) {
    if (column.relation !== relation) {
      relation = column.relation;
      lines.push('', `## \`${relation}\``, '');
      if (column.about !== null) lines.push(column.about, '');
      lines.push('| column | type | |', '|---|---|---|');
    }
    lines.push(formatColumn(column));
  }
  lines.push('', '## Enums', '');
  for (const { name, labels } of enums) lines.push(`- \`${name}\`: ${labels.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function formatColumn(column: Column): string {
  const name = column.key ? `**\`${column.column}\`**` : `\`${column.column}\``;
  const optional = column.required || column.kind === 'view' ? '' : '?';
  const notes = [
    column.references === null ? '' : `→ \`${column.references}\`.`,
    column.comment ?? '',
    column.default === null ? '' : `Default \`${column.default}\`.`,
  ];
  const text = notes.filter(Boolean).join(' ').replaceAll('|', '\\|');
  return `| ${name} | ${column.type}${optional} | ${text} |`;
}

const COLUMNS = `
  select c.oid::regclass::text as relation,
    case when c.relkind in ('v', 'm') then 'view' else 'table' end as kind,
    pg_catalog.obj_description(c.oid, 'pg_class') as about,
    a.attname as column, pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull as required,
    case a.attidentity when '' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) else 'identity' end as default,
    pg_catalog.col_description(c.oid, a.attnum) as comment,
    (select min(k.confrelid::regclass::text) from pg_catalog.pg_constraint k
     where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey)) as references,
    exists (select from pg_catalog.pg_index i
      where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) as key
  from pg_catalog.pg_class c
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
    and c.relkind in ('r', 'p', 'v', 'm')
  order by 1, a.attnum`;

const ENUMS = `
  select t.oid::regtype::text as name,
    array_agg(e.enumlabel::text order by e.enumsortorder) as labels
  from pg_catalog.pg_type t join pg_catalog.pg_enum e on e.enumtypid = t.oid
  where t.typnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  group by t.oid order by 1`;
