import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './config/project-root';
import { AppError, ERROR_CODES, messageOf } from './errors';

describe('docs/errors.md', () => {
  const text = readFileSync(path.join(projectRoot(), 'docs', 'errors.md'), 'utf8');
  const sections = [...text.matchAll(/^### `([a-z_]+)`\n\nExit code (\d)\./gm)];

  it('explains every code with its exit code, and no other', () => {
    const documented = Object.fromEntries(sections.map(([, code, exit]) => [code, Number(exit)]));
    expect(documented).toEqual(ERROR_CODES);
    expect(text.match(/^### /gm)).toHaveLength(sections.length);
  });
});

describe('messageOf', () => {
  it('is one text of whatever was thrown', () => {
    expect(messageOf(new AppError('failed', 'what happened'))).toBe('what happened');
    expect(messageOf('a string')).toBe('a string');
    expect(messageOf(new AggregateError([new Error('the first'), new Error('another')]))).toBe(
      'the first',
    );
  });
});

it('knows an error of another bundle by its name, and tells what is made of it apart', () => {
  class Special extends AppError {}
  const foreign = Object.assign(new Error('x'), { name: 'AppError', code: 'failed' });
  expect([foreign instanceof AppError, new Special('failed', 'x') instanceof AppError]).toEqual([
    true,
    true,
  ]);
  expect(new Special('failed', 'x') instanceof Special).toBe(true);
  expect(new AppError('failed', 'x') instanceof Special).toBe(false);
  expect(foreign instanceof Special).toBe(false);
});
