import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ascii,
  deviceName,
  isSamePlace,
  type Place,
  placeText,
  shortPlace,
} from '../../../handlers/naming/place.ts';

const seed = 20261124;
const anywhere = (changes: Partial<Place> = {}): Place => ({
  ward: 'ward-001',
  bed: '4',
  device: 'bp-1',
  deviceRegistered: true,
  ...changes,
});

test.each<[Partial<Place>, string]>([
  [{}, 'ward-001 bed 4'],
  [{ bed: null }, 'device bp-1, ward ward-001'],
  [{ bed: null, deviceRegistered: false }, 'unregistered device bp-1, ward ward-001'],
  [{ bed: null, device: '', deviceRegistered: false }, 'device without an ID, ward ward-001'],
  [{ ward: 'Süd 🏥', bed: '4 ✚' }, 'Süd 🏥 bed 4 ✚'],
  [{ ward: 'a\u202eb\u0000c\ud83d', bed: '4\n5' }, 'abc bed 4 5'],
])('%j reads %s', (place, text) => {
  expect(placeText(anywhere(place))).toBe(text);
});

describe("a device's id is shown as letters, digits, hyphens and underscores", () => {
  test.each([
    ['bp-001', 'bp-001'],
    ['BP_12/b', 'BP_12-b'],
    ['http://evil.example/?x', 'http---evil-example--x'],
    ['00:1b:44:11:3a:b7', '00-1b-44-11-3a-b7'],
    ['x'.repeat(24), 'x'.repeat(24)],
    ['#Jane-Smith', ''],
  ])('%j becomes %s', (id, name) => {
    expect(deviceName(id)).toBe(name);
  });

  test.each([
    [
      'too long',
      'MONITOR-ICU-2024-SERIES-0001',
      'MONITOR-ICU-2024-SERIES-0002',
      /^MONITOR--IES-0001-[0-9a-f]{6}$/,
    ],
    ['of another script', '病棟', '病院', /^unnamed-[0-9a-f]{6}$/],
    ['with signs', '<b>\u202e\n🏥\ud83d', '<b>\u202e\n🏥', /^b-[0-9a-f]{6}$/],
    [
      'far too long',
      `${'x'.repeat(23)}🏥${'y'.repeat(4000)}`,
      `${'x'.repeat(23)}🏥`,
      /^xxxxxxxx-yyyyyyyy-[0-9a-f]{6}$/,
    ],
  ])('one that is %s is told from others by six digits', (_how, id, other, name) => {
    expect(deviceName(id)).toMatch(name);
    const at = (device: string) => anywhere({ bed: null, device: deviceName(device) });
    expect(isSamePlace(at(id), at(other))).toBe(false);
    expect(isSamePlace(at(id), at(id))).toBe(true);
  });

  test.each(['MRN 4711 Smith John', 'urn:mrn|4711', 'Patient/4711'])(
    'one that nobody registered and that may be somebody’s number is not shown: %s',
    (id) => {
      expect(deviceName(id, false)).toMatch(/^unnamed-[0-9a-f]{6}$/);
      expect(deviceName('bp:00.1_x-9', false)).toBe('bp-00-1_x-9');
    },
  );

  test('whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (id) => {
        expect(deviceName(id)).toMatch(id.startsWith('#') ? /^$/ : /^[A-Za-z0-9_-]{1,24}$/);
      }),
      { seed },
    );
  });
});

test.each([
  ['Gynäkologie Süd', 'Gynaekologie Sued'],
  ['Außenstelle Łódź', 'Aussenstelle Lodz'],
  ['Hôpital, étage 2', 'Hopital, etage 2'],
  ['Gyna\u0308kologie', 'Gynaekologie'],
  ['🏥👩‍⚕️ 3', '? 3'],
  ['Øst – 病棟', 'Oest - ?'],
])('%s is spelled %s', (text, spelled) => {
  expect(ascii(text)).toBe(spelled);
});

test('a short place holds to its length, whatever names are, and never cuts a bed that fits', () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(
      fc.record({
        ward: name,
        bed: fc.option(name),
        device: fc.stringMatching(/^[A-Za-z0-9_-]{0,24}$/),
        deviceRegistered: fc.boolean(),
      }),
      fc.integer({ min: 50, max: 84 }),
      (place, characters) => {
        const text = shortPlace(place, characters);
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(text.length).toBeLessThanOrEqual(characters);
        if (place.bed !== null && ascii(place.bed).length <= 24) {
          expect(text.endsWith(` bed ${ascii(place.bed)}`)).toBe(true);
        }
      },
    ),
    { seed },
  );
});

test('two places are the same when a nurse would go to the same bed, or look for the same device', () => {
  expect(isSamePlace(anywhere(), anywhere({ device: 'bp-2' }))).toBe(true);
  expect(isSamePlace(anywhere(), anywhere({ bed: '5' }))).toBe(false);
  expect(isSamePlace(anywhere(), anywhere({ ward: 'ward-002' }))).toBe(false);
  expect(isSamePlace(anywhere({ bed: null }), anywhere({ bed: null, device: 'bp-2' }))).toBe(false);
});
