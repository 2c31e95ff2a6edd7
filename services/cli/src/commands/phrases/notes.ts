import {
  addPhraseNote,
  listPhraseNotes,
  removePhraseNote,
} from '@coffee-roadmap/shared/phrases/queries';
import { parseDate } from '@coffee-roadmap/shared/time/periods/local-date';
import type { Command } from 'commander';
import { addNoun, addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { count } from '../../words';

export function registerNotes(phrases: Command, context: Context): void {
  const notes = addNoun(phrases, 'notes', 'what the chart marks, such as a new model', {
    examples: ['phrases notes', 'phrases notes add 2025-11-24 "Opus 4.5"'],
  });
  addVerb(notes, 'list', 'the notes by UTC day', {
    examples: ['phrases notes list'],
    isDefault: true,
  }).action((options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const found = await listPhraseNotes(session);
      out.result({ notes: found }, () =>
        renderTable(
          [
            { title: 'DAY', paint: out.colours.bold },
            { title: 'NOTE', flexible: true },
          ],
          found.map(({ day, note }) => [day, note]),
          { width: out.width, paintTitle: out.colours.dim },
        ),
      );
    }),
  );
  addVerb(notes, 'add <day> <text>', 'mark a day; for admins', {
    examples: ['phrases notes add 2025-11-24 "Opus 4.5"'],
  }).action((text: string, note: string, options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const day = parseDate(text);
      const added = await addPhraseNote(session, { day, note });
      out.result({ day, note, added }, () =>
        added ? `${day} is marked: ${stripEscapes(note)}` : 'That is marked already.',
      );
    }),
  );
  addVerb(notes, 'remove <day> [text]', 'take the notes of a day away, or one; for admins', {
    examples: ['phrases notes remove 2025-11-24'],
  }).action((text: string, note: string | undefined, options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const day = parseDate(text);
      const removed = await removePhraseNote(session, day, note);
      out.result({ day, removed }, () => `${count(removed, 'note')} of ${day} removed.`);
    }),
  );
}
