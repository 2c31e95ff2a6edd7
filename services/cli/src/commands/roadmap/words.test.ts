import { mergeTrouble } from './accept';
import { whatChanged } from './history';

describe('a line of the history', () => {
  it.each([
    [{ state: 'planned' }, { state: 'in_progress' }, null, 'planned → in_progress'],
    [null, { number: '1', title: 'A', state: 'done' }, null, 'title "A"; done'],
    [{ title: 'A', body: 'x' }, { title: 'B', body: 'x' }, null, 'title "B"'],
    [{ title: 'A', body: 'x' }, { title: 'A', body: 'y' }, null, 'text'],
    [{ state: 'in_review' }, { state: 'planned' }, 'more', 'in_review → planned; more'],
    [{ position: 1 }, { position: 2 }, null, ''],
    [null, { commit: 'abcdef0123456789' }, null, 'commit abcdef0123'],
    ['text', 5, null, ''],
  ])('%j to %j', (before, after, reason, text) => {
    expect(whatChanged({ before, after, reason })).toBe(text);
  });
});

describe('why nobody merges', () => {
  const project = { team_id: 't', name: 'shop' };
  const daemon = { name: 'builder', live: true, paused_at: null, team_ids: ['t'] };

  it('is nothing while one daemon can', () => {
    expect(mergeTrouble([daemon], project)).toBeUndefined();
    const paused = { ...daemon, paused_at: new Date() };
    expect(mergeTrouble([paused, daemon], project)).toBeUndefined();
    expect(mergeTrouble([paused], project)).toContain('builder is paused');
  });

  it('is that none runs, or none of this team', () => {
    for (const others of [[], [{ ...daemon, live: false }], [{ ...daemon, team_ids: ['other'] }]]) {
      expect(mergeTrouble(others, project)).toContain('a daemon runs that serves shop');
    }
  });
});
