import { renderCsv } from './csv';

it('writes what spreadsheets read, one record a line', () => {
  expect(
    renderCsv(
      ['a', 'b'],
      [
        [1, 'x'],
        [null, 'say "so", then\nleave'],
        [-2.5, ''],
      ],
    ),
  ).toBe('a,b\r\n1,x\r\n,"say ""so"", then\nleave"\r\n-2.5,\r\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('leaves %j no formula', (text) => {
  expect(renderCsv(['a'], [[text]])).toMatch(/^a\r\n"?'/);
});
