import { byProject, formatHours, totalsOf, type BillingReport, type ProjectLines } from './report';
import type { BillingLine } from './queries';

/** A report or a bill as one HTML page that prints on A4; the same document gives the same bytes. */
export function billingHtml(report: BillingReport): string {
  const { bill } = report;
  const title =
    bill === null
      ? `Billing report ${monthsOf(report)}`
      : `Bill ${bill.id}: ${bill.client} ${bill.month}`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style></head><body>`,
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>Team ${escapeHtml(report.team)}${replaced(report)}</p>`,
    ...byProject(report.lines).map(sectionOf),
    ...report.totals.map(
      ({ currency, amount }) => `<p class="total">Total ${amount} ${escapeHtml(currency)}</p>`,
    ),
    exchanged(report),
    report.lines.length === 0 ? '<p>Nothing was published.</p>' : '',
    bill === null ? '' : `<p class="fine">Lines SHA-256 ${bill.sha256}</p>`,
    '</body></html>',
    '',
  ]
    .filter((line, i, all) => line !== '' || i === all.length - 1)
    .join('\n');
}

/** `2026-10`, or `2026-01 to 2026-12`. */
export function monthsOf({ from, to }: Pick<BillingReport, 'from' | 'to'>): string {
  const first = from.slice(0, 7);
  const last = new Date(Date.parse(`${to}T00:00:00Z`) - 1).toISOString().slice(0, 7);
  return first === last ? first : `${first} to ${last}`;
}

const STYLE = [
  '@page{size:A4;margin:18mm}',
  'body{font:11pt/1.4 system-ui,sans-serif;color:#111;margin:0 auto;max-width:180mm}',
  'h1{font-size:18pt;margin:0 0 4mm}h2{font-size:12pt;margin:8mm 0 2mm}',
  'table{border-collapse:collapse;width:100%;font-size:9.5pt}',
  'th,td{padding:1.2mm 2mm;text-align:left;border-bottom:.2mm solid #ccc;overflow-wrap:anywhere}',
  'th{font-weight:600;border-bottom-color:#555}.n{text-align:right;white-space:nowrap}',
  'tr{break-inside:avoid}tfoot td{font-weight:600;border:0}',
  '.total{font-size:14pt;font-weight:600;text-align:right;margin:8mm 0 0}',
  '.fine{color:#666;font-size:8pt;overflow-wrap:anywhere}',
].join('');

function sectionOf({ client, project, lines }: ProjectLines): string {
  const [first] = lines as [BillingLine];
  const rounding = first.rounding === 'none' ? '' : ` · rounded ${escapeHtml(first.rounding)}`;
  const heading = [client, project].filter((part) => part !== '').map(escapeHtml);
  const head = [
    ...['<th>Person</th>', '<th>What</th>', '<th class="n">Measured h</th>'],
    ...['<th class="n">Billed h</th>', '<th class="n">Rate</th>', '<th class="n">Amount</th>'],
  ];
  const [sum] = totalsOf(lines);
  return [
    `<h2>${heading.join(' · ')}</h2>`,
    `<p class="fine">${escapeHtml(first.currency)}${rounding}</p>`,
    `<table><thead><tr>${head.join('')}</tr></thead><tbody>`,
    ...lines.map(rowOf),
    `</tbody><tfoot><tr><td colspan="5"></td><td class="n">${sum?.amount ?? ''}</td></tr></tfoot></table>`,
  ].join('\n');
}

function rowOf(line: BillingLine): string {
  const cell = (text: string): string => `<td>${escapeHtml(text)}</td>`;
  const number = (text: string): string => `<td class="n">${escapeHtml(text)}</td>`;
  const amount = number(line.amount ?? 'no rate');
  if (line.kind === 'ai') {
    const markup = Number(line.markup_percent ?? 0);
    const cost = `${line.cost_usd} USD${markup > 0 ? ` + ${markup} %` : ''}`;
    return `<tr>${cell(line.person)}${cell(line.model)}<td></td><td></td>${number(cost)}${amount}</tr>`;
  }
  const what = [line.issue, line.kind === 'delegated' ? 'time of agents' : ''];
  return [
    `<tr>${cell(line.person)}${cell(what.filter(Boolean).join(' · '))}`,
    number(formatHours(line.measured_seconds)),
    number(formatHours(line.billed_seconds)),
    `${number(line.per_hour ?? 'no rate')}${amount}</tr>`,
  ].join('');
}

const replaced = ({ bill }: BillingReport): string =>
  bill?.replaces == null ? '' : ` · replaces bill ${bill.replaces}`;

function exchanged({ exchange }: BillingReport): string {
  if (exchange === null) return '';
  return `<p class="fine">1 USD is ${escapeHtml(exchange.rate)} (${escapeHtml(exchange.name)})</p>`;
}

const ENTITIES: Record<string, string> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;' },
  ...{ '"': '&quot;', "'": '&#39;' },
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c]!);
