/** Cases of test/data/cases whose trouble is the place: from the record to the mail that names it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { UnfulfilledClaim } from '../../../handlers/alert/claim.ts';
import { claimReading } from '../../../handlers/alert/claim-reading.ts';
import { pageMail } from '../../../handlers/alert/mail.ts';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { parseRecord, type Readable } from '../../../handlers/reading/parse-record.ts';
import { whenRaised } from '../alert/builders.ts';
import { bytesOf, origin, hospital as small } from './builders.ts';

const file = (name: string) => readFileSync(`test/data/cases/${name}.json`, 'utf8');
const sample = readFileSync('infra/hospital/hospital.json', 'utf8');

function read(content: string, roster: string, beds: Record<string, string[]> = {}): Readable {
  const hospital: Hospital = JSON.parse(roster);
  const wards = hospital.wards.map((ward) => ({
    ...ward,
    beds: [...(ward.beds ?? []), ...(beds[ward.id] ?? [])],
  }));
  const registry = { ...hospital, wards, identityKey: small.identityKey };
  const [item] = parseRecord(bytesOf(JSON.parse(content)), origin, registry);
  return item as Readable;
}

function mailOf(item: Readable) {
  const { level } = item.judgement;
  if (!level) throw new Error('It alarms nobody');
  const claim = claimReading(item, level, 'inTime', origin.arrivedAt) as UnfulfilledClaim;
  const alert = whenRaised(undefined, claim, origin.arrivedAt);
  return pageMail(alert, { purpose: 'page', link: 'https://answers.example/page/a', zone: 'UTC' });
}

test('a ward that is spelled otherwise is judged by its own policy', () => {
  const item = read(file('w-ward-spelled-otherwise'), sample);
  expect(item).toMatchObject({
    reading: { ward: 'ward-002', bed: '1' },
    judgement: { policy: 'obstetric', level: 'critical' },
  });
  expect(mailOf(item).subject).toContain('ward-002 bed 1');
});

test('a bed of signs of two halves each is cut through none of them', () => {
  const content = file('m-half-a-character-in-the-mail');
  const { bed } = JSON.parse(content);
  const item = read(content, sample, { 'ward-001': [bed] });
  expect(item.reading.bed).toBe(bed);
  for (const text of Object.values(mailOf(item))) {
    expect(text.isWellFormed()).toBe(true);
    expect(() => encodeURIComponent(text)).not.toThrow();
  }
});

describe('a ward with a very long name', () => {
  const roster = file('m-long-ward-loses-the-bed');
  const ward = 'Gynäkologie und Geburtshilfe 3. Obergeschoss Nord';
  const reading = {
    deviceId: 'bp-1',
    patientId: 'p-1',
    measuredAt: origin.arrivedAt,
    systolic: 205,
    diastolic: 124,
  };
  const { subject, message } = mailOf(
    read(JSON.stringify({ ...reading, ward, bed: '12b' }), roster, { [ward]: ['12b'] }),
  );

  test('loses its bed in no subject and no text', () => {
    expect(subject).toContain('Nord bed 12b');
    expect(message).toContain('bed 12b');
    expect(message).toContain('3. Obergeschoss Nord');
  });
});
