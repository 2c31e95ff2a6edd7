/** Lines over the same few steps, one panel for each figure. */
export interface LinePanels {
  title: string;
  /** What the steps are called, such as 1, 4, 16. */
  steps: string[];
  stepsTitle: string;
  panels: Panel[];
  /** At most five; their order gives colour and mark. */
  series: string[];
}

export interface Panel {
  title: string;
  /** One list for each series, one positive value for each step; undefined where there is none. */
  lines: (number | undefined)[][];
}

const STYLE = `
  svg { font: 12px system-ui, sans-serif }
  .card { fill: #fff } text { fill: #1f2328 } .quiet { fill: #59636e } .grid { stroke: #d1d9e0 }
  .line { fill: none; stroke-width: 2 }
  .s0 { --c: #c2410c } .s1 { --c: #7c4dbd } .s2 { --c: #0969da } .s3 { --c: #1a7f5a } .s4 { --c: #6e7781 }
  .line { stroke: var(--c) } .mark { fill: var(--c) }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117 } text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #30363d }
    .s0 { --c: #ff9a5c } .s1 { --c: #bfa0ff } .s2 { --c: #58a6ff } .s3 { --c: #4ad3a0 } .s4 { --c: #a0a8b0 }
  }`;

const PANEL = { width: 270, height: 200, left: 48, right: 14, top: 84, gap: 12 };

/** An SVG with logarithmic scales that follows the reader's light or dark scheme. */
export function drawLinePanels(plot: LinePanels): string {
  const width = plot.panels.length * (PANEL.width + PANEL.gap) + PANEL.gap;
  const height = PANEL.top + PANEL.height + 52;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escape(plot.title)}</title><style>${STYLE}</style>`,
    `<rect class="card" width="${width}" height="${height}" rx="6"/>`,
    text(16, 26, plot.title, 'font-weight="600" font-size="14"'),
    ...plot.series.flatMap((name, s) => legend(name, s, 16 + s * 160)),
    ...plot.panels.map((panel, i) => {
      const x = PANEL.gap + i * (PANEL.width + PANEL.gap);
      return `<g transform="translate(${x} ${PANEL.top})">${drawPanel(panel, plot)}</g>`;
    }),
    '</svg>\n',
  ].join('\n');
}

function drawPanel({ title, lines }: Panel, { steps, stepsTitle }: LinePanels): string {
  const values = lines.flat().filter((value) => value !== undefined);
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const inner = PANEL.width - PANEL.left - PANEL.right;
  const y = (value: number): number =>
    round(PANEL.height - ((Math.log10(value) - low) / (high - low)) * PANEL.height);
  const x = (step: number): number =>
    round(PANEL.left + 14 + (step * (inner - 28)) / Math.max(1, steps.length - 1));
  const grid = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  return [
    text(0, -14, title, 'font-weight="600"'),
    ...grid.map(
      (value) =>
        `<line class="grid" x1="${PANEL.left}" x2="${PANEL.width - PANEL.right}" y1="${y(value)}" y2="${y(value)}"/>` +
        text(PANEL.left - 6, y(value) + 4, label(value), 'class="quiet" text-anchor="end"'),
    ),
    ...steps.map((step, i) =>
      text(x(i), PANEL.height + 18, step, 'class="quiet" text-anchor="middle"'),
    ),
    text(
      PANEL.left + inner / 2,
      PANEL.height + 36,
      stepsTitle,
      'class="quiet" text-anchor="middle"',
    ),
    ...lines.map((line, s) => drawLine(line, s, x, y)),
  ].join('');
}

function drawLine(
  line: (number | undefined)[],
  series: number,
  x: (step: number) => number,
  y: (value: number) => number,
): string {
  const points = line.flatMap((value, i) => (value === undefined ? [] : [[x(i), y(value)]]));
  const path = points.map((point) => point.join(' ')).join(' L');
  const marks = points.map(([px, py]) => mark(series, px!, py!));
  return `<g class="s${series}"><path class="line" d="M${path}"/>${marks.join('')}</g>`;
}

function legend(name: string, series: number, x: number): string[] {
  return [`<g class="s${series}">${mark(series, x + 5, 44)}</g>`, text(x + 16, 48, name)];
}

/** A shape besides the colour, for those who see no difference in the latter. */
function mark(series: number, x: number, y: number): string {
  const shapes = [
    `<circle class="mark" cx="${x}" cy="${y}" r="4.5"/>`,
    `<rect class="mark" x="${x - 4}" y="${y - 4}" width="8" height="8"/>`,
    `<path class="mark" d="M${x} ${y - 6} l6 6 -6 6 -6 -6z"/>`,
    `<path class="mark" d="M${x} ${y - 5.5} l5.5 10 -11 0z"/>`,
    `<path class="mark" d="M${x - 4} ${y - 6} h8 l-8 12 h8z"/>`,
  ];
  return shapes[series]!;
}

const text = (x: number, y: number, content: string, more = ''): string =>
  `<text x="${x}" y="${y}" ${more}>${escape(content)}</text>`;

const label = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: 3 });
const round = (value: number): number => Math.round(value * 10) / 10;
const escape = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
