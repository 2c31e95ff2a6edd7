import { PassThrough } from 'node:stream';
import { createPrompt } from './prompt';

/** The two ends that a person has of a terminal; raw mode is the terminal's own affair. */
function terminal(options: { isTTY?: boolean; yes?: boolean } = {}) {
  const { isTTY = true, yes = false } = options;
  const raw: boolean[] = [];
  const setRawMode = (on: boolean) => raw.push(on);
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode });
  const output = Object.assign(new PassThrough(), { isTTY });
  const shown = () => String(output.read() ?? '');
  return { input, raw, shown, prompt: createPrompt({ input, output }, { yes }) };
}

describe('ask', () => {
  it('shows the question and takes the answer', async () => {
    const { input, prompt, shown } = terminal();
    input.write(' Ada \n');
    await expect(prompt.ask('Who are \x1b[2Jyou?')).resolves.toBe('Ada');
    expect(shown()).toContain('Who are you?');
  });

  it('falls back where nothing is typed, and with --yes without asking', async () => {
    const { input, prompt, shown } = terminal();
    input.write('\n');
    await expect(prompt.ask('Port?', { fallback: '5432' })).resolves.toBe('5432');
    expect(shown()).toContain('Port? [5432]');
    const quiet = terminal({ yes: true });
    await expect(quiet.prompt.ask('Port?', { fallback: '5432' })).resolves.toBe('5432');
    expect(quiet.shown()).toBe('');
  });

  it('ends when the person gives up', async () => {
    for (const key of ['\x03', '\x04']) {
      const { input, prompt } = terminal();
      input.write(key);
      await expect(prompt.ask('Who?')).rejects.toMatchObject({ message: 'cancelled' });
    }
  });

  it('refuses where there is no terminal', async () => {
    const { prompt } = terminal({ isTTY: false });
    await expect(prompt.ask('Who?')).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'there is no terminal to ask: Who?',
    });
  });
});

describe('secret', () => {
  it('is typed unseen, with corrections', async () => {
    const { input, prompt, raw, shown } = terminal();
    input.write('wrong\x15s3cö');
    input.write('\x1b[A\x7fo\x7fret\r');
    await expect(prompt.secret('Password:')).resolves.toBe('s3cret');
    expect(shown()).toBe('Password: \n');
    expect(raw).toEqual([true, false]);
  });

  it('leaves what was typed ahead', async () => {
    const { input, prompt } = terminal();
    input.write('one\r\ntwo\r\n');
    await expect(prompt.secret('First:')).resolves.toBe('one');
    await expect(prompt.secret('Again:')).resolves.toBe('two');
  });

  it('gives the terminal back when the person gives up', async () => {
    const { input, prompt, raw } = terminal();
    input.write('half\x03');
    await expect(prompt.secret('Password:')).rejects.toMatchObject({ message: 'cancelled' });
    expect(raw).toEqual([true, false]);
  });

  it('comes from standard input where there is no terminal, one per line', async () => {
    const { input, prompt, shown } = terminal({ isTTY: false });
    input.write('on');
    const first = prompt.secret('Password:');
    input.end('e \r\ntwo');
    await expect(first).resolves.toBe('one ');
    await expect(prompt.secret('Again:')).resolves.toBe('two');
    await expect(prompt.secret('Once more:')).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'nothing came for: Once more',
    });
    expect(shown()).toBe('');
  });

  it('is never empty', async () => {
    const { input, prompt } = terminal();
    input.write('\r');
    await expect(prompt.secret('Password:')).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('confirm', () => {
  it.each([
    ['y\n', true],
    [' YES \n', true],
    ['n\n', false],
    ['\n', false],
  ])('takes %j for %s', async (typed, expected) => {
    const { input, prompt } = terminal();
    input.write(typed);
    await expect(prompt.confirm('Delete it?')).resolves.toBe(expected);
  });

  it('takes an empty answer for yes where that is said', async () => {
    const { input, prompt } = terminal();
    input.write('\n');
    await expect(prompt.confirm('Try it?', { otherwise: true })).resolves.toBe(true);
  });

  it('says yes by itself with --yes, terminal or not', async () => {
    const { prompt } = terminal({ isTTY: false, yes: true });
    await expect(prompt.confirm('Delete it?')).resolves.toBe(true);
  });

  it('refuses without either, and names --yes', async () => {
    const { prompt } = terminal({ isTTY: false });
    await expect(prompt.confirm('Delete it?')).rejects.toMatchObject({
      code: 'invalid_input',
      hint: 'Repeat the command with --yes.',
    });
  });
});
