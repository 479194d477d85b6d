import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handler } from '../../handlers/render-report.ts';
import { logger } from '../../handlers/runtime/logger.ts';
import { LocalAws } from '../local-aws.ts';
import { textOf } from './answering/browser.ts';
import { aRoster } from './on-call/builders.ts';
import { aSummaryRow, checkRows, window } from './reporting/builders.ts';
import { addQueryResults } from './reporting/query-results.ts';

let aws: LocalAws;
let results: ReturnType<typeof addQueryResults>;
beforeEach(() => {
  vi.stubEnv('ANSWER_URL', 'https://vigil.example');
  vi.spyOn(logger, 'info').mockReturnValue();
  aws = new LocalAws(aRoster());
  results = addQueryResults(aws);
  for (const query of Object.values(queries)) results.set(query, []);
  results.set('q-summary', [aSummaryRow()]);
  results.set('q-reconciliation', checkRows());
  results.set('q-heard', [{ device_id: 'bp-001' }]);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const queries = {
  summary: 'q-summary',
  reconciliation: 'q-reconciliation',
  alerts: 'q-alerts',
  answers_by_ward: 'q-answers',
  attention: 'q-attention',
  clocks: 'q-clocks',
  histories: 'q-histories',
  suspect: 'q-suspect',
  silence: 'q-silence',
  abnormal_readings: 'q-abnormal',
  devices_heard: 'q-heard',
  technical: 'q-technical',
  drills: 'q-drills',
};

const stored = (ending: string) => [...aws.objects].find(([key]) => key.endsWith(ending)) ?? [];

test('stores the report and its summary under one random id, and gives the mail with the link to it', async () => {
  const { reconciled, summaryKey, mail, gaps } = await handler({ window, queries });
  const [htmlKey, page] = stored('.html');
  expect(htmlKey).toMatch(/^reports\/[0-9a-f]{32}\.html$/);
  expect(aws.done.find(({ input }) => input.Key === htmlKey)?.input.ContentType).toBe('text/html');
  expect(summaryKey).toBe(htmlKey?.replace('.html', '.json'));
  expect(JSON.parse(stored('.json')[1] ?? '')).toMatchObject({
    archived: 1865,
    reconciled: true,
    gaps: [],
  });
  expect(mail.message).toContain(`https://vigil.example/report/${htmlKey?.slice(8, 40)}`);
  expect([reconciled, gaps]).toEqual([true, '']);
  expect(textOf(page ?? '')).toContain('Nothing was lost, and every alert was answered.');
});

test('reads all pages of the results, into the tables they belong to', async () => {
  const place = { ward: 'ward-001', bed: '4' };
  results.set(
    'q-silence',
    [1, 2, 3, 4].map((n) => ({
      device_id: `bp-${n}`,
      ...place,
      last_arrived_at: '2026-03-02 20:00:00.000',
      readings: '9',
    })),
  );
  await handler({ window, queries });
  const text = textOf(stored('.html')[1] ?? '');
  expect(text).toContain(
    'Devices that fell silent Device Ward Bed Last reading at Readings bp-1 ward-001 4 2 Mar 20:00 9 bp-2',
  );
  expect(text).toContain('bp-4');
});

const silentDevices = (...ids: string[]) =>
  ids.map((device_id) => ({
    device_id,
    ward: 'ward-001',
    bed: '4',
    last_arrived_at: '2026-03-02 20:00:00.000',
    readings: '9',
  }));

test('a device that the registry has on standby did not fall silent', async () => {
  results.set('q-silence', silentDevices('bp-worn', 'bp-in-the-drawer', 'bp-unknown'));
  aws.roster = aRoster({
    devices: [
      { id: 'bp-worn', ward: 'ward-001', bed: '4' },
      { id: 'bp-in-the-drawer', ward: 'ward-001', bed: '4', standby: true },
    ],
  });
  results.set('q-heard', [{ device_id: 'bp-worn' }]);
  await handler({ window, queries });
  const text = textOf(stored('.html')[1] ?? '');
  expect(text).toContain('bp-worn');
  expect(text).toContain('bp-unknown');
  expect(text).not.toContain('bp-in-the-drawer');
});

test('a ward that no readings came from all night is no green night', async () => {
  const ward = (id: string) => ({ id, name: id });
  aws.roster = aRoster({
    wards: ['ward-001', 'ward-002', 'ward-003', 'ward-004'].map(ward),
    devices: [
      ...aRoster().devices,
      { id: 'bp-002', ward: 'ward-002', bed: '1' },
      { id: 'bp-003', ward: 'ward-003', bed: '1', standby: true },
    ],
  });
  await handler({ window, queries });
  const text = textOf(stored('.html')[1] ?? '');
  expect(text).toContain('Not everything is known: no readings came from ward ward-002.');
  expect(text).toContain('Telephone ward ward-002: no readings came all night.');
  expect(JSON.parse(stored('.json')[1] ?? '')).toMatchObject({ silentWards: ['ward-002'] });
});

test('what a mapping gave up within the night is said, of other nights it is not', async () => {
  for (const at of ['2026-03-02T05:59:59Z', '2026-03-02T06:00:00Z', '2026-03-03T05:59:59Z', window.to]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(at) });
    aws.store(`aws/lambda/mapping/shard/${at}`, '{}');
  }
  await handler({ window, queries });
  expect(textOf(stored('.html')[1] ?? '')).toContain(
    'Not everything is known: 2 batches of records were given up on.',
  );
});

