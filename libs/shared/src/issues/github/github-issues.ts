import { isAppError, AppError } from '../../errors';
import { GitHubClient, type GitHubClientOptions } from '../../github/github-client';
import type { Issue, IssueProvider } from '../issue';

const PER_PAGE = 100;
/** Ten thousand issues; nobody reads more in a list. */
const MOST_PAGES = 100;

const WORDS = {
  noun: 'issue or repository',
  refused: 'GITHUB_TOKEN needs the right to read this repository’s issues.',
  missing: 'Where not everybody may read it, set GITHUB_TOKEN.',
};

interface GitHubIssue {
  number?: unknown;
  title?: unknown;
  state?: unknown;
  html_url?: unknown;
  /** Present where it is a pull request, which GitHub lists as an issue too. */
  pull_request?: unknown;
}

/** Issues of GitHub's repositories: keys are `owner/name#number`, scopes `owner/name`. */
export class GitHubIssues implements IssueProvider {
  private readonly client: GitHubClient;

  constructor(options: Omit<GitHubClientOptions, 'words'>) {
    this.client = new GitHubClient({ ...options, words: WORDS });
  }

  async find(key: string): Promise<Issue | undefined> {
    const { repository, number } = readKey(key);
    try {
      const { body } = await this.client.ask('GET', `/repos/${repository}/issues/${number}`);
      return issueOf(repository, body);
    } catch (error) {
      // Gone, or not to be seen: GitHub does not tell the two apart.
      if (isAppError(error) && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  async list(scope: string): Promise<Issue[]> {
    const repository = checkRepository(scope);
    const found: Issue[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const query = `state=open&per_page=${PER_PAGE}&page=${page}`;
      const { body, link } = await this.client.ask('GET', `/repos/${repository}/issues?${query}`);
      for (const one of Array.isArray(body) ? (body as unknown[]) : []) {
        if ((one as GitHubIssue | null)?.pull_request !== undefined) continue;
        const issue = issueOf(repository, one);
        if (issue !== undefined) found.push(issue);
      }
      if (!/rel="next"/.test(link ?? '')) break;
    }
    return found;
  }
}

function issueOf(repository: string, body: unknown): Issue | undefined {
  const { number, title, state, html_url: url } = (body ?? {}) as GitHubIssue;
  if (!Number.isInteger(number) || typeof title !== 'string') return undefined;
  return {
    id: `github:${repository}#${number as number}`,
    title: title.slice(0, 500),
    state: state === 'closed' ? 'closed' : 'open',
    url: typeof url === 'string' && url.startsWith('https://') ? url : null,
  };
}

function readKey(key: string): { repository: string; number: string } {
  const [, repository = '', number] = /^([^#]+)#(\d{1,10})$/.exec(key) ?? [];
  if (number !== undefined) return { repository: checkRepository(repository), number };
  throw new AppError('invalid_input', `"${key}" is no issue of GitHub`, {
    hint: 'They are like github:us/shop#42.',
  });
}

/** What goes into an address: no dots alone, no slash but the one. */
function checkRepository(text: string): string {
  if (/^[A-Za-z0-9-]{1,39}\/(?!\.{1,2}$)[\w.-]{1,100}$/.test(text)) return text;
  throw new AppError('invalid_input', `"${text}" is no repository of GitHub`, {
    hint: 'Repositories are like us/shop.',
  });
}
