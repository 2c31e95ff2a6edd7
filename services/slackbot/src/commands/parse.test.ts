import { parseCommand } from './parse';

it.each([
  ['', { verb: '', rest: '', project: undefined }],
  ['LIST', { verb: 'list', rest: '', project: undefined }],
  ['list -p shop', { verb: 'list', rest: '', project: 'shop' }],
  ['view 2.5 —project team/shop', { verb: 'view', rest: '2.5', project: 'team/shop' }],
  ['add --project=shop Say hello', { verb: 'add', rest: 'Say hello', project: 'shop' }],
  ['add A title\nand its text', { verb: 'add', rest: 'A title\nand its text', project: undefined }],
  [
    'reopen 3 the project is too big',
    { verb: 'reopen', rest: '3 the project is too big', project: undefined },
  ],
])('%j', (text, parsed) => {
  expect(parseCommand(text)).toEqual(parsed);
});
