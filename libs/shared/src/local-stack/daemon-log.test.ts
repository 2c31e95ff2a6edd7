import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findComplaint, keepLogShort, lengthOf, readComplaint } from './daemon-log';

describe('findComplaint', () => {
  it('takes what the daemon says when it cannot start', () => {
    const text = '2026-01-01T10:00:00.000Z info serves team\nno database\nStart one.\n';
    expect(findComplaint(text)).toEqual(['no database', 'Start one.']);
  });

  it('takes the exception, not what node prints around it', () => {
    const text = [
      '/repo/dist/daemon.js:12',
      '    throw new TypeError("x");',
      '    ^',
      '',
      'TypeError: x is not a function',
      '    at run (/repo/dist/daemon.js:12:3)',
      '',
      'Node.js v20.20.2',
    ].join('\n');
    expect(findComplaint(text)).toEqual(['TypeError: x is not a function']);
  });

  it('finds nothing where it was killed at work', () => {
    expect(findComplaint('2026-01-01T10:00:00.000Z info takes shop/1\n')).toEqual([]);
  });
});

describe('the log file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'coffee log '));
    file = path.join(folder, 'daemon.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read from where a start began', () => {
    writeFileSync(file, 'an earlier complaint\n');
    const from = lengthOf(file);
    writeFileSync(file, 'the new one\n', { flag: 'a' });
    expect(readComplaint(file, from)).toEqual(['the new one']);
  });

  it('is put aside when it has grown long', () => {
    writeFileSync(file, 'short');
    keepLogShort(file);
    expect(readFileSync(file, 'utf8')).toBe('short');
    truncateSync(file, 11 * 1024 * 1024);
    keepLogShort(file);
    expect([lengthOf(file), lengthOf(`${file}.old`)]).toEqual([0, 11 * 1024 * 1024]);
  });
});
