import type { Session } from '../../db/session';
import { isAppError } from '../../errors';
import { getItem, listItems, type Item } from '../../roadmap/queries';
import type { Issue, IssueProvider } from '../issue';

/** The priorities of a project's roadmap: keys are their numbers, a scope is a project's id. */
export class LocalIssues implements IssueProvider {
  constructor(
    private readonly session: Session<'person'>,
    private readonly projectId: string,
  ) {}

  async find(key: string): Promise<Issue | undefined> {
    try {
      return issueOf(await getItem(this.session, this.projectId, key));
    } catch (error) {
      if (isAppError(error) && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  async list(scope = this.projectId): Promise<Issue[]> {
    const items = await listItems(this.session, { projectId: scope });
    return items.map(issueOf).filter(({ state }) => state === 'open');
  }
}

const issueOf = ({ number, title, state }: Pick<Item, 'number' | 'title' | 'state'>): Issue => ({
  ...{ id: `local:${number}`, title, url: null },
  state: state === 'done' ? 'closed' : 'open',
});
