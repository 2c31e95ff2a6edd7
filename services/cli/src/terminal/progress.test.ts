import { startProgress, withProgress } from './progress';

function stream(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 24, written, write: (text: string) => written.push(text) };
}

describe('progress', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is silent for work of less than a second', () => {
    const out = stream(true);
    const progress = startProgress(out, 'Working');
    jest.advanceTimersByTime(999);
    progress.stop();
    jest.advanceTimersByTime(5000);
    expect(out.written).toEqual([]);
  });

  it('spins on a terminal and leaves nothing behind', () => {
    const out = stream(true);
    const progress = startProgress(out, 'Working');
    jest.advanceTimersByTime(1000);
    expect(out.written).toEqual(['\r\x1b[2K⠋ Working 1s']);
    progress.update('Reading a long \x1b[1mfile name\n');
    jest.advanceTimersByTime(100);
    expect(out.written.at(-1)).toBe('\r\x1b[2K⠙ Reading a long fi… 1s');
    progress.stop();
    progress.stop();
    jest.advanceTimersByTime(5000);
    expect(out.written.slice(2)).toEqual(['\r\x1b[2K']);
  });

  it('shows its label where the terminal does not know its width', () => {
    const out = { ...stream(true), columns: 0 };
    const progress = startProgress(out, 'Working');
    jest.advanceTimersByTime(1000);
    expect(out.written).toEqual(['\r\x1b[2K⠋ Working 1s']);
    progress.stop();
  });

  it('writes plain lines elsewhere, one per label', () => {
    const out = stream(false);
    const progress = startProgress(out, 'One');
    progress.update('Two');
    jest.advanceTimersByTime(3000);
    progress.update('Two');
    progress.update('Three');
    progress.stop();
    expect(out.written).toEqual(['Two …\n', 'Three …\n']);
  });

  it('ends with the work, also with a failed one', async () => {
    const out = stream(true);
    const work = withProgress(out, 'Working', () => {
      jest.advanceTimersByTime(1000);
      return Promise.reject(new Error('no'));
    });
    await expect(work).rejects.toThrow('no');
    expect(out.written.at(-1)).toBe('\r\x1b[2K');
    await expect(withProgress(out, 'Working', () => Promise.resolve(7))).resolves.toBe(7);
  });
});
