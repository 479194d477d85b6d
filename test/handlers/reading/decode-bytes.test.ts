/** How bytes of the stream become texts, and texts values. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textsOf } from '../../../handlers/reading/decode-bytes.ts';
import { jsonOf, Repeated, valuesIn } from '../../../handlers/reading/json-text.ts';

const told = (bytes: Uint8Array) => textsOf(bytes).map((it) => ('text' in it ? it.text : it.reason));

describe('a record that the Kinesis Producer Library aggregated', () => {
  /** Two records, "a" and "bc"; a partition key, an explicit hash key and a tag, which are skipped. */
  const content = Buffer.from(
    '0a026b31120130' + '1a05' + '08001a0161' + '1a0a' + '080010001a026263' + '2200',
    'hex',
  );
  const packed = (message: Uint8Array, digest = createHash('md5').update(message).digest()) =>
    Buffer.concat([Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2), message, digest]);

  test('is each of its records', () => {
    expect(told(packed(content))).toEqual(['a', 'bc']);
    expect(told(gzipSync(packed(content)))).toEqual(['a', 'bc']);
  });

  test.each([
    ['a wrong checksum', packed(content, Buffer.alloc(16))],
    ['a length beyond its end', packed(Buffer.from('1a7f08', 'hex'))],
    ['a tag beyond its end', packed(Buffer.from('ff', 'hex'))],
    ['a kind of field that nobody uses', packed(Buffer.from('1b', 'hex'))],
    ['a record without data', packed(Buffer.from('1a020800', 'hex'))],
  ])('with %s is damaged', (_what, bytes) => {
    expect(told(bytes)).toEqual(['record: aggregated, and damaged']);
  });

  test('without records says so', () => {
    expect(told(packed(Buffer.from('0a026b31', 'hex')))).toEqual(['record: aggregated, and empty']);
  });
});

test('what is packed too often or is damaged or far too large is told, with its bytes', () => {
  let often: Uint8Array = Buffer.from('{}');
  for (let layer = 0; layer < 5; layer++) often = gzipSync(often);
  const damaged = gzipSync('{}').subarray(0, 12);
  const bomb = gzipSync(Buffer.alloc(33 * 1024 * 1024));
  expect(textsOf(often)).toEqual([{ reason: 'record: packed more often than anybody does', bytes: often }]);
  for (const bytes of [damaged, bomb])
    expect(textsOf(bytes)).toEqual([{ reason: 'record: compressed, and damaged or too large', bytes }]);
});

test('what is no character is lost, and that is said', () => {
  expect(textsOf(Buffer.from('{"a": "M\u00fcller"}', 'latin1'))).toMatchObject([{ isLossy: true }]);
  expect(textsOf(Buffer.from('{"a": "M\u00fcller"}'))).toMatchObject([{ isLossy: false }]);
});

const parsed = (text: string) => valuesIn(text).map((it) => ('value' in it ? it.value : it));

describe('a text of JSON', () => {
  test('that JSON.parse reads is read alike', () => {
    const plain = fc.jsonValue({ noUnicodeString: false });
    fc.assert(
      fc.property(plain, fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const isExact = !/\d{16}/.test(text);
        if (isExact) expect(jsonOf(parsed(text))).toBe(jsonOf([JSON.parse(text)]));
      }),
      { seed: 5, numRuns: 2000 },
    );
  });

  test.each<[string, unknown[]]>([
    ['{"a":1}{"a":2}', [{ a: 1 }, { a: 2 }]],
    ['{"a":1}\n\n[2]\r\n"3" 4', [{ a: 1 }, [2], '3', 4]],
    ['\u001e{"a":1}\n\u001e{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    ['{"a":1},\n{"a":2},', [{ a: 1 }, { a: 2 }]],
    ["{'a': True, 'b': None, c: [1, 2,],}\0\0", [{ a: true, b: null, c: [1, 2] }]],
    ['[NaN, Infinity, -Infinity, nan]', [[Number.NaN, Infinity, -Infinity, Number.NaN]]],
    ['[9007199254740991, 9007199254740993, -1, 007]', [[9007199254740991, 9007199254740993n, -1, '007']]],
    ['["\\u00e9\\n\\"\\/\\\\", "a\nb"]', [['\u00e9\n"/\\', 'a\nb']]],
    ['{"a":1,"a":1,"b":1,"b":2}', [{ a: 1, b: new Repeated([1, 2]) }]],
    ['{"__proto__": 1, "constructor": 2}', [JSON.parse('{"__proto__": 1, "constructor": 2}')]],
    ['', []],
  ])('%j', (text, values) => {
    expect(parsed(text).map((value) => Object.entries(Object(value)))).toEqual(
      values.map((value) => Object.entries(Object(value))),
    );
  });

  test.each([
    ['{"a"', [{ notJson: '{"a"' }]],
    ['nothing', [{ notJson: 'nothing' }]],
    ['{"a":1} {"b', [{ a: 1 }, { notJson: '{"b' }]],
    ['["\\u12"]', [{ notJson: '["\\u12"]' }]],
    ['{"a":\n{"b":1}', [{ notJson: '{"a":' }, { b: 1 }]],
    ['['.repeat(65), [{ notJson: '['.repeat(65) }]],
  ])('%j is none, up to the next line that begins one', (text, values) => {
    expect(parsed(text).map((value) => jsonOf(value))).toEqual(values.map((value) => jsonOf(value)));
  });
});
