import { compact } from '../format.js';

/** Dashed lines with a word, behind the bars that they stand at: `marks.list` is [{index, text}]. */
export const marksPlugin = {
  id: 'marks',
  afterDatasetsDraw(chart, _args, { list, line, text }) {
    const { ctx, chartArea, scales } = chart;
    let free = -Infinity; // words that would cover each other go one line lower
    let row = 0;
    ctx.save();
    ctx.font = '12px system-ui, sans-serif';
    for (const mark of [...list].sort((a, b) => a.index - b.index)) {
      const x = scales.x.getPixelForValue(mark.index);
      const width = ctx.measureText(mark.text).width;
      const left = x + 6 + width > chartArea.right;
      const from = left ? x - 6 - width : x + 6;
      row = from < free ? row + 1 : 0;
      free = Math.max(free, from + width + 6);
      ctx.strokeStyle = line;
      ctx.setLineDash([3, 3]);
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.fillStyle = text;
      ctx.fillText(mark.text, from, chartArea.top + 12 + 15 * row);
    }
    ctx.restore();
  },
};

/** What is marked at one place, for its tooltip. */
export const marksAt = (marks, index) =>
  (marks ?? []).filter((mark) => mark.index === index).map((mark) => mark.text);

/** Wide grey bars behind the others, measured by the scale on the right. */
export const backdrop = ({ name, values }, colour) => ({
  label: name,
  data: values,
  type: 'bar',
  yAxisID: 'behind',
  stack: 'behind',
  grouped: false,
  order: 2,
  backgroundColor: colour('--grey-soft'),
  borderWidth: 0,
  barPercentage: 1,
  categoryPercentage: 1,
});

export const backdropScale = (colour) => ({
  position: 'right',
  beginAtZero: true,
  grid: { display: false },
  ticks: { color: colour('--quiet'), callback: (value) => compact(value), maxTicksLimit: 4 },
  border: { display: false },
});
