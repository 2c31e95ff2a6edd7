import { maskCredentials } from './mask';
import { parseRemoteAddress } from './remote-address';

describe('parseRemoteAddress', () => {
  it.each([
    ['https://github.com/a/b.git', 'https'],
    ['https://bob@example.org:8443/a/b', 'https'],
    ['http://127.0.0.1:3000/a.git', 'http'],
    ['ssh://git@example.org:2222/a/b', 'ssh'],
    ['git@github.com:a/b.git', 'ssh'],
    ['/srv/git/with space.git', 'path'],
    ['file:///srv/git/a%20b.git', 'path'],
  ])('takes %s', (address, kind) => {
    expect(parseRemoteAddress(address).kind).toBe(kind);
  });

  it('turns file:// into a path', () => {
    expect(parseRemoteAddress('file:///srv/a%20b.git')).toMatchObject({ url: '/srv/a b.git' });
  });

  it.each([
    ['ext::sh -c touch% /tmp/x'],
    ['fd::17'],
    ['https::https://example.org/a'],
    ['-oProxyCommand=touch /tmp/x'],
    ['--upload-pack=touch /tmp/x'],
    ['ssh://-oProxyCommand=x/a'],
    ['ssh://-oProxyCommand=x@host/a'],
    ['ssh://host/-x'],
    ['git@-oProxyCommand=x:a'],
    ['-oProxyCommand=x@host:a'],
    ['git@host:-x'],
    ['https://host/a\nhost=evil'],
    ['https://host/a b'],
    ['http://example.org/a'],
    ['git://example.org/a'],
    ['ftp://example.org/a'],
    ['file://other/a'],
    ['relative/path'],
    ['~/project'],
    ['../project'],
    [''],
  ])('refuses %j', (address) => {
    expect(() => parseRemoteAddress(address)).toThrow(/address/);
  });

  it('refuses a password, and does not repeat it', () => {
    const attempt = () => parseRemoteAddress('https://bob:s3cret@example.org/a');
    expect(attempt).toThrow('holds a password');
    expect(attempt).not.toThrow(/s3cret/);
  });
});

describe('maskCredentials', () => {
  it('hides what stands before the @', () => {
    const text = "fatal: unable to access 'https://bob:s3cret@example.org/a': no, http://tok@h/";
    expect(maskCredentials(text)).toBe(
      "fatal: unable to access 'https://***@example.org/a': no, http://***@h/",
    );
  });

  it('hides a password that holds an @ itself', () => {
    expect(maskCredentials('https://bob:a@b@example.org/')).toBe('https://***@example.org/');
  });

  it('leaves the user of ssh', () => {
    expect(maskCredentials('ssh://git@example.org/a')).toBe('ssh://git@example.org/a');
    expect(maskCredentials('ssh://git:pw@example.org/a')).toBe('ssh://***@example.org/a');
  });
});
