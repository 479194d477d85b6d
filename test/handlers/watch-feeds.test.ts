import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Feed, feedExpiry } from '../../handlers/reading/feeds.ts';
import { logger, metrics } from '../../handlers/runtime/logger.ts';
import { handler } from '../../handlers/watch-feeds.ts';
import { LocalAws } from '../local-aws.ts';
import { OPERATIONS } from './alert/function-settings.ts';
import { aRoster } from './on-call/builders.ts';

const noon = Date.parse('2026-11-24T12:00:00.000Z');
const minutesAgo = (minutes: number) => new Date(noon - minutes * 60_000).toISOString();
const roster = aRoster({
  wards: [
    { id: 'ward-001', name: 'Heron' },
    { id: 'ward-002', name: 'Kingfisher', silentAfterMinutes: 240 },
  ],
  devices: [
    { id: 'bp-1', ward: 'ward-001', bed: '1' },
    { id: 'bp-2', ward: 'ward-002', bed: '1' },
  ],
});

let aws: LocalAws;
let counted: [string, number][];

beforeEach(() => {
  counted = [];
  vi.useFakeTimers({ now: noon, toFake: ['Date'] });
  aws = new LocalAws(roster);
  aws.subscribe(OPERATIONS, 'operations@example.org');
  vi.stubEnv('OPERATIONS_TOPIC_ARN', OPERATIONS);
  vi.stubEnv('OPERATIONS_EMAIL', 'operations@example.org');
  vi.stubEnv('WEBHOOK_SECRET_ARN', '');
  vi.stubEnv('WEBHOOK_FORMAT', 'vigil');
  vi.stubEnv('STAGE', 'demo');
  for (const method of ['info', 'error'] as const) vi.spyOn(logger, method).mockImplementation(() => {});
  vi.spyOn(metrics, 'addMetric').mockImplementation(((name: string, _unit: string, value: number) =>
    counted.push([name, value])) as never);
  vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation((() => {}) as never);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const heard = (ward: string, minutes: number) =>
  aws.items.set(`FEED#${ward}`, {
    pk: `FEED#${ward}`,
    kind: 'feed',
    ward,
    heardAt: minutesAgo(minutes),
    expiresAt: feedExpiry(minutesAgo(0)),
  } satisfies Feed);

test('wards that are heard: none is silent, and that is said, since silence of the watcher is bad news', async () => {
  heard('ward-001', 90);
  heard('ward-002', 240);
  expect(await handler()).toEqual({ watched: 2, silent: 0 });
  expect(counted).toEqual([['WardsSilent', 0]]);
  expect(aws.mails).toEqual([]);
  expect(metrics.publishStoredMetrics).toHaveBeenCalledOnce();
});

test('one ward has been silent for longer than its roster allows: the operations are told once, the alarm stays on', async () => {
  heard('ward-001', 91);
  heard('ward-002', 91);
  await handler();
  await handler();
  expect(counted).toEqual([
    ['WardsSilent', 1],
    ['WardsSilent', 1],
  ]);
  expect(aws.mails.map(({ Subject }) => Subject)).toEqual(['Vigil has no readings from ward ward-001']);
  expect(aws.mails[0]?.Message).toContain('- ward-001: last reading Tue 24 Nov 10:29 (Europe/London)');
});

test('it speaks and falls silent again: that is another silence', async () => {
  heard('ward-001', 91);
  heard('ward-002', 1);
  await handler();
  vi.setSystemTime(noon + 300 * 60_000);
  heard('ward-001', -100);
  await handler();
  expect(aws.mails).toHaveLength(2);
});

test('wards never heard since the deployment are silent from the first run on, in one mail', async () => {
  expect(await handler()).toEqual({ watched: 2, silent: 2 });
  expect(aws.mails.map(({ Subject }) => Subject)).toEqual(['Vigil has no readings from 2 wards']);
  expect(aws.mails[0]?.Message).toContain('- ward-002: no reading yet');
  await handler();
  expect(aws.mails).toHaveLength(1);
});

test('a mail that is refused is sent by the next run, and the count is not held up', async () => {
  aws.before = (call) => (call.startsWith('Publish') ? new Error('SNS is down') : undefined);
  await handler();
  expect(counted).toEqual([
    ['WardsSilent', 2],
    ['OperationsNotTold', 1],
  ]);
  aws.before = () => undefined;
  await handler();
  expect(aws.mails).toHaveLength(1);
});

test('a mark that is lost tells twice', async () => {
  aws.before = (call) => (call.startsWith('Update FEED#') ? new Error('no answer') : undefined);
  await handler();
  aws.before = () => undefined;
  await handler();
  await handler();
  expect(aws.mails).toHaveLength(2);
});

test('what cannot be read is no silence and no sound: the run fails', async () => {
  aws.before = (call) => (call === 'Get FEED#ward-002' ? new Error('no answer') : undefined);
  await expect(handler()).rejects.toThrow('no answer');
  expect(counted).toEqual([]);
});

test.each([
  ['is no time', 17],
  ['no reading can have come at yet', minutesAgo(-1441)],
])(
  'a feed last heard at what %s is told as a silence, once, and the consumer can write it anew',
  async (_what, heardAt) => {
    heard('ward-001', 5);
    heard('ward-002', 5);
    aws.items.set('FEED#ward-001', { ...aws.items.get('FEED#ward-001'), heardAt });
    expect(await handler()).toEqual({ watched: 2, silent: 1 });
    await handler();
    expect(aws.mails).toHaveLength(1);
    expect(aws.items.get('FEED#ward-001')).not.toHaveProperty('heardAt');
    expect(aws.items.get('FEED#ward-002')).not.toHaveProperty('toldAt');
  },
);

test.each([
  ['when it was told', { toldAt: 17 }],
  ['when it was told: in a year', { toldAt: minutesAgo(-365 * 1440) }],
  ['its kind', { kind: 'ward' }],
  ['its ward', { ward: 7 }],
  ['when it expires', { expiresAt: 'soon' }],
])(
  'a ward that is heard is no silence when its feed does not say %s: only that begins anew',
  async (_what, broken) => {
    heard('ward-001', 5);
    heard('ward-002', 5);
    const sound = aws.items.get('FEED#ward-001');
    aws.items.set('FEED#ward-001', { ...sound, ...broken });
    expect(await handler()).toEqual({ watched: 2, silent: 0 });
    expect(aws.items.get('FEED#ward-001')).toEqual(sound);
  },
);

describe('a device that says how often it measures', () => {
  const claims = () => aws.items.values().filter(({ kind }) => kind === 'claim');
  const heardDevice = (id: string, minutes: number) => {
    const contact = { from: minutesAgo(minutes), to: minutesAgo(minutes), leastDelayMs: 0, mostDelayMs: 0 };
    const item = { pk: `CONTACTS#${id}`, kind: 'contacts', deviceId: id, version: 1, heard: [contact] };
    aws.items.set(item.pk, item);
  };
  const watch = (device: object = {}, ward: object = {}) => {
    aws.roster = aRoster({
      wards: [{ id: 'ward-001', name: 'Heron', ...ward }],
      devices: [{ id: 'bp-1', ward: 'ward-001', bed: '1', ...device }],
    });
  };
  beforeEach(() => {
    heard('ward-001', 1);
    vi.spyOn(logger, 'warn').mockImplementation(() => {});
  });

  test.each([
    ['three measurements are missed', { measuresEveryMinutes: 10 }, {}, 1],
    ['its ward says how often', {}, { measuresEveryMinutes: 10 }, 1],
    ['it measures more seldom than its ward', { measuresEveryMinutes: 11 }, { measuresEveryMinutes: 10 }, 0],
    ['on standby', { measuresEveryMinutes: 10, standby: true }, {}, 0],
    ['nobody says how often', {}, {}, 0],
  ])('%s', async (_what, device, ward, count) => {
    watch(device, ward);
    heardDevice('bp-1', 33);
    await handler();
    expect(claims()).toHaveLength(count);
  });

  test('not before half an hour and what the table may be behind, and not where it was never heard: its ward tells of that', async () => {
    watch({ measuresEveryMinutes: 10 });
    await handler();
    heardDevice('bp-1', 32);
    await handler();
    expect(claims()).toEqual([]);
  });

  test('is raised once, and once more a day later', async () => {
    watch({ measuresEveryMinutes: 10 });
    heardDevice('bp-1', 33);
    await handler();
    vi.setSystemTime(noon + 300_000);
    await handler();
    expect(claims()).toMatchObject([{ alertKey: 'DEVICE#bp-1#silent', level: 'technical' }]);
    expect([...aws.executions.values()]).toMatchObject([{ alertKey: 'DEVICE#bp-1#silent' }]);
    expect(aws.items.get('CONTACTS#bp-1')?.heard).toMatchObject([{}]);
    expect(aws.items.get('CONTACTS#bp-1')?.faults).toEqual({ silent: { since: minutesAgo(0) } });
    vi.setSystemTime(noon + 86_400_001);
    await handler();
    expect(claims()).toHaveLength(2);
  });

  test('is raised again when its silence had ended and it is still not heard: that is another alert', async () => {
    watch({ measuresEveryMinutes: 10 });
    heardDevice('bp-1', 33);
    await handler();
    const contacts = aws.items.get('CONTACTS#bp-1');
    const silent = { since: minutesAgo(0), endedAt: minutesAgo(-1) };
    aws.items.set('CONTACTS#bp-1', { ...contacts, faults: { silent } });
    vi.setSystemTime(noon + 300_000);
    await handler();
    expect(new Set(claims().map(({ executionName }) => executionName)).size).toBe(2);
  });

  test('whose silence cannot be raised: the run fails, and the next one does it', async () => {
    watch({ measuresEveryMinutes: 10 });
    heardDevice('bp-1', 33);
    aws.before = (call) => (call.startsWith('Put READING#') ? new Error('no answer') : undefined);
    await expect(handler()).rejects.toThrow();
    expect(counted).toContainEqual(['WardsSilent', 0]);
    aws.before = () => undefined;
    await handler();
    expect(claims()).toHaveLength(1);
  });
});

test('what was told is told no second time when another field of its feed breaks', async () => {
  heard('ward-001', 91);
  heard('ward-002', 5);
  await handler();
  aws.items.set('FEED#ward-001', { ...aws.items.get('FEED#ward-001'), expiresAt: 'soon' });
  await handler();
  expect(aws.mails).toHaveLength(1);
});

test.each([
  ['does not parse', { heardAt: 17 }],
  ['was not there', undefined],
])('a ward whose feed %s is heard meanwhile: that stays, and counts', async (_what, broken) => {
  heard('ward-002', 5);
  if (broken) aws.items.set('FEED#ward-001', broken);
  aws.before = (made) => {
    if (made === 'Update FEED#ward-001') heard('ward-001', 0);
    return undefined;
  };
  expect(await handler()).toEqual({ watched: 2, silent: broken ? 0 : 1 });
  expect(aws.items.get('FEED#ward-001').heardAt).toBe(minutesAgo(0));
  aws.before = () => undefined;
  expect(await handler()).toEqual({ watched: 2, silent: 0 });
});
