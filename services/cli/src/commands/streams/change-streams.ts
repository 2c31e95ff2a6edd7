import { AppError } from '@coffee-roadmap/shared/errors';
import { findIdentity } from '@coffee-roadmap/shared/machines/identity';
import { listMachines } from '@coffee-roadmap/shared/machines/queries';
import { loadStreams, type Stream } from '@coffee-roadmap/shared/time/queries';
import {
  assignToStream,
  createStream,
  mergeStreams,
  renameStream,
  tagStream,
  untagStream,
} from '@coffee-roadmap/shared/time/streams/queries';
import type { Command } from 'commander';
import os from 'node:os';
import path from 'node:path';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';
import { findMachine } from '../machines/find-machine';
import { selectStream } from './select-stream';

interface CreateOptions extends CommonOptions {
  machine?: string;
}
interface LinkOptions extends CommonOptions {
  session?: boolean;
}

const nameOf = ({ id, name }: Stream): string => stripEscapes(`${name} (${id})`);

export function registerChanges(streams: Command, program: Command, context: Context): void {
  addVerb(streams, 'create <name>', 'a stream of your own, on this machine or another', {
    examples: ['streams create "Acme calls"', 'streams create review --machine devbox'],
  })
    .option('--machine <name>', 'the machine, by label or id')
    .action((name: string, options: CreateOptions) =>
      withOwnSession(context, options, async (session, out) => {
        const own = findIdentity(context.config().paths)?.machine_id;
        const machine =
          options.machine === undefined
            ? own
            : findMachine(await listMachines(session), options.machine).id;
        if (machine === undefined)
          throw new AppError('invalid_input', 'on which machine?', {
            hint: 'Name it: coffee-roadmap streams create NAME --machine LABEL.',
          });
        const id = await createStream(session, machine, name);
        out.result({ id, name, machine_id: machine }, () => `Stream ${id}: ${stripEscapes(name)}.`);
      }),
    );
  addVerb(streams, 'rename <stream> <name>', 'another name; its number stays', {
    examples: ['streams rename 3 "Acme shop"'],
  }).action((wanted: string, name: string, options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const stream = selectStream(await loadStreams(session), wanted);
      await renameStream(session, stream.id, name);
      out.result({ id: stream.id, name }, () => `${nameOf(stream)} is ${stripEscapes(name)} now.`);
    }),
  );
  addVerb(streams, 'merge <stream> <into>', 'all of one is part of the other from now on', {
    examples: ['streams merge 4 3'],
  }).action((wanted: string, into: string, options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const known = await loadStreams(session);
      const [from, to] = [selectStream(known, wanted), selectStream(known, into)];
      await mergeStreams(session, from.id, to.id);
      out.result(
        { id: from.id, into: to.id },
        () => `${nameOf(from)} is part of ${nameOf(to)} now.`,
      );
    }),
  );
  addVerb(streams, 'link <stream> <what...>', 'folders, remotes or sessions belong to it', {
    examples: [
      'streams link 3 ~/src/shop',
      'streams link 3 github.com/us/shop',
      'streams link 3 --session 5f2a9c1',
    ],
  })
    .option('--session', 'what is named are agents’ sessions, by their ids')
    .action((wanted: string, what: string[], options: LinkOptions) =>
      withOwnSession(context, options, async (session, out) => {
        const stream = selectStream(await loadStreams(session), wanted);
        const subject = options.session === true ? 'session' : 'place';
        const keys = subject === 'session' ? what : what.map(placeOf);
        const linked = await assignToStream(session, stream.id, subject, keys);
        if (linked === 0)
          throw new AppError('not_found', 'no such session has reported from that machine');
        out.result({ id: stream.id, linked: keys }, () =>
          keys.map((key) => `${stripEscapes(key)} belongs to ${nameOf(stream)} now.`).join('\n'),
        );
      }),
    );
  registerTags(program, context);
}

function registerTags(program: Command, context: Context): void {
  for (const [verb, change, done] of [
    ['tag', tagStream, 'has'],
    ['untag', untagStream, 'no longer has'],
  ] as const) {
    addVerb(program, `${verb} <stream> <tags...>`, `a stream ${done} these tags`, {
      examples: [`${verb} 3 acme`, `${verb} shop acme billable`],
    }).action((wanted: string, tags: string[], options: CommonOptions) =>
      withOwnSession(context, options, async (session, out) => {
        const stream = selectStream(await loadStreams(session), wanted);
        const changed: string[] = [];
        for (const tag of tags) if (await change(session, stream.id, tag)) changed.push(tag);
        out.result({ id: stream.id, changed }, () =>
          changed.length === 0
            ? `${nameOf(stream)}: nothing to change.`
            : `${nameOf(stream)} ${done} ${stripEscapes(changed.join(' '))}.`,
        );
      }),
    );
  }
}

/** A path as the machine has it; a remote as it is written. */
function placeOf(text: string): string {
  if (text === '~' || text.startsWith('~/')) return path.join(os.homedir(), text.slice(1));
  return /^[./]/.test(text) ? path.resolve(text) : text;
}
