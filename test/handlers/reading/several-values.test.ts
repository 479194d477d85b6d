/** A FHIR observation that has several values of one pressure. */
import { describe, expect, test } from 'vitest';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { anObservation, bytesOf, component, hospital, only, origin } from './builders.ts';

describe('FHIR, several values of one pressure', () => {
  const several = (...values: [string, number][]) =>
    only(anObservation({ component: values.map(([code, value]) => component(code, value)) }));

  test.each<[string, [string, number][], number, number, string | null]>([
    [
      'the higher one alarms',
      [
        ['8480-6', 118],
        ['8480-6', 232],
        ['8462-4', 76],
      ],
      232,
      76,
      'emergency',
    ],
    [
      'the lower one alarms',
      [
        ['8480-6', 118],
        ['8480-6', 62],
        ['8462-4', 40],
      ],
      62,
      40,
      'emergency',
    ],
    [
      'of the other pressure',
      [
        ['8480-6', 150],
        ['8462-4', 76],
        ['8462-4', 125],
      ],
      150,
      125,
      'critical',
    ],
    [
      'of both',
      [
        ['8480-6', 118],
        ['8480-6', 185],
        ['8462-4', 76],
        ['8462-4', 125],
      ],
      185,
      76,
      'critical',
    ],
    [
      'neither alarms, one warns',
      [
        ['8480-6', 118],
        ['8480-6', 165],
        ['8462-4', 76],
      ],
      165,
      76,
      null,
    ],
    [
      'an error code is none',
      [
        ['8480-6', -1],
        ['8480-6', 118],
        ['8462-4', 76],
      ],
      118,
      76,
      null,
    ],
  ])('the worse counts: %s', (_how, values, systolicMmHg, diastolicMmHg, level) => {
    expect(several(...values)).toMatchObject({
      reading: { systolicMmHg, diastolicMmHg },
      judgement: { level },
    });
  });

  test('each systolic pressure with its own diastolic one is a reading of its own', () => {
    const pairs: [string, number][][] = [
      [
        ['8480-6', 118],
        ['8462-4', 76],
      ],
      [
        ['8480-6', 232],
        ['8462-4', 133],
        ['8478-0', 166],
      ],
    ];
    const content = anObservation({ component: pairs.flat().map(([code, value]) => component(code, value)) });
    const both = parseRecord(bytesOf(content), origin, hospital);
    expect(both).toMatchObject([
      {
        index: 0,
        reading: { systolicMmHg: 118, diastolicMmHg: 76, meanArterialMmHg: null },
        judgement: { level: null },
      },
      {
        index: 1,
        reading: { systolicMmHg: 232, diastolicMmHg: 133, meanArterialMmHg: 166 },
        judgement: { level: 'emergency' },
      },
    ]);
    expect(new Set(both.map((item) => 'reading' in item && item.reading.readingId)).size).toBe(2);
  });

  test('that more than one was said is told; the same one twice is one', () => {
    expect(several(['8480-6', 118], ['8480-6', 232], ['8462-4', 76])).toMatchObject({
      ignored: ['systolic'],
    });
    expect(several(['8480-6', 118], ['8462-4', 76], ['8462-4', 125])).toMatchObject({
      ignored: ['diastolic'],
    });
    expect(several(['8480-6', 118], ['8480-6', 118], ['8462-4', 76])).toMatchObject({ ignored: [] });
  });

  test('the measurement is known by all of them', () => {
    const idOf = (item: ReturnType<typeof only>) => 'reading' in item && item.reading.readingId;
    const [a, b] = [118, 120].map((other) => several(['8480-6', 232], ['8480-6', other], ['8462-4', 76]));
    expect(a && b && idOf(a) === idOf(b)).toBe(false);
  });

  test('of more than four nobody can say which was meant: refused', () => {
    const many = [60, 70, 80, 90, 100].map((value): [string, number] => ['8480-6', value]);
    expect(several(...many.slice(1), ['8462-4', 40])).toMatchObject({ reading: { systolicMmHg: 70 } });
    expect(several(...many, ['8462-4', 40])).toMatchObject({
      refused: true,
      reason: 'systolic: more than 4 values',
    });
  });

  test('of several means the least counts, of several rates none', () => {
    const means = several(['8480-6', 118], ['8462-4', 76], ['8478-0', 90], ['8478-0', 70]);
    expect(means).toMatchObject({ reading: { meanArterialMmHg: 70 }, ignored: ['meanArterial'] });
    const rates = several(['8480-6', 118], ['8462-4', 76], ['8867-4', 90], ['8867-4', 70]);
    expect(rates).toMatchObject({ reading: { pulseBpm: null }, ignored: ['pulse'] });
  });
});
