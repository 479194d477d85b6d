/** Nights in which a device's clock is off, or its connection: what is live reaches a person, whatever time it states. */
import { afterEach, expect, test } from 'vitest';
import { asOperator } from '../../infra/local/account/account.ts';
import { acceptAfter, aWard, record, type Ward } from './ward.ts';

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

const at = (ms: number) => new Date(ms).toISOString();

/** Sends a reading now, under the time that its device states; gives when that was. */
async function send(it: Ward, measuredAt: string, [systolic, diastolic]: readonly [number, number]) {
  const now = it.vigil.clock.now();
  await it.put(record(it, measuredAt, systolic, diastolic));
  return now;
}

const claims = (it: Ward) =>
  it.items().filter(({ kind, level }) => kind === 'claim' && level !== 'technical');
const counted = (it: Ward, metric: string) =>
  it.logs().filter((line) => line.includes(`"${metric}":`)).length;

/** The report, and its headline; what was mailed says the same. */
async function reported(it: Ward) {
  const { summary, html, page } = await it.reported();
  return { summary, headline: /<h1 class="(good|bad)">(.*?)<\/h1>/.exec(html)?.slice(1), page };
}

test('the hour after the clocks change, with a device that keeps winter time: each live emergency is raised, the first page within seconds', async () => {
  ward = await aWard({ startAt: '2026-03-29T00:30:00.000Z' });
  const { clock } = ward.vigil;
  const timeline = [
    ['00:50', '2026-03-29T00:50:00+00:00', [124, 78]],
    ['01:05', '2026-03-29T01:05:00+01:00', [232, 133]],
    ['01:20', '2026-03-29T01:20:00+01:00', [236, 134]],
    ['01:35', '2026-03-29T01:35:00+01:00', [240, 136]],
    ['01:48', '2026-03-29T01:48:00+01:00', [62, 40]],
  ] as const;
  for (const [putAt, measuredAt, pressures] of timeline) {
    await clock.run(Date.parse(`2026-03-29T${putAt}:00.000Z`));
    const sentAt = await send(ward, measuredAt, pressures);
    if (putAt !== '01:05') continue;
    await ward.seconds(3);
    expect(ward.pages().length).toBeGreaterThan(0);
    expect(ward.alert().alarmedAt > at(sentAt - 1)).toBe(true);
  }
  await ward.seconds(600);
  // Its own time is not believed: each counts as measured when it arrived.
  expect(claims(ward).map(({ status, measuredAt, arrivedAt }) => [status, measuredAt === arrivedAt])).toEqual(
    Array.from({ length: 4 }, () => ['fulfilled', true]),
  );
  expect(counted(ward, 'DeviceClockOff')).toBe(4);
  const { summary, headline, page } = await reported(ward);
  expect(summary).toMatchObject({
    emergency: 4,
    alertsOpened: 1,
    readingsJoined: 3,
    superseded: 0,
    clocksOff: 1,
    lost: 0,
    reconciled: true,
  });
  expect(headline).toEqual([
    'bad',
    'Not everything is known: a device has a wrong clock. An alert went unanswered.',
  ]);
  const { id, ward: wardId, bed } = ward.device;
  expect(page).toContain(`Delay of the last reading ${id} ${wardId} ${bed} 4 60 min 0 s`);
});

test('a clock that fell back to 2000: each of six live readings is raised', async () => {
  ward = await aWard();
  await send(ward, at(ward.vigil.clock.now()), [124, 78]);
  for (const [index, pressures] of (
    [
      [232, 133],
      [62, 40],
    ] as const
  )
    .flatMap((both) => [both, both, both])
    .entries()) {
    await ward.seconds(600);
    const pagesBefore = ward.pages().length;
    await send(ward, `2000-01-01T00:${String(index).padStart(2, '0')}:30Z`, pressures);
    await ward.seconds(5);
    if (index === 0) expect(ward.pages().length).toBeGreaterThan(pagesBefore);
  }
  expect(claims(ward).map(({ status, executionName }) => [status, /-20260303T/.test(executionName)])).toEqual(
    Array.from({ length: 6 }, () => ['fulfilled', true]),
  );
  await ward.seconds(60);
  const { summary, headline } = await reported(ward);
  expect(summary).toMatchObject({ emergency: 6, superseded: 0, lost: 0, reconciled: true, clocksOff: 1 });
  expect(headline?.[0]).toBe('bad');
});

test.each([
  ['an hour behind, a cuff each hour', 3600, 3600],
  ['twelve minutes behind, a cuff each quarter of an hour', 720, 900],
])(
  'a clock that fell %s: the device is told of from the second reading on, and named',
  async (_how, behind, pause) => {
    ward = await aWard();
    for (let count = 0; count < 5; count++) {
      await send(ward, at(ward.vigil.clock.now() - (count < 2 ? 0 : behind * 1000)), [124, 78]);
      await ward.seconds(pause);
      expect(counted(ward, 'DeviceClockOff')).toBe(Math.max(0, count - 2));
    }
    const { summary, headline, page } = await reported(ward);
    expect(summary).toMatchObject({ clocksOff: 1, superseded: 0 });
    expect(headline?.[1]).toContain('a device has a wrong clock');
    expect(page).toContain(`Delay of the last reading ${ward.device.id} `);
  },
);

