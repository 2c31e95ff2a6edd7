import fc from 'fast-check';
import { renderTable } from './table';
import { widthOf } from './width';

const columns = [
  { title: 'NO', align: 'right' as const },
  { title: 'TITLE', flexible: true },
  { title: 'STATE' },
];

describe('renderTable', () => {
  it('aligns columns and leaves no spaces at the ends of lines', () => {
    const table = renderTable(columns, [
      [1, 'First', 'planned'],
      ['2.10', '漢字 title', null],
    ]);
    expect(table.split('\n')).toEqual([
      '  NO  TITLE       STATE',
      '   1  First       planned',
      '2.10  漢字 title',
    ]);
  });

  it('cuts flexible columns alone, the widest first', () => {
    const two = [...columns, { title: 'NOTE', flexible: true, min: 4 }];
    const table = renderTable(two, [[1, 'a'.repeat(50), 'in_progress', 'b'.repeat(20)]], {
      width: 50,
    });
    expect(table.split('\n')[1]).toBe(` 1  ${'a'.repeat(14)}…  in_progress  ${'b'.repeat(15)}…`);
  });

  it('cuts the others only when there is nothing else to cut', () => {
    const table = renderTable(columns, [[1, 'a'.repeat(50), 's'.repeat(50)]], { width: 30 });
    expect(table.split('\n')[1]).toBe(` 1  ${'a'.repeat(7)}…  ${'s'.repeat(15)}…`);
  });

  it('paints what is shown without moving a column', () => {
    const painted = columns.map((column) => ({ ...column, paint: (text: string) => `<${text}>` }));
    const paintTitle = (title: string) => `*${title}*`;
    expect(renderTable(painted, [[1, 'a', 's']], { paintTitle }).split('\n')).toEqual([
      '*NO*  *TITLE*  *STATE*',
      ' <1>  <a>      <s>',
    ]);
  });

  it('shows no escapes and no second line of a cell', () => {
    expect(renderTable([{ title: 'T' }], [['a\x1b[2J\nb']])).toBe('T\na b');
  });

  it('fits 80 columns whatever is in it', () => {
    const cell = fc.oneof(
      fc.integer(),
      fc.constant(null),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
    );
    const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 });
    fc.assert(
      fc.property(rows, (data) => {
        const lines = renderTable(columns, data).split('\n');
        expect(lines).toHaveLength(data.length + 1);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
      }),
    );
  });
});
