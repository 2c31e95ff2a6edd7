import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeForge } from '@coffee-roadmap/shared/move-ins/testing/make-flowforge';
import { checkOlder } from './check-older';

it('names the command for times of FlowForge above, within the repository, until they are moved in', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'older '));
  try {
    const inner = path.join(folder, 'shop', 'src');
    mkdirSync(inner, { recursive: true });
    expect(checkOlder(inner, [])).toEqual([]);
    writeForge(folder, '.task-times.json', {});
    writeForge(path.dirname(inner), '.git/HEAD', 'ref: refs/heads/main');
    expect(checkOlder(inner, [])).toEqual([]);
    writeForge(path.dirname(inner), '.flowforge/billing/time-tracking.json', {});
    const command = `coffee-roadmap move-in flowforge '${path.dirname(inner)}'`;
    expect(checkOlder(inner, [])).toMatchObject([{ state: 'warn', hint: command }]);
    const batch = {
      ...{ id: 3, kind: 'flowforge', moved_at: new Date(), rolled_back_at: null, summary: {} },
      source: path.join(path.dirname(inner), '.task-times.json'),
    };
    expect(checkOlder(inner, [batch])).toMatchObject([{ state: 'ok' }]);
    const back = { ...batch, rolled_back_at: new Date() };
    expect(checkOlder(inner, [back])).toMatchObject([{ state: 'warn' }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