test.each([
  ['an hour ahead', 3_600_000],
  ['an hour behind', -3_600_000],
])('a clock %s: its good readings do not end an alert, those of a right one do', async (_how, offMs) => {
  ward = await aWard({ habits: acceptAfter(20) });
  const { clock } = ward.vigil;
  const stated = () => at(clock.now() + offMs);
  await send(ward, at(clock.now()), [124, 78]);
  await ward.seconds(600);
  await send(ward, stated(), [188, 112]);
  await ward.seconds(120);
  expect(ward.alert()).toMatchObject({ standing: { is: 'owned', owner: { round: 1 } } });
  await send(ward, stated(), [120, 70]);
  await ward.seconds(1000);
  expect(ward.openAlert()).toMatchObject({ round: { number: 2 } });
  await send(ward, at(clock.now()), [120, 70]);
  await ward.seconds(1000);
  expect(ward.alert()).toMatchObject({ standing: { is: 'closed', reason: 'recovered' } });
});

test('a clock that is off and still alarms after acceptance: the recheck says so', async () => {
  ward = await aWard({ habits: acceptAfter(20) });
  const { clock } = ward.vigil;
  await send(ward, at(clock.now()), [188, 112]);
  await ward.seconds(300);
  await send(ward, '2000-01-01T00:01:00Z', [186, 110]);
  await ward.seconds(700);
  expect(ward.openAlert()).toMatchObject({ round: { number: 2, asking: 'recheck' } });
});

test('a device that was never heard, twelve minutes behind: a live emergency after acceptance is still critical', async () => {
  ward = await aWard({ habits: acceptAfter(20) });
  const { clock } = ward.vigil;
  await send(ward, at(clock.now()), [232, 133]);
  await ward.seconds(60);
  expect(ward.alert()).toMatchObject({ standing: { is: 'owned' } });
  const { patientId } = ward.device;
  const behind = { deviceId: 'bp-002', patientId, measuredAt: at(clock.now() - 720_000) };
  await ward.put(JSON.stringify({ ...behind, systolic: 234, diastolic: 134 }));
  await ward.seconds(300);
  expect(ward.alert()).toMatchObject({ round: { number: 2, asking: 'recheck' } });
});

/** A device without a connection for an hour delivers what it kept together with its present measurement. */
async function flush(it: Ward, order: 'oldest first' | 'newest first'): Promise<void> {
  const { clock, outputs } = it.vigil;
  const now = clock.now();
  const kept = [
    [now - 2_400_000, 232, 133],
    [now - 1_200_000, 84, 50],
    [now, 124, 78],
  ] as const;
  const records = order === 'oldest first' ? kept : kept.toReversed();
  await asOperator(it.vigil, 'kinesis', 'PutRecords', {
    StreamName: outputs.StreamName,
    Records: records.map(([measuredAt, systolic, diastolic]) => ({
      PartitionKey: it.device.id,
      Data: Buffer.from(record(it, at(measuredAt), systolic, diastolic)),
    })),
  });
}

test.each(['oldest first', 'newest first'] as const)(
  'a batch that was held back, %s: what the present measurement has overtaken is set aside, and stands in the report with its worst',
  async (order) => {
    ward = await aWard();
    await send(ward, at(ward.vigil.clock.now()), [126, 80]);
    await ward.seconds(3600);
    await flush(ward, order);
    await ward.seconds(60);
    expect(ward.pages()).toEqual([]);
    expect(claims(ward).map(({ status }) => status)).toEqual(['superseded', 'superseded']);
    expect(counted(ward, 'ReadingsSetAside')).toBeGreaterThan(0);
    const { summary, headline, page } = await reported(ward);
    expect(summary).toMatchObject({
      superseded: 2,
      supersededWorst: 'emergency',
      clocksOff: 0,
      alertsOpened: 0,
      lost: 0,
      reconciled: true,
    });
    expect(headline).toEqual([
      'bad',
      'Not everything is known: 2 late readings were set aside. Every alert was answered.',
    ]);
    expect(page).toContain(
      'Tell their wards of 2 late readings that were set aside, the worst of them: emergency.',
    );
    expect(page).toContain('Late readings set aside 2, worst: emergency');
  },
);

test.each(['oldest first', 'newest first'] as const)(
  'a cuff that was put on the next patient, of a monitor that names nobody, %s: the one before is not set aside',
  async (order) => {
    ward = await aWard();
    const { clock } = ward.vigil;
    const said = [
      { measuredAt: at(clock.now() - 600_000), systolic: 62, diastolic: 40 },
      { measuredAt: at(clock.now() - 2000), systolic: 118, diastolic: 76 },
    ].map((one) => ({ deviceId: ward?.device.id, ...one }));
    await ward.put(JSON.stringify(order === 'oldest first' ? said : said.toReversed()));
    await ward.seconds(60);
    expect(claims(ward).map(({ status, level }) => [status, level])).toEqual([['fulfilled', 'emergency']]);
    expect(ward.pages().length).toBeGreaterThan(0);
  },
);
