/** `npm run roster -- limits`: a patient's own limits, which a doctor sets for some hours. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { MOST_HOURS } from '../../../handlers/clinical/patient-limits.ts';
import { type LimitName, limitNames } from '../../../handlers/clinical/policies.ts';
import { hasLimits, withLimitsEnded, withLimitsSet } from '../../../handlers/on-call/next-roster.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { nowhereElse, patientOfReference } from '../../../handlers/reading/fhir-reference.ts';
import { identityKeyOf } from '../../../handlers/reading/identity.ts';
import { vitalsKey } from '../../../handlers/reading/merge-vitals.ts';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { changePublished, rootKeyIn } from '../../hospital/published-roster.ts';
import { InputError } from '../../input-error.ts';

type LimitsTarget = {
  bucket: string;
  /** Of identities; only for a patient whose id the consumer hashes. */
  secretArn: string | undefined;
  /** Whose readings the stage knows; not looked up without. */
  tableName: string | undefined;
  dynamoDb: Pick<DynamoDBDocumentClient, 'send'>;
  s3: Pick<S3Client, 'send'>;
  secretsManager: Pick<SecretsManagerClient, 'send'>;
};

/** As a device names one; `system`: that of FHIR's identifier whose value this is. */
type PatientSaid = { patient: string; system: string | undefined };

const optionOf = (name: LimitName) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `--critical-systolic-high MMHG` and so on. */
export const limitOptions: Record<string, { type: 'string' }> = Object.fromEntries(
  limitNames.map((name) => [optionOf(name), { type: 'string' }]),
);

type LimitsSaid = { [name in LimitName]?: number };

/** Those that are given; throws InputError for what is no number. */
export function limitsIn(options: Record<string, unknown>): LimitsSaid {
  const said: LimitsSaid = {};
  for (const name of limitNames) {
    const text = options[optionOf(name)];
    if (text === undefined) continue;
    said[name] = numberOf(`--${optionOf(name)}`, String(text));
  }
  return said;
}

/** Sets them in place of those that the patient has; throws InputError, or RosterError with the field. */
export async function setLimits(
  patient: PatientSaid,
  said: { limits: LimitsSaid; setBy: string; hours: string },
  target: LimitsTarget,
): Promise<string> {
  const hours = numberOf('--hours', said.hours);
  if (hours <= 0 || hours > MOST_HOURS)
    throw new InputError(`--hours: more than none, and ${MOST_HOURS} at most`);
  const patientId = await knownAs(patient, target);
  const changed = await changePublished(target, (published) => {
    expectDoctor(published, said.setBy);
    return withLimitsSet(published, { ...said, patientId, hours }, new Date().toISOString());
  });
  const set = changed.patientLimits?.at(-1);
  return [
    `${patientId}: ${Object.entries(said.limits)
      .map(([name, mmHg]) => `${optionOf(name as LimitName)} ${mmHg}`)
      .join(', ')}; from ${set?.from} until ${set?.until}`,
    "What is not named stays as the ward's policy says, and what passes an emergency limit is an emergency.",
    ...(await remarkOn(patientId, target)),
  ].join('\n');
}

/** Ends them; throws InputError when there are none. */
export async function clearLimits(patient: PatientSaid, target: LimitsTarget): Promise<string> {
  const patientId = await knownAs(patient, target);
  await changePublished(target, (published) => {
    const now = new Date().toISOString();
    if (!hasLimits(published, patientId, now)) throw new InputError(`${patientId}: has no limits of its own`);
    return withLimitsEnded(published, patientId, now);
  });
  return `${patientId}: its own limits end in two minutes`;
}

function numberOf(option: string, text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) throw new InputError(`${option}: not a number`);
  return number;
}

function expectDoctor({ clinicians }: Roster, id: string): void {
  const role = clinicians.find((clinician) => clinician.id === id)?.role;
  if (role !== 'doctor')
    throw new InputError(`--by: ${id} is ${role ? 'no doctor' : 'nobody'} in the published roster`);
}

/** A misspelled patient has no readings, and limits that nobody is judged by. */
async function remarkOn(patientId: string, { tableName, dynamoDb }: LimitsTarget): Promise<string[]> {
  if (tableName === undefined)
    return ['Whether such a patient is known was not looked up: --table TABLE does.'];
  const { Item } = await dynamoDb.send(
    new GetCommand({ TableName: tableName, Key: { pk: vitalsKey(patientId) }, ConsistentRead: true }),
  );
  return Item ? [] : ['CHECK: no reading of this patient is known; PATIENT is to be named as devices do.'];
}

/**
 * The patient as the consumer knows one whom a device names so: it is asked, so that a number that it hashes does not stand in
 * the roster, and the limits meet the readings.
 */
async function knownAs(said: PatientSaid, { secretArn, secretsManager }: LimitsTarget): Promise<string> {
  const [under, other] = [1, 2].map((byte) => patientOf(said, Buffer.alloc(32, byte)));
  if (under === undefined) throw new InputError('PATIENT: names nobody for certain');
  // The same under any key: it is not hashed.
  if (under === other) return under;
  if (!secretArn?.includes('-identity'))
    throw new InputError('PATIENT: is hashed by the consumer; say --secret vigil-STAGE-identity');
  const identityKey = identityKeyOf(await rootKeyIn({ secretsManager, secretArn }));
  return patientOf(said, identityKey) as string;
}

/** Undefined when a reading of such a patient would be nobody's. */
function patientOf({ patient, system }: PatientSaid, identityKey: Buffer): string | undefined {
  if (system !== undefined)
    return (
      patientOfReference({ identifier: { system, value: patient } }, identityKey, nowhereElse) ?? undefined
    );
  const message = { deviceId: 'any', patientId: patient, systolic: 120, diastolic: 80 };
  const [item] = parseRecord(
    Buffer.from(JSON.stringify(message)),
    { shardId: '', sequenceNumber: '', arrivedAt: new Date(0).toISOString() },
    { identityKey, zone: 'UTC', fallbackWard: 'any', wards: [{ id: 'any' }], devices: [] },
  );
  return item && 'reading' in item && item.reading.bothNamed ? item.reading.patientId : undefined;
}
