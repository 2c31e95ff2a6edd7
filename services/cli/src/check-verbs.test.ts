import { Command } from 'commander';
import { callOf, checkVerbs, helpAsOption, pathIn } from './check-verbs';

const program = new Command('coffee-roadmap');
const machines = program.command('machines');
machines.command('list', { isDefault: true });
machines.command('token').command('create');
program.command('log <duration> [note]');

it.each([
  [['help'], ['--help']],
  [
    ['help', 'machines', 'token'],
    ['machines', 'token', '--help'],
  ],
  [
    ['machines', 'token', 'help', 'create'],
    ['machines', 'token', 'create', '--help'],
  ],
  [
    ['log', 'help'],
    ['log', 'help'],
  ],
])('takes %j as %j', (typed, args) => {
  expect(helpAsOption(program, typed)).toEqual(args);
});

it('says what was meant by a misspelt verb at any depth, and leaves arguments alone', () => {
  expect(() => checkVerbs(program, ['machines', 'token', 'creat'])).toThrow(
    expect.objectContaining({
      message: 'there is no command "machines token creat"',
      hint: 'Did you mean coffee-roadmap machines token create?',
    }) as Error,
  );
  expect(() => checkVerbs(program, ['mochines'])).toThrow('there is no command "mochines"');
  expect(() => checkVerbs(program, ['log', 'lits'])).not.toThrow();
  expect(callOf(pathIn(program, ['machines', 'token', 'x']))).toBe('coffee-roadmap machines token');
});
