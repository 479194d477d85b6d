import { describe, expect, test } from 'vitest';
import { type DeviceRegistry, placeOf } from '../../../handlers/reading/device-registry.ts';

const registry: DeviceRegistry = {
  fallbackWard: 'ward-fallback',
  wards: [
    { id: 'ward-fallback' },
    { id: 'ward-001' },
    { id: 'ward-002', beds: ['1', '12b'] },
    { id: 'Süd 3' },
  ],
  devices: [
    { id: 'bp-1', ward: 'ward-001', bed: '4' },
    { id: 'bp-2', ward: 'ward-001', bed: '5' },
    { id: 'bp-3', ward: 'ward-fallback', bed: '9' },
  ],
};
const none = { device: false, ward: false, bed: false };
const placed = (deviceId: string, ward: string | null, bed: string | null) =>
  placeOf({ deviceId, ward, bed }, registry);

type Case = [deviceId: string, ward: string | null, bed: string | null, at: string, of: string | null];

describe('what the roster knows is believed', () => {
  test.each<Case>([
    ['bp-1', null, null, 'ward-001', '4'],
    ['bp-1', 'ward-001', null, 'ward-001', '4'],
    ['bp-1', null, '5', 'ward-001', '5'],
    ['bp-1', 'ward-002', '12b', 'ward-002', '12b'],
    ['bp-9', 'ward-002', '1', 'ward-002', '1'],
  ])('%s says %s bed %s: %s bed %s', (deviceId, ward, bed, at, of) => {
    expect(placed(deviceId, ward, bed)).toMatchObject({ ward: at, bed: of, unknown: none });
  });

  test('a device that was carried to another ward is in none of its beds', () => {
    expect(placed('bp-1', 'ward-002', null)).toMatchObject({ ward: 'ward-002', bed: null, unknown: none });
  });
});

describe('other capitals and spaces make no other ward or bed', () => {
  test.each<Case>([
    ['bp-1', 'Ward-002', ' 12B ', 'ward-002', '12b'],
    ['bp-9', 'SU\u0308D   3', null, 'Süd 3', null],
  ])('%s says %j bed %j: %s bed %s', (deviceId, ward, bed, at, of) => {
    expect(placed(deviceId, ward, bed)).toMatchObject({ ward: at, bed: of });
  });

  test('unless two wards of the roster would then be the same: the registry decides', () => {
    const twins: DeviceRegistry = { ...registry, wards: [...registry.wards, { id: 'WARD-002' }] };
    const stated = { deviceId: 'bp-1', bed: null };
    expect(placeOf({ ...stated, ward: 'Ward-002' }, twins)).toMatchObject({
      ward: 'ward-001',
      unknown: { ward: true },
    });
    expect(placeOf({ ...stated, ward: 'WARD-002' }, twins).ward).toBe('WARD-002');
  });
});

test('where a ward registers no bed at all, a registered device may name a plain one, and it is reported', () => {
  for (const bed of ['4', '12b', 'A 12', 'ICU-3', '12-3', '2103 A'])
    expect(placed('bp-1', 'Süd 3', bed)).toMatchObject({ ward: 'Süd 3', bed, unknown: { bed: true } });
  const texts = ['evil.example', 'http://x', 'call 0900 123456 now', '<b>', '1\n2', '🏥', '1\u202e'];
  const messages = [
    'DO NOT COME',
    'FALSE ALARM',
    'Mrs Smith',
    'A',
    'ICU',
    'MRS 4 NOW',
    'Smith 4',
    '4711 0815',
    '47110815',
  ];
  for (const bed of [...texts, ...messages])
    expect(placed('bp-1', 'Süd 3', bed)).toMatchObject({ bed: null, unknown: { device: false, bed: true } });
});

test('a device that nobody registered names no bed that nobody registered', () => {
  expect(placed('bp-9', 'Süd 3', '12b')).toMatchObject({
    ward: 'Süd 3',
    bed: null,
    unknown: { device: true, bed: true },
  });
});

test.each([
  ['bp-1', null, true],
  ['bp-1', 'ward 2', true],
  ['bp-9', 'ward-002', true],
  ['bp-9', 'ward-fallback', true],
  ['bp-9', null, false],
  ['bp-9', 'ward 2', false],
])('%s says %s: that somebody knows where it is: %s', (deviceId, ward, known) => {
  expect(placed(deviceId, ward, null).placeKnown).toBe(known);
});

describe('what it does not know is not named, and is reported', () => {
  test.each<[...Case, Partial<typeof none>]>([
    ['bp-1', 'ward 2', null, 'ward-001', '4', { ward: true }],
    ['bp-1', 'ward 2', ' 4 ', 'ward-001', '4', { ward: true }],
    // It says that it is not at the bed that it is registered at.
    ['bp-1', 'ward 2', '1', 'ward-001', null, { ward: true }],
    ['bp-1', 'ward 2', '5', 'ward-001', null, { ward: true }],
    ['bp-1', 'ward-001', '99', 'ward-001', null, { bed: true }],
    ['bp-1', null, '99', 'ward-001', null, { bed: true }],
    ['bp-1', 'ward-002', '99', 'ward-002', null, { bed: true }],
    ['bp-9', null, null, 'ward-fallback', null, { device: true }],
    // The fallback ward has a bed 9, but this one stands elsewhere.
    ['bp-9', null, '9', 'ward-fallback', null, { device: true }],
    ['bp-9', 'ward 2', '9', 'ward-fallback', null, { device: true, ward: true }],
    ['bp-9', 'ward-002', '99', 'ward-002', null, { device: true, bed: true }],
    ['bp-9', 'ward-002', null, 'ward-002', null, { device: true }],
    ['bp-1', '', '5', 'ward-001', null, { ward: true }],
  ])('%s says %s bed %s: %s bed %s', (deviceId, ward, bed, at, of, unknown) => {
    expect(placed(deviceId, ward, bed)).toMatchObject({
      ward: at,
      bed: of,
      deviceRegistered: deviceId !== 'bp-9',
      unknown: { ...none, ...unknown },
    });
  });
});

test('a message that names no device is where the registry has the one whose key it came under', () => {
  const placed = (deviceId: string, ward: string | null = null) =>
    placeOf({ deviceId, ward, bed: null, partitionKey: 'bp-3' }, registry);
  expect(placed('#patient-1')).toMatchObject({
    ward: 'ward-fallback',
    bed: '9',
    deviceRegistered: false,
    placeKnown: true,
    unknown: { device: false },
  });
  expect(placed('#patient-1', 'ward-002')).toMatchObject({ ward: 'ward-002', bed: null });
  expect(placed('bp-9')).toMatchObject({ bed: null, placeKnown: false, unknown: { device: true } });
});
