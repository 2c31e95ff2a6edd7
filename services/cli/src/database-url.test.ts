import { describeDatabase, parseDatabaseUrl, urlForLogin } from './database-url';

const SECRET = 'p%40ss';

describe('parseDatabaseUrl', () => {
  it('takes what people add prints, with spaces around it', () => {
    expect(parseDatabaseUrl(` postgres://u:${SECRET}@db.example:6000/team\n`).port).toBe('6000');
    expect(parseDatabaseUrl('postgresql://u@h/d').username).toBe('u');
  });

  it.each([
    'https://u:p@h/d',
    'not a url',
    '',
    `postgres://:${SECRET}@h/d`,
    `postgres://u:${SECRET}@h`,
    `postgres://u:${SECRET}@h:port/d`,
  ])('refuses %s without repeating it', (text) => {
    let message = '';
    try {
      parseDatabaseUrl(text);
    } catch (error) {
      message = `${(error as Error).message}`;
    }
    expect(message).toMatch(/./);
    expect(message).not.toContain(SECRET);
  });
});

it('shows where a database is and never the password', () => {
  expect(describeDatabase(`postgres://u:${SECRET}@db.example/te%20am`)).toEqual({
    host: 'db.example',
    port: 5432,
    name: 'te am',
  });
  for (const url of [
    'postgres://u@%2Frun%2Fpg:5433/d',
    'postgres://u@h/d?host=/run/pg&port=5433',
  ]) {
    expect(describeDatabase(url)).toMatchObject({ host: '/run/pg', port: 5433 });
  }
});

it('keeps everything but the login', () => {
  const url = urlForLogin('postgres://u:p@h:1/d?sslmode=require', { login: 'l', password: 'a/b' });
  expect(url).toBe('postgres://l:a%2Fb@h:1/d?sslmode=require');
});

it('names the place by which others reach the database, where it is published elsewhere', () => {
  const made = { login: 'l', password: 'p' };
  expect(urlForLogin('postgres://u:p@postgres:5432/d', made, '127.0.0.1:54329')).toBe(
    'postgres://l:p@127.0.0.1:54329/d',
  );
  const elsewhere = 'db.example.com:5433?sslmode=verify-full';
  expect(urlForLogin('postgres://u:p@postgres:5432/d', made, elsewhere)).toBe(
    'postgres://l:p@db.example.com:5433/d?sslmode=verify-full',
  );
});
