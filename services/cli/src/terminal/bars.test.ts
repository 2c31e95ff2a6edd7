import { renderBars } from './bars';
import { widthOf } from './width';

describe('renderBars', () => {
  it('draws label, bar and figure', () => {
    const bars = [
      { label: 'Mon', value: 8 },
      { label: 'Tuesday', value: 4 },
      { label: 'Wed', value: 0.01, text: '1 ct' },
      { label: 'Thu', value: 0 },
    ];
    expect(renderBars(bars, { width: 23 }).split('\n')).toEqual([
      'Mon      ████████     8',
      'Tuesday  ████         4',
      'Wed      ▏         1 ct',
      'Thu                   0',
    ]);
  });

  it('fits the width with long and wide labels', () => {
    const bars = [
      { label: '漢字'.repeat(40), value: 1, text: '1,234,567 tokens' },
      { label: '\x1b[31mred\x1b[0m', value: 3 },
    ];
    for (const line of renderBars(bars).split('\n')) expect(widthOf(line)).toBe(80);
    expect(renderBars(bars)).not.toContain('\x1b');
  });

  it('paints bars alone, and draws nothing of nothing', () => {
    const paint = (bar: string) => `<${bar}>`;
    expect(renderBars([{ label: 'a', value: 1 }], { width: 8, paint })).toBe('a  <██>  1');
    expect(renderBars([])).toBe('');
    expect(renderBars([{ label: 'a', value: 0 }], { width: 8 })).toBe('a      0');
  });
});
