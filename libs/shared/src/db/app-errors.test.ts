import { toAppError } from './app-errors';

it('says that a password is missing, and where it belongs', () => {
  const said = new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string');
  expect(toAppError(said)).toMatchObject({
    code: 'not_allowed',
    message: 'the database asks for a password, and none was given',
    hint: expect.stringContaining('LOGIN:PASSWORD@HOST'),
  });
});

it('says nothing of functions to whom they were never given', () => {
  const said = Object.assign(new Error('permission denied for function add_team'), {
    code: '42501',
  });
  expect(toAppError(said)).toMatchObject({
    code: 'not_allowed',
    message: 'your login may not do this',
    hint: expect.stringContaining('an admin’s or a manager’s'),
  });
});
