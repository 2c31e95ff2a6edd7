import type { RoadmapImport } from '@coffee-roadmap/shared/roadmap/import-roadmap';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { truncate } from '../../terminal/width';
import { count, paintState, stateWords } from '../../words';

/** What an import did, or would do: a line per item that is touched, then what deserves a look. */
export function renderImport(
  { colours, width }: Pick<Output, 'colours' | 'width'>,
  { diff, moved, preambleChanged, unchanged }: RoadmapImport,
  dryRun: boolean,
): string {
  const fit = (text: string): string => truncate(stripEscapes(text), width);
  const lines = [
    ...diff.add.map((entry) => colours.green(fit(`+ ${entry.number}. ${entry.title}`))),
    ...diff.change.map(({ number, fields }) => {
      const what = [
        fields.title === undefined ? '' : 'title',
        fields.body === undefined ? '' : 'text',
        fields.state === undefined
          ? ''
          : `now ${paintState(colours)(stateWords({ state: fields.state }))}`,
      ].filter((part) => part !== '');
      if (what.length === 0) what.push('layout');
      return `${colours.yellow(`~ ${number}`)}: ${what.join(', ')}`;
    }),
    ...moved.map((number) => `${colours.yellow(`~ ${number}`)}: another place`),
    preambleChanged ? `${colours.yellow('~')} the text before the first priority` : '',
  ];
  const [added, changed] = [diff.add.length, diff.change.length];
  const summary = unchanged
    ? `Nothing to change: ${count(diff.same.length, 'priority', 'priorities')} the same.`
    : `${dryRun ? 'Would be' : 'Imported'}: ${added} added, ${changed} changed, ` +
      `${moved.length} moved, ${diff.same.length} the same.`;
  return [...lines.filter((line) => line !== ''), ...notes(diff), summary].join('\n');
}

function notes({ missingInFile, kept, unheld }: RoadmapImport['diff']): string[] {
  return [
    ...kept.map(
      ({ number, state, inFile }) =>
        `  ${number} stays ${words(state)}, although the file says ${words(inFile)}`,
    ),
    ...unheld.map(
      (number) => `  ${number} is in work or in review in the file, but no daemon has it`,
    ),
    missingInFile.length === 0
      ? ''
      : `  kept, though the file lacks it: ${missingInFile.join(', ')}`,
  ].filter((line) => line !== '');
}

const words = (state: string): string => state.replaceAll('_', ' ');