test('a roster that cannot be read holds no report up', async () => {
  const error = vi.spyOn(logger, 'error').mockReturnValue();
  results.set('q-silence', silentDevices('bp-1'));
  aws.before = (call) => (call.startsWith('GetObject') ? new Error('S3 is down') : undefined);
  expect((await handler({ window, queries })).reconciled).toBe(true);
  const text = textOf(stored('.html')[1] ?? '');
  expect(text).toContain('bp-1');
  // What was not compared is not said to be the same.
  expect(text).toContain(
    'What to do Tell operations: the roster could not be read, so its clocks were not compared with those of this report (Europe/London).',
  );
  expect(error.mock.calls).toEqual([
    ['roster-not-renewed', { error: 'Error' }],
    ['standby-not-known', { error: 'Error' }],
  ]);
});

test('a roster on other clocks than the stage is something to do; the same clocks are not', async () => {
  aws.roster = aRoster({ zone: 'Europe/Zurich' });
  await handler({ window, queries });
  expect(textOf(stored('.html')[1] ?? '')).toContain(
    'What to do Tell operations: the roster is on the clocks of Europe/Zurich, this report on those of Europe/London.',
  );
  aws.done.length = 0;
  aws.roster = aRoster();
  await handler({ window, queries });
  expect(textOf(stored('.html')[1] ?? '')).toContain('What to do Nothing.');
});

test('gaps go to the workflow in words, without ids', async () => {
  results.set('q-reconciliation', checkRows({ needsPaged: 2, eventNumbersComplete: 1 }));
  const { reconciled, gaps } = await handler({ window, queries });
  expect(reconciled).toBe(false);
  expect(gaps).toBe(
    'needs for an answer that nobody was mailed about: 2\npatients of whom events are missing: 1',
  );
});

test('a proof without rows is an error, and no report', async () => {
  results.set('q-reconciliation', []);
  await expect(handler({ window, queries })).rejects.toThrow('did not check');
  expect(aws.objects.size).toBe(0);
});

test('the log says whether it is reconciled, and nothing of whom', async () => {
  await handler({ window, queries });
  expect(vi.mocked(logger.info).mock.calls).toEqual([['report-stored', { reconciled: true, gaps: 0 }]]);
});

test.each([
  [
    'an input without a query',
    () => handler({ window, queries: { ...queries, silence: undefined } }),
    'queries.silence',
  ],
  ['a figure that is none', withRow('q-summary', { archived: 'many' }), '0.archived'],
  [
    'a check that is none of ours',
    withRow('q-reconciliation', { check_name: 'all is well' }),
    '0.check_name',
  ],
])(
  '%s is an error that comes again each time, and says what of it is wrong',
  async (_what, renders, where) => {
    await expect(renders()).rejects.toThrow(
      expect.objectContaining({ name: 'Malformed', message: expect.stringContaining(where) }),
    );
  },
);

test.each([
  ['q-silence', 'readings', undefined],
  ['q-silence', 'last_arrived_at', 'yesterday'],
  ['q-heard', 'device_id', null],
])('a row of %s whose %s is %s is an error that names the column', async (query, column, value) => {
  const row = Object.entries({ ...silentDevices('bp-1')[0], [column]: value });
  results.set(query, [Object.fromEntries(row.filter(([, cell]) => cell !== undefined)) as never]);
  await expect(handler({ window, queries })).rejects.toThrow(
    expect.objectContaining({ name: 'Malformed', message: expect.stringContaining(`0.${column}`) }),
  );
});

test('a check that was not made is an error that comes again each time', async () => {
  results.set('q-reconciliation', checkRows().slice(1));
  await expect(handler({ window, queries })).rejects.toThrow(expect.objectContaining({ name: 'Malformed' }));
});

/** Renders when the first row of a query's result says something else. */
function withRow(query: string, said: Record<string, string>) {
  return () => {
    const [first, ...others] = results.get(query) ?? [];
    results.set(query, [{ ...first, ...said }, ...others]);
    return handler({ window, queries });
  };
}
