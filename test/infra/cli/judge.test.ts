/** `npm run judge`: the names that it prints are a contract with whoever connects a device. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

function judge(lines: (object | string)[], ...options: string[]) {
  const file = join(mkdtempSync(join(tmpdir(), 'judge-')), 'messages.jsonl');
  writeFileSync(
    file,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );
  const { status, stdout, stderr } = spawnSync('node', ['infra/cli/judge.ts', file, ...options], {
    encoding: 'utf8',
  });
  const printed = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  return { status, printed, stderr };
}

const reading = {
  deviceId: 'bp-001',
  patientId: 'p1',
  measuredAt: '2026-11-24T10:00:00Z',
  systolic: 168,
  diastolic: 95,
};
const arrivedAt = '2026-11-24T10:00:05Z';
const message = (said: object) => ({
  name: 'a message',
  arrivedAt,
  text: JSON.stringify({ ...reading, ...said }),
});

test('each line is one record, and one line out', () => {
  const packed = Buffer.from(`${JSON.stringify(reading)}\n{"deviceId": "bp-001"}`).toString('base64');
  const { status, printed } = judge([
    // As editors of Windows begin a file.
    `\ufeff${JSON.stringify({ name: 'two', base64: packed, arrivedAt, more: 1 })}`,
    '',
    message({ quality: 'demo' }),
  ]);
  expect(status).toBe(0);
  expect(printed).toEqual([
    {
      name: 'two',
      readings: [
        {
          patient: 'p1',
          device: 'bp-001',
          measuredAt: '2026-11-24T10:00:00.000Z',
          systolic: 168,
          diastolic: 95,
          meanArterial: null,
          severity: 'warning',
          readsAs: 'warning',
          level: null,
          quality: 'measured',
          assumed: [],
          ignored: [],
        },
      ],
      refused: [{ reason: 'no pressure: each is absent or negative' }],
      technical: ['unreadable'],
    },
    expect.objectContaining({ name: 'a message', refused: [], technical: ['demoMode'] }),
  ]);
});

test('what was said and not understood is shown, and an arrival has the offset that it has', () => {
  const { printed } = judge([{ ...message({ pulse: 'fast' }), arrivedAt: '2026-11-24T11:00:00+01:00' }]);
  expect(printed[0].readings[0]).toMatchObject({
    ignored: ['pulse'],
    measuredAt: '2026-11-24T10:00:00.000Z',
  });
});

test('the technical faults are those of the consumer, the clock of the device among them', () => {
  const late = { ...message({}), arrivedAt: '2026-11-26T10:00:00Z' };
  const { arrivedAt: _kept, ...kept } = message({ measuredAt: '2020-01-01T00:00:00Z' });
  const { arrivedAt: _ahead, ...ahead } = message({ measuredAt: '2099-01-01T00:00:00Z' });
  expect(judge([message({}), late, ahead, kept]).printed.map(({ technical }) => technical)).toEqual([
    [],
    ['clockOff'],
    ['clockOff'],
    [],
  ]);
});

test('everybody is judged by the policy that is named', () => {
  const levels = (...options: string[]) =>
    judge(
      [message({}), message({ systolic: 185 }), message({ ageYears: 5, systolic: 76, diastolic: 50 })],
      ...options,
    ).printed.map(({ readings: [first] }) => first.level);
  expect(levels()).toEqual([null, 'critical', 'critical']);
  expect(levels('--policy', 'obstetric')).toEqual(['critical', 'critical', 'critical']);
  expect(levels('--policy', 'seed')).toEqual([null, null, null]);
});

describe('what cannot be read ends with 2 and a sentence', () => {
  test.each<[string, (object | string)[], string[], RegExp]>([
    ['no JSON', [message({}), '{'], [], /messages\.jsonl:2: not JSON/],
    ['no message', [{ name: 'a' }], [], /messages\.jsonl:1: neither text nor base64/],
    ['no name', [{ text: '{}' }], [], /messages\.jsonl:1: name/],
    ['no base64', [{ name: 'a', base64: '*' }], [], /messages\.jsonl:1: base64/],
    ['no such policy', [message({})], ['--policy', 'nobody'], /--policy: none has this name/],
    ['two files', [message({})], ['other.jsonl'], /Usage/],
  ])('%s', (_what, lines, options, sentence) => {
    const { status, printed, stderr } = judge(lines, ...options);
    expect([status, printed]).toEqual([2, []]);
    expect(stderr).toMatch(sentence);
  });
});
