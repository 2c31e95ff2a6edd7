import { parseAllowList } from './allow-list';

describe('the list of hosts that agents may reach', () => {
  const list = parseAllowList(
    'api.anthropic.com, *.example.com registry.test:8443,10.1.2.3:80,[fd00::1]:443',
  );

  it.each([
    ['api.anthropic.com', 443],
    ['API.Anthropic.com', 443],
    ['api.anthropic.com.', 443],
    ['a.example.com', 443],
    ['a.b.example.com', 443],
    ['registry.test', 8443],
  ])('has %s:%s', (host, port) => {
    expect(list.find(host, port)).toEqual({ privateToo: false });
  });

  it.each([
    ['api.anthropic.com', 80],
    ['example.com', 443],
    ['badexample.com', 443],
    ['a.example.com.evil.test', 443],
    ['registry.test', 443],
    ['10.1.2.4', 80],
    ['', 443],
  ])('has not %s:%s', (host, port) => {
    expect(list.find(host, port)).toBeUndefined();
  });

  it('takes an address that a person has written as meant, private or not', () => {
    expect(list.find('10.1.2.3', 80)).toEqual({ privateToo: true });
    expect(list.find('[fd00::1]', 443)).toEqual({ privateToo: true });
  });

  it('is empty where nothing is said, and refuses what it cannot read, all at once', () => {
    expect(parseAllowList('').find('api.anthropic.com', 443)).toBeUndefined();
    expect(() => parseAllowList('ok.test https://a.test *')).toThrow(/https:\/\/a\.test, \*/);
    expect(() => parseAllowList('a.test:0')).toThrow(/a\.test:0/);
    expect(() => parseAllowList('a.test:65536')).toThrow(/a\.test:65536/);
  });
});
