import { toJson } from './output';

it('writes out what a terminal would obey, and keeps the value', () => {
  const value = { text: 'a\x1b[2J\x9b1A\u202eb\u2028c\x7f', list: ['\u2066'], at: new Date(0) };
  for (const indent of [undefined, 2]) {
    const text = toJson(value, indent);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    expect(JSON.parse(text)).toEqual({ ...value, at: '1970-01-01T00:00:00.000Z' });
  }
});
