/** A title, a clipboard, a device: ends in BEL or ST. One without an end goes to the line's end. */
const STRINGS = /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?/;
/** Colours, cursor, modes. */
const CONTROL_SEQUENCES = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?/;
const OTHER_ESCAPES = /\x1b[ -/]*[0-~]?/;
const ESCAPES = new RegExp(
  [STRINGS, CONTROL_SEQUENCES, OTHER_ESCAPES].map((pattern) => pattern.source).join('|'),
  'g',
);
/** Without tab and newline; with the marks that turn round the order of what is shown. */
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
const BREAKS = /[\t\n\u2028\u2029]+/g;

/**
 * Text that came from elsewhere, safe to show: it moves no cursor, names no window, fills no
 * clipboard and hides behind nothing. `multiline` keeps newlines and tabs; without it the text
 * becomes one line.
 */
export function stripEscapes(text: string, options: { multiline?: boolean } = {}): string {
  const safe = text.replaceAll('\r\n', '\n').replace(ESCAPES, '').replace(CONTROLS, '');
  return options.multiline === true ? safe : safe.replace(BREAKS, ' ').trim();
}
