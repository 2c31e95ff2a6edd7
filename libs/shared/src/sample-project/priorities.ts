/** A priority of the sample project; `body` is Markdown. */
export interface SamplePriority {
  number: string;
  title: string;
  body: string;
}

/**
 * What there is to do in the sample project. Written so that a coding agent can do it, and the
 * built-in rehearsal as well: that one obeys the `Ask:` line (question? option / option) and puts
 * the rest into a note.
 */
export const SAMPLE_PRIORITIES: SamplePriority[] = [
  {
    number: '1',
    title: 'Say hello in the README',
    body: [
      'The README begins with what the program is made of. Someone who opens it for the first time',
      'should be greeted, and learn in one sentence what the program is good for.',
    ].join('\n'),
  },
  {
    number: '2',
    title: 'Choose a licence',
    body: [
      'Without a licence nobody else may use the program. Add the text of the one that is chosen,',
      'and name it in the README. Which one is for a person to decide:',
      '',
      'Ask: Which licence should this project have? MIT / Apache-2.0 / None for now',
    ].join('\n'),
  },
  {
    number: '3',
    title: 'Add a changelog',
    body: [
      'People who update want to know what is new. Keep a list of changes, the newest first, and',
      'begin it with what the first two priorities have brought.',
    ].join('\n'),
  },
];
