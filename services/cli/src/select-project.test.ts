import type { ProjectName } from '@coffee-roadmap/shared/projects/queries';
import { chooseProject } from './select-project';

const project = (name: string, team = 'team', archived = false): ProjectName => ({
  id: `${team}/${name}`,
  team_id: team,
  name,
  team,
  archived_at: archived ? new Date() : null,
});
const failure = (...args: Parameters<typeof chooseProject>): unknown => {
  try {
    return chooseProject(...args);
  } catch (error) {
    return error;
  }
};

describe('chooseProject', () => {
  const shop = project('shop');
  const web = project('Web');

  it('takes the only one, the configured one, or the one that is named', () => {
    expect(chooseProject([shop], undefined, undefined)).toBe(shop);
    expect(chooseProject([shop, web], undefined, 'web')).toBe(web);
    expect(chooseProject([shop, web], 'shop', 'web')).toBe(shop);
    expect(chooseProject([shop, project('old', 'team', true)], undefined, undefined)).toBe(shop);
  });

  it('lists the projects when it cannot know', () => {
    expect(failure([shop, web], undefined, undefined)).toMatchObject({
      code: 'invalid_input',
      hint: 'Name one with --project: shop, Web.',
    });
    const same = [shop, project('shop', 'other')];
    expect(failure(same, 'shop', undefined)).toMatchObject({
      hint: 'Name one with --project: team/shop, other/shop.',
    });
    expect(chooseProject(same, 'other/shop', undefined)).toBe(same[1]);
  });

  it('says what there is when there is no such project, or none at all', () => {
    expect(failure([shop], 'shpo', undefined)).toMatchObject({
      code: 'not_found',
      hint: 'There is: shop.',
    });
    expect(failure([], undefined, undefined)).toMatchObject({ code: 'not_configured' });
  });

  it('finds an archived one only by name', () => {
    const old = project('old', 'team', true);
    expect(chooseProject([old, shop], 'old', undefined)).toBe(old);
    expect(failure([old, shop], undefined, 'old')).toMatchObject({ code: 'not_found' });
  });
});
