import { formatRoadmap } from './format-roadmap';
import { parseRoadmap } from './parse-roadmap';

const fill = (piece: string, size = 500_000) => piece.repeat(Math.ceil(size / piece.length));

/** Shapes that punish backtracking and looking ahead or back from every line. */
const shapes: Record<string, string> = {
  'many small items': fill('### PRIORITY 1: x [📝 Planned]\n\n**Status**: ✅\n\nwords\n\n---\n'),
  'one item with many lines': `### PRIORITY 1: x\n${fill('- [ ] a deliverable\n')}`,
  'blank lines': `### PRIORITY 1: x\n${fill('\n')}x`,
  'fences that never close': `### PRIORITY 1: x\n${fill('```a\n~~~b\n')}`,
  'comments that never close': fill('<!-- a\n## b\n'),
  'signs in one title': `### PRIORITY 1: ${fill('✅ x ')}`,
  'brackets in one title': `### PRIORITY 1: x ${fill('[')}]`,
  'emphasis in one title': `### 🔴 **PRIORITY 1: x ${fill('*')}`,
  'spaces in one header': `### PRIORITY 1: x${fill(' ')}y`,
  'signs before one label': `### ${fill('🔴 ')}PRIORITY`,
  'spaces before one label': `###${fill(' ')}PRIORITY`,
  'nested list markers': fill('- '),
  backslashes: `### PRIORITY 1: x\n${fill('\\')}# y`,
  'carriage returns': `### PRIORITY 1: x\n${fill('\r')}y`,
  'one status line': `### PRIORITY 1: x\n**Status**: ${fill(' x')}`,
  'spaces in one status line': `### PRIORITY 1: x\n**Status**:${fill(' ')}`,
};

/** Characters handed to regular expressions, each of which is linear, while the work is done. */
function charactersMatched(work: () => void): number {
  const { exec } = RegExp.prototype;
  let characters = 0;
  RegExp.prototype.exec = function (text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const found = exec.call(this, text);
    characters += (found === null ? text.length : found.index + found[0].length) - from;
    return found;
  };
  try {
    work();
  } finally {
    RegExp.prototype.exec = exec;
  }
  return characters;
}

describe('a file', () => {
  it.each(Object.entries(shapes))('is read and written in one sweep: %s', (_name, text) => {
    let written = '';
    const read = () => (written = formatRoadmap(parseRoadmap(text)));
    expect(charactersMatched(read)).toBeLessThan(60 * text.length);
    expect(written).toBe(text);
  });

  it('of 5 MB is read, changed and written in one sweep', () => {
    const item = '### PRIORITY 1: x\n\n**Status**: ✅ Complete\n\nsome words\n\n---\n\n';
    const text = fill(item, 5_000_000);
    let written = '';
    const change = () => {
      const { preamble, items } = parseRoadmap(text);
      const changed = items.map((one) => ({ ...one, state: 'blocked' as const, body: '## other' }));
      written = formatRoadmap({ preamble, items: changed });
    };
    expect(charactersMatched(change)).toBeLessThan(60 * text.length);
    const other = item.replace('✅ Complete', '⏸️ Blocked').replace('some words', '\\## other');
    expect(written).toBe(fill(other, (text.length / item.length) * other.length));
  });
});
