import type { Title } from './titles';

/** Titles without a test, and what has to be there first. The list only gets shorter. */
export const NOT_YET_COVERED: Partial<Record<Title, string>> = {
  'machine-id forging in event ids': 'no machine reports yet',
  'Slack double delivery, unlinked Slack user': 'no Slack user is linked to a person yet',
  'replay in another order': 'there is no import of records yet',
  'small-team suppression, unaligned periods, differencing, dominance': 'nothing is published yet',
  'erasure against the chain': 'entries are not sealed yet, and nobody is erased',
  'disk full': 'needs a volume of a known size, which the containers will have',
  'out-of-order streams': 'there are no streams yet',
  'backup and restore': 'there is no backup command yet; what a copy loses is in restore.test.ts',
  'restore against erasure': 'nobody is erased yet',
  'cloned machine id': 'no machine reports yet',
  'ssh option injection': 'nothing is pulled over ssh yet',
  'gist path traversal': 'there is no gist yet',
  'CSV formulas': 'nothing is written as CSV yet',
};

/** Titles with a test that leaves something out, and what. */
export const PARTLY_COVERED: Partial<Record<Title, string>> = {
  "answer twice, answer another's, CLI and Slack race":
    'the race is between people; the answer through Slack has no function yet',
  'poisoned numbers, JSON, terminal escapes, Slack markup': 'no program writes to Slack yet',
  'audit tampering, tail cut, full rewrite against an outside anchor':
    'a cut tail and a full rewrite show only once entries are chained and the chain is anchored',
};
