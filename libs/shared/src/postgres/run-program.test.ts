import { complaintIn, runProgram } from './run-program';

describe('the complaint in the output of a program', () => {
  it.each([
    [
      'initdb: error: invalid locale name "xx"\ninitdb: hint: see the manual',
      'invalid locale name "xx"',
    ],
    [
      `2030-01-01 00:00:00.000 UTC [1] LOG:  starting PostgreSQL
2030-01-01 00:00:00.000 UTC [7] FATAL:  the database system is starting up
2030-01-01 00:00:01.000 UTC [1] FATAL:  could not write to file "x": No space left on device
2030-01-01 00:00:01.000 UTC [1] PANIC:  cannot abort transaction 1`,
      'could not write to file "x": No space left on device',
    ],
    ['libpq.so.5: cannot open shared object file\n', 'libpq.so.5: cannot open shared object file'],
    ['', 'it said nothing'],
  ])('in %j', (output, complaint) => {
    expect(complaintIn(output)).toBe(complaint);
  });
});

describe('a program that we run', () => {
  it('gets nothing of our environment, and its input', async () => {
    process.env.COFFEE_TRIAL_SECRET = 'hush';
    const { code, output } = await runProgram('/bin/sh', ['-c', 'env; cat; exit 3'], {
      input: 'from us',
    });
    delete process.env.COFFEE_TRIAL_SECRET;
    expect(code).toBe(3);
    expect(output).not.toContain('hush');
    expect(output).toContain('from us');
  });

  it('that cannot be executed rejects', async () => {
    await expect(runProgram('/no/such/program', [])).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
