import { MANIFEST, parseManifest } from '@coffee-roadmap/shared/backups/manifest';
import { findGists, DESCRIPTION } from '@coffee-roadmap/shared/gist/find-gist';
import { GistStore } from '@coffee-roadmap/shared/gist/gist-store';
import { GitHubClient, type Send } from '@coffee-roadmap/shared/github/github-client';
import { GitHubIssues } from '@coffee-roadmap/shared/issues/github/github-issues';
import { readDeveloper } from '@coffee-roadmap/shared/move-ins/coffee-maker/read-developer';
import { readNotifications } from '@coffee-roadmap/shared/move-ins/coffee-maker/read-notifications';
import { openSqlite } from '@coffee-roadmap/shared/move-ins/files/sqlite';
import { readFlowForge } from '@coffee-roadmap/shared/move-ins/flowforge/find-files';
import { Plan } from '@coffee-roadmap/shared/move-ins/flowforge/plan';
import { makeSqlite } from '@coffee-roadmap/shared/move-ins/testing/make-sqlite';
import { COFFEE_MAKER } from '@coffee-roadmap/shared/move-ins/testing/schemas';
import { openTt } from '@coffee-roadmap/shared/move-ins/tt/open-source';
import { toRecord } from '@coffee-roadmap/shared/move-ins/tt/tt-event';
import { MACHINE } from '@coffee-roadmap/shared/records/testing/usage-record';
import { Zone } from '@coffee-roadmap/shared/time/periods/zone';
import path from 'node:path';
import * as samples from './move-in-samples';
import { asFile, type Reader } from './reader';

const ZONE = Zone.of('Europe/Berlin');

/** With what becomes of its times: where each is placed. */
function forge(name: string): (text: string) => unknown {
  return (text) => {
    const { times } = readFlowForge(asFile(text, `forge/${name}`), ZONE, samples.NOW);
    const plan = new Plan([], ZONE);
    for (const told of times) if (told.kind === 'session' || told.kind === 'day') plan.decide(told);
    return times;
  };
}

function ttEvents(text: string): unknown {
  const source = openTt(asFile(text, 'tt/events.jsonl'));
  return [...source.rows()].map((one) => ('event' in one ? toRecord(one.event, MACHINE) : one));
}

/** Beside a file of events, as it lies. */
function ttMachine(text: string): unknown {
  const file = asFile('', 'tt machine/events.jsonl');
  asFile(text, 'tt machine/machine.json');
  return openTt(path.dirname(file)).home;
}

/** The columns of a row of its database, one of them the context. */
function notifications(text: string): unknown {
  const file = asFile('', 'notifications.db');
  const title = text.slice(0, 400);
  const about = { type: title, priority: title, title, message: text, user_response: title };
  const times = { created_at: '2025-10-12T10:00:00', updated_at: '2025-10-12T10:00:00' };
  makeSqlite(file, COFFEE_MAKER, {
    notifications: [
      { ...samples.NOTIFICATION, ...times, context: text },
      { ...about, ...times, context: null },
    ],
  });
  const database = openSqlite(file);
  try {
    return [...readNotifications(database, 'notifications.db')];
  } finally {
    database.close();
  }
}

/** GitHub's side: whatever is asked, this is the answer. */
function answering(text: string): { token: undefined; send: Send } {
  return { token: undefined, send: () => Promise.resolve(new Response(text)) };
}

async function githubIssues(text: string): Promise<unknown> {
  const issues = new GitHubIssues(answering(text));
  const found = await issues.find('us/shop#42');
  return found ?? issues.list('us/shop');
}

async function githubGists(text: string): Promise<unknown> {
  const client = new GitHubClient(answering(text));
  const gists = await findGists(client, [DESCRIPTION]);
  if (gists.length > 0) return gists;
  return (await new GistStore(client, 'abc').history()).map(({ version, at }) => [version, at]);
}

async function githubGist(text: string): Promise<unknown> {
  const { version, files } = await new GistStore(new GitHubClient(answering(text)), 'abc').read();
  const contents: string[] = [];
  for (const { read } of files.values()) contents.push((await read()).toString('utf8'));
  return [version, ...files.keys(), ...contents];
}

/** What reads what older systems left, backups, and GitHub’s answers. */
export const MOVE_IN_READERS: readonly Reader[] = [
  ['FlowForge’s .task-times.json', samples.TASK_TIMES, forge('.task-times.json')],
  ['FlowForge’s time-tracking.json', samples.TIME_TRACKING, forge('time-tracking.json')],
  ['FlowForge’s SESSIONS.md', samples.SESSIONS, forge('SESSIONS.md')],
  ['FlowForge’s files of people and teams', samples.USER_FILES, forge('developers/ada/x.json')],
  ['tt’s events.jsonl', samples.TT_EVENTS, ttEvents],
  ['tt’s machine.json', samples.TT_MACHINES, ttMachine],
  [
    'coffee_maker’s developer_status.json',
    samples.DEVELOPER_STATUSES,
    (text) => [...readDeveloper(asFile(text), 'developer_status.json')],
  ],
  ['coffee_maker’s notifications and their contexts', samples.CONTEXTS, notifications],
  [`a backup’s ${MANIFEST}`, samples.BACKUPS, parseManifest],
  ['GitHub’s issues', samples.GITHUB_ISSUES, githubIssues],
  ['GitHub’s gists and their history', samples.GITHUB_GISTS, githubGists],
  ['GitHub’s answer with a gist', samples.GITHUB_GIST, githubGist],
];
