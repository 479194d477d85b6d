/** A patient's own limits as a doctor sets them, and what a publication does with them and with what was in force. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { s3Client } from '../../../../handlers/aws/clients.ts';
import { rememberReadings } from '../../../../handlers/aws/dynamodb/vitals-store.ts';
import { loadRoster } from '../../../../handlers/aws/s3/roster-store.ts';
import { adult } from '../../../../handlers/clinical/policies.ts';
import { ROSTER_KEY, type Roster } from '../../../../handlers/on-call/roster.ts';
import { identityKeyOf } from '../../../../handlers/reading/identity.ts';
import { readBatch } from '../../../../handlers/reading/kinesis-batch.ts';
import { rosterCommand } from '../../../../infra/cli/roster.ts';
import { aHospital, aRoster } from '../../../handlers/on-call/builders.ts';
import { anObservation, aReading, bytesOf, judged } from '../../../handlers/reading/builders.ts';
import { LocalAws, rootKey } from '../../../local-aws.ts';

const now = '2026-11-24T10:00:00.000Z';
const inTwoMinutes = '2026-11-24T10:02:00.000Z';
let aws: LocalAws;
let secret: string;
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(now), toFake: ['Date'] });
  aws = new LocalAws(aRoster());
  secret = aws.secret('vigil-test-identity', rootKey);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const bucket = () => process.env.ROSTER_BUCKET as string;
const put = (Body: string) =>
  s3Client().send(new PutObjectCommand({ Bucket: bucket(), Key: ROSTER_KEY, Body }));
/** As a function reads it that has waited long enough. */
let asked = 0;
const published = () => loadRoster(bucket(), ++asked * 3_600_000);
const run = (...argv: string[]) => rosterCommand([...argv, '--bucket', bucket()]);
const set = (patient: string, ...more: string[]) =>
  run('limits', patient, '--by', 'doctor-1', '--hours', '8', '--critical-systolic-high', '200', ...more);
const passes = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

