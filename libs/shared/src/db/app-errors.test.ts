import { toAppError } from './app-errors';

it('says that a password is missing, and where it belongs', () => {
  const said = new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string');
  expect(toAppError(said)).toMatchObject({
    code: 'not_allowed',
    message: 'the database asks for a password, and none was given',
    hint: expect.stringContaining('LOGIN:PASSWORD@HOST'),
  });
});
