/** Nights in which something could not be read or placed: no page can be made of it, and no report is green over it. */
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { aWard, type Ward } from './ward.ts';

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

const counted = (it: Ward, metric: string) =>
  it.logs().filter((line) => line.includes(`"${metric}":`)).length;

/** An emergency, plain to whoever reads it. */
const emergency = (it: Ward, said: object = {}) => ({
  deviceId: it.device.id,
  patientId: it.device.patientId,
  measuredAt: new Date(it.vigil.clock.now()).toISOString(),
  systolic: 232,
  diastolic: 133,
  ...said,
});

test('seven unreadable emergencies: each counted for its alarm within the minute, and the report says that they could not be read', async () => {
  ward = await aWard();
  await ward.measure(124, 78);
  const plain = JSON.stringify(emergency(ward));
  const unreadable = [
    gzipSync(plain).toString('latin1'),
    plain.slice(0, -3),
    plain.replaceAll('"', ''),
    '<reading device="bp-001" sys="232" dia="133"/>',
    'bp-001,p-1,232,133',
    JSON.stringify({ systolic: 232, diastolic: 133 }),
    JSON.stringify({ resourceType: 'Patient', id: 'p-1' }),
  ];
  for (const data of unreadable) await ward.put(data);
  await ward.seconds(60);
  expect(ward.pages()).toEqual([]);
  expect(ward.logs().filter((line) => line.includes('reading-quarantined'))).toHaveLength(7);
  expect(counted(ward, 'ReadingsQuarantined')).toBeGreaterThan(0);
  await ward.seconds(120);
  const { summary, html, page } = await ward.reported();
  expect(summary).toMatchObject({ quarantined: 7, archived: 1, reconciled: true });
  expect(html).toContain(
    '<h1 class="bad">Not everything is known: 7 records could not be read. Every alert was answered.</h1>',
  );
  expect(page).toContain('Look at 7 records that could not be read.');
  expect(page).not.toContain('Nothing was lost');
});

test('what a person could read pages, however it is called, written and wrapped', async () => {
  ward = await aWard();
  const { systolic, diastolic, ...bare } = emergency(ward);
  const forms = [
    JSON.stringify(JSON.stringify(emergency(ward))),
    { state: { reported: emergency(ward, { systolic: '233' }) } },
    emergency(ward, { measuredAt: '2026-03-03T01:00:00' }),
    { ...bare, Systolic: systolic, Diastolic: diastolic },
    { ...bare, bp: `${systolic}/${diastolic} mmHg` },
    { ...bare, measuredAt: undefined, nibp: { sys: systolic, dia: diastolic } },
  ];
  for (const [index, form] of forms.entries()) {
    const text = typeof form === 'string' ? form : JSON.stringify(form);
    await ward.put(text.replaceAll(String(ward.device.patientId), `p-${index}`));
  }
  await ward.seconds(60);
  expect(ward.alerts()).toHaveLength(forms.length);
  expect(ward.logs().filter((line) => /reading-(?:quarantined|refused)/.test(line))).toEqual([]);
});

test('pressures under names of nobody: refused, counted, and not archived in silence', async () => {
  ward = await aWard();
  await ward.measure(124, 78);
  const { systolic, diastolic, ...bare } = emergency(ward);
  for (const pressures of [
    { p1: systolic, p2: diastolic },
    { high: systolic, low: diastolic },
    { values: [systolic, diastolic] },
    { bp: { p1: systolic, p2: diastolic } },
    // One of them, or a mean, under a name that is known.
    { p1: systolic, p2: diastolic, meanArterial: 166 },
    { p1: 62, diastolic: 40 },
  ])
    await ward.put(JSON.stringify({ ...bare, ...pressures }));
  await ward.seconds(180);
  expect(ward.logs().filter((line) => line.includes('reading-refused'))).toHaveLength(6);
  expect(counted(ward, 'ReadingsRefused')).toBeGreaterThan(0);
  const { summary, page } = await ward.reported();
  expect(summary).toMatchObject({ quarantined: 6, archived: 1, suspect: 0 });
  expect(page).toContain('Not everything is known: 6 records could not be read.');
});

test('a mean of shock that comes alone is a suspect reading that pages', async () => {
  ward = await aWard();
  const { systolic: _systolic, diastolic: _diastolic, ...bare } = emergency(ward);
  await ward.put(JSON.stringify({ ...bare, meanArterial: 45 }));
  await ward.seconds(10);
  expect(ward.pages().map(({ subject }) => subject.replace(/ - .*/, ''))).toEqual(['CHECK PATIENT AND CUFF']);
});

test('two patients whose ids JavaScript cannot tell apart as numbers do not share an alert', async () => {
  ward = await aWard();
  const other = 'bp-002';
  for (const [deviceId, patientId] of [
    [ward.device.id, '1234567890123456789'],
    [other, '1234567890123456788'],
  ])
    await ward.put(
      JSON.stringify(emergency(ward, { deviceId, patientId: 'number' })).replace(
        '"number"',
        patientId as string,
      ),
    );
  await ward.seconds(10);
  expect(
    ward
      .items()
      .filter(({ kind }) => kind === 'alert')
      .map(({ pk }) => pk)
      .sort(),
  ).toEqual(['PATIENT#1234567890123456788', 'PATIENT#1234567890123456789']);
});

test('a device and a patient of one name do not share an alert, nor do patients of one number in two systems', async () => {
  ward = await aWard();
  await ward.put(JSON.stringify({ id: 7, systolic: 205, diastolic: 124 }));
  await ward.put(JSON.stringify(emergency(ward, { deviceId: 'bp-005', patientId: '7' })));
  const component = (code: string, value: number) => ({
    code: { coding: [{ code }] },
    valueQuantity: { value, code: 'mm[Hg]' },
  });
  for (const system of ['urn:a', 'urn:b'])
    await ward.put(
      JSON.stringify({
        resourceType: 'Observation',
        status: 'final',
        code: { coding: [{ code: '85354-9' }] },
        subject: { identifier: { system, value: '7' } },
        device: { reference: 'Device/bp-005' },
        effectiveDateTime: new Date(ward.vigil.clock.now()).toISOString(),
        component: [component('8480-6', 205), component('8462-4', 124)],
      }),
    );
  await ward.seconds(10);
  const alerts = ward.items().filter(({ kind }) => kind === 'alert');
  expect(alerts.map(({ pk }) => pk).sort()).toEqual([
    'PATIENT##7',
    'PATIENT#7',
    ...[1, 2].map(() => expect.stringMatching(/^PATIENT#id-/)),
  ]);
});

test('a device that nobody registered: paged, counted, and named as unknown in the morning', async () => {
  ward = await aWard();
  await ward.put(JSON.stringify(emergency(ward, { deviceId: 'bp-stranger' })));
  await ward.seconds(120);
  expect(ward.pages().length).toBeGreaterThan(0);
  expect(counted(ward, 'UnknownDevice')).toBe(1);
  const { summary, page } = await ward.reported();
  expect(summary).toMatchObject({ fromUnknownDevices: 1, archived: 1 });
  expect(page).toContain('Not everything is known: a reading came from an unregistered device.');
});