describe('limits', () => {
  test('are set from two minutes ahead, for so many hours', async () => {
    expect(await set('p-7', '--warning-systolic-high', '190.5')).toMatch(
      /^p-7: critical-systolic-high 200, warning-systolic-high 190.5; from .*10:02:00.000Z until .*18:02:00.000Z\n/,
    );
    expect((await published()).patientLimits).toEqual([
      {
        patientId: 'p-7',
        limits: { criticalSystolicHigh: 200, warningSystolicHigh: 190.5 },
        setBy: 'doctor-1',
        from: inTwoMinutes,
        until: '2026-11-24T18:02:00.000Z',
      },
    ]);
  });

  test('take the place of those that the patient has, without a gap, and leave those of others', async () => {
    await set('p-8');
    await set('p-7');
    passes(30);
    await set('p-7', '--by', 'doctor-1');
    expect((await published()).patientLimits?.map(({ patientId, until }) => [patientId, until])).toEqual([
      ['p-8', '2026-11-24T18:02:00.000Z'],
      ['p-7', '2026-11-24T10:32:00.000Z'],
      ['p-7', '2026-11-24T18:32:00.000Z'],
    ]);
  });

  test('end two minutes after --clear, and only where there are any', async () => {
    await set('p-7');
    passes(30);
    expect(await run('limits', 'p-7', '--clear')).toBe('p-7: its own limits end in two minutes');
    expect((await published()).patientLimits).toMatchObject([{ until: '2026-11-24T10:32:00.000Z' }]);
    for (const patient of ['p-7', 'p-8'])
      await expect(run('limits', patient, '--clear')).rejects.toThrow(`${patient}: has no limits of its own`);
  });

  test('of two people at once are both there', async () => {
    await Promise.all(['p-1', 'p-2', 'p-3'].map((patient) => set(patient)));
    const patients = (await published()).patientLimits?.map(({ patientId }) => patientId);
    expect(patients?.toSorted()).toEqual(['p-1', 'p-2', 'p-3']);
  });

  test('find the readings of the patient however a device names it, and no record number stands in the roster', async () => {
    const names = ['p-7', 'Patient/p-9', 'Patient?identifier=urn:mrn|4711', '4711^^^MRN', 'MRN 0815'];
    for (const name of names) await set(name, '--secret', secret);
    const roster = await published();
    expect(JSON.stringify(roster.patientLimits)).not.toMatch(/4711|0815|mrn/i);
    const arrivedAt = inTwoMinutes;
    const { arrivals } = readBatch(
      names.map((patientId, index) => ({
        bytes: Buffer.from(bytesOf({ deviceId: 'bp-001', patientId, systolic: 190, diastolic: 80 })),
        origin: { shardId: 'shardId-0', sequenceNumber: `${index}`, arrivedAt },
      })),
      { ...roster, identityKey: identityKeyOf(rootKey) },
    );
    expect(arrivals.map(({ judgement }) => [judgement.policy, judgement.severity])).toEqual(
      names.map(() => ['patient', 'warning']),
    );
  });

  test('find the readings of a patient whom FHIR names by an identifier, by its system', async () => {
    const system = 'urn:oid:1.2.36.146';
    const identified = ['--system', system, '--secret', secret];
    await set('4711', ...identified);
    const roster = await published();
    expect(JSON.stringify(roster.patientLimits)).not.toMatch(/4711|146/);
    const subjects = [{ identifier: { system, value: '4711' } }, { identifier: { value: '4711' } }];
    const { arrivals } = readBatch(
      subjects.map((subject, index) => ({
        bytes: Buffer.from(bytesOf(anObservation({ subject, effectiveDateTime: inTwoMinutes }))),
        origin: { shardId: 'shardId-0', sequenceNumber: `${index}`, arrivedAt: inTwoMinutes },
      })),
      { ...roster, identityKey: identityKeyOf(rootKey) },
    );
    expect(arrivals.map(({ judgement }) => judgement.policy)).toEqual(['patient', 'adult']);
    await run('limits', '4711', '--clear', ...identified);
    await expect(set('unknown', ...identified)).rejects.toThrow('names nobody');
    await expect(set('4711', '--system', system)).rejects.toThrow('say --secret vigil-STAGE-identity');
  });

  test('say whether a reading of the patient is known, where the table is said', async () => {
    const { patientId } = aReading();
    await rememberReadings(aws.tableName, patientId, [judged()], new Map());
    expect(await set(patientId, '--table', aws.tableName)).not.toMatch(/CHECK|looked up/);
    expect(await set('p-nobody', '--table', aws.tableName)).toMatch(
      /\nCHECK: no reading of this patient is known/,
    );
    expect((await published()).patientLimits?.map((one) => one.patientId)).toContain('p-nobody');
    expect(await set(patientId)).toMatch(/\nWhether such a patient is known was not looked up/);
  });

  test.each([
    ['nobody certain', 'unknown', [], 'PATIENT: names nobody for certain'],
    ['a number that is hashed, without the secret', '4711^^^MRN', [], 'say --secret vigil-STAGE-identity'],
    [
      'a number that is hashed, with another secret',
      '4711^^^MRN',
      ['--secret', 'arn:vigil-x-answers'],
      'say',
    ],
    ['a nurse', 'p-7', ['--by', 'nurse-1'], '--by: nurse-1 is no doctor in the published roster'],
    ['somebody who is not there', 'p-7', ['--by', 'ghost'], '--by: ghost is nobody in the published roster'],
    ['more than a day', 'p-7', ['--hours', '24.1'], '--hours: more than none, and 24 at most'],
    ['no time', 'p-7', ['--hours', '0'], '--hours: more than none'],
    ['no number', 'p-7', ['--emergency-systolic-low', 'low'], '--emergency-systolic-low: not a number'],
    [
      'kPa',
      'p-7',
      ['--critical-diastolic-high', '16'],
      'patientLimits[0].limits.criticalDiastolicHigh: not a',
    ],
    ['a low limit above', 'p-7', ['--critical-systolic-low', '201'], 'criticalSystolicLow is not below'],
  ])('%s: refused, and nothing is written', async (_case, patient, more, problem) => {
    await expect(set(patient, ...more)).rejects.toThrow(problem);
    expect(await published()).toEqual(aRoster());
  });

  test('without limits, a doctor or a bucket it is answered with the usage, without a roster with that', async () => {
    await expect(run('limits', 'p-7', '--by', 'doctor-1', '--hours', '8')).rejects.toThrow(/^Usage/);
    await expect(run('limits', 'p-7', '--hours', '8', '--critical-systolic-low', '80')).rejects.toThrow(
      /^Usage/,
    );
    await expect(rosterCommand(['limits', 'p-7', '--clear'])).rejects.toThrow(/^Usage/);
    vi.stubEnv('ROSTER_BUCKET', aws.account.create('AWS::S3::Bucket', 'Empty', {}).ref);
    await expect(set('p-7')).rejects.toThrow('no roster is published');
  });
});

