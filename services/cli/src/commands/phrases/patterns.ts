import { loadPatterns, patternsFile } from '@coffee-roadmap/shared/phrases/patterns';
import { listPatternNames, namePattern } from '@coffee-roadmap/shared/phrases/queries';
import type { Command } from 'commander';
import { addNoun, addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';

export function registerPatterns(phrases: Command, context: Context): void {
  const patterns = addNoun(phrases, 'patterns', 'what is counted here, and what of it is public', {
    examples: ['phrases patterns', 'phrases patterns publish sorry "I am sorry"'],
  });
  addVerb(patterns, 'list', 'the patterns of this machine, and those whose totals all may see', {
    examples: ['phrases patterns list'],
    isDefault: true,
  }).action((options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const { paths } = context.config();
      const listed = await listPatternNames(session);
      const own = loadPatterns(paths);
      const all = [
        ...own.map(({ name, display, match }) => ({
          name,
          display,
          match: match as string | null,
        })),
        ...listed
          .filter(({ pattern }) => !own.some(({ name }) => name === pattern))
          .map(({ pattern, display_name }) => ({
            name: pattern,
            display: display_name,
            match: null,
          })),
      ].map((one) => ({ ...one, public: listed.some(({ pattern }) => pattern === one.name) }));
      out.result({ file: patternsFile(paths), patterns: all }, () =>
        [
          renderTable(
            [
              { title: 'NAME', paint: out.colours.bold },
              { title: 'SHOWN AS', flexible: true, min: 12 },
              { title: 'PUBLIC' },
              { title: 'MATCHES', flexible: true },
            ],
            all.map((one) => [
              one.name,
              one.display,
              one.public ? 'yes' : 'no',
              one.match ?? '(not counted here)',
            ]),
            { width: out.width, paintTitle: out.colours.dim },
          ),
          '',
          `Yours go into ${stripEscapes(patternsFile(paths))}`,
        ].join('\n'),
      );
    }),
  );
  addVerb(
    patterns,
    'publish <name> <display>',
    'let everybody see a pattern’s totals; for admins',
    {
      examples: ['phrases patterns publish sorry "I am sorry"'],
    },
  ).action((name: string, display: string, options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      await namePattern(session, name, display);
      out.result(
        { name, display, public: true },
        () => `Totals of ${stripEscapes(name)} are public, as “${stripEscapes(display)}”.`,
      );
    }),
  );
}
