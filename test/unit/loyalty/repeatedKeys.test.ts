// Goal: a key that stands twice in a file is an error by path, never the last one in silence.
// Method: small texts, with brackets and quotes where they mean nothing.
import { expect, it } from 'vitest';
import { parseJson } from '#loyalty/programme/parseProgramme.ts';
import { repeatedKeys } from '#loyalty/programme/repeatedKeys.ts';

it.each([
  ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}', []],
  ['{"a":1,"a":2}', [['a']]],
  ['{"a":[0,{"b":1,"c":[[],{}],"b":2}],"a":3}', [['a', 1, 'b'], ['a']]],
  ['{"a":1,"\\u0061":2}', [['a']]],
  ['["a","a"]', []],
  ['{"a":"b","c":"{\\"a\\":1,\\"a\\":[","d":"\\\\"}', []],
  ['"a"', []],
])('%s', (text, paths) => {
  expect(repeatedKeys(text)).toEqual(paths);
});

it('a file says where', () => {
  expect(parseJson('{"rules":[{"points":1,"points":9}]}')).toEqual({
    ok: false,
    error: [{ path: '$.rules[0].points', message: 'stands twice in this object; write it once' }],
  });
});