describe('a publication', () => {
  const valid = aHospital();
  for (const [index, clinician] of valid.clinicians.entries()) clinician.pin = `20481${index}`;
  const publish = async (changes: object = {}) => {
    const file = join(mkdtempSync(join(tmpdir(), 'roster-')), 'ours.json');
    writeFileSync(file, JSON.stringify({ ...valid, ...changes }));
    return run('publish', file, '--secret', process.env.ANSWER_SECRET_ARN as string);
  };
  const registryOf = ({ zone, fallbackWard, wards, devices }: Roster) => ({
    zone,
    fallbackWard,
    wards,
    devices,
  });

  test('keeps what doctors have set, until nobody can be judged by it any more', async () => {
    await set('p-7');
    await publish();
    expect((await published()).patientLimits).toMatchObject([{ patientId: 'p-7' }]);
    passes((8 + 7 * 24) * 60 + 2);
    await publish();
    expect((await published()).patientLimits).toHaveLength(1);
    passes(1);
    await publish();
    expect((await published()).patientLimits).toEqual([]);
  });

  test('says what was in force before, where that has changed, for as long as the stream keeps readings', async () => {
    const first = registryOf(await published());
    const second = { devices: [{ id: 'bp-002', ward: 'ward-001', bed: '5' }] };
    await publish(second);
    await publish({ ...second, rotations: valid.rotations.slice(0, 2) });
    expect((await published()).before).toEqual([{ until: inTwoMinutes, ...first }]);
    passes(60);
    await publish();
    expect((await published()).before).toEqual([
      { until: inTwoMinutes, ...first },
      { until: '2026-11-24T11:02:00.000Z', ...first, ...second },
    ]);
    passes(7 * 24 * 60 - 57);
    await publish();
    expect((await published()).before).toHaveLength(1);
  });

  test('of a policy that is not announced is refused, with its field; one that is announced, and what is published, are not', async () => {
    const policy = (version: string, validFrom: string) => ({
      policies: [{ name: 'ours', version, validFrom, limits: adult.limits }],
    });
    await expect(publish(policy('1', '2026-11-24T10:01:59.999Z'))).rejects.toThrow(
      /^not published: policies\[0\]\.validFrom: .*2026-11-24T10:02:00.000Z/,
    );
    expect((await published()).policies).toBeUndefined();
    await publish(policy('1', inTwoMinutes));
    passes(60);
    await publish(policy('1', inTwoMinutes));
    expect(await published()).toMatchObject(policy('1', inTwoMinutes));
    await expect(publish(policy('1', '2026-12-24T10:02:00.000Z'))).rejects.toThrow(
      'policies[0].validFrom: version 1 is published otherwise',
    );
  });

  test('where nothing is published begins at once, whatever it holds', async () => {
    vi.stubEnv('ROSTER_BUCKET', aws.account.create('AWS::S3::Bucket', 'Empty', {}).ref);
    await publish({ policies: [{ name: 'ours', version: '1', limits: adult.limits }] });
    expect(await published()).not.toHaveProperty('before');
  });

  test('mends what cannot be read, and says what is gone with it', async () => {
    await put('{"patientLimits": [');
    expect(await publish()).toMatch(
      /could not be read.*limits that doctors had set.*shifts that were swapped/s,
    );
    expect((await published()).devices).toEqual(valid.devices);
  });

  test('that is overtaken five times is a fault, and one that S3 refuses otherwise is so at once', async () => {
    const puts = () => aws.calls.filter((call) => call.startsWith('PutObject')).length;
    const failing = (name: string) => {
      aws.before = (call) =>
        call.startsWith('PutObject') ? Object.assign(new Error(name), { name }) : undefined;
    };
    failing('PreconditionFailed');
    await expect(publish()).rejects.toThrow('PreconditionFailed');
    expect(puts()).toBe(5);
    failing('AccessDenied');
    await expect(publish()).rejects.toThrow('AccessDenied');
    expect(puts()).toBe(6);
  });
});
