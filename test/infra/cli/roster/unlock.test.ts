/** What the operations may do about tries that are used up, and about PINs of a roster of before. */
import { scryptSync } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { dynamoDb } from '../../../../handlers/aws/clients.ts';
import type { PinHash } from '../../../../handlers/on-call/roster.ts';
import { pepperOf } from '../../../../handlers/runtime/pin.ts';
import { checkPublished } from '../../../../infra/cli/roster/published-pins.ts';
import { type Unlocking, unlockClinician, unlockEverybody } from '../../../../infra/cli/roster/unlock.ts';
import { rosterCommand } from '../../../../infra/cli/roster.ts';
import { usedTries, useTries } from '../../../handlers/answering/tries.ts';
import { aRoster } from '../../../handlers/on-call/builders.ts';
import { LocalAws, rootKey } from '../../../local-aws.ts';

const lanes = ['newestPage', 'elsewhere', 'elsewhereSoon'];
let aws: LocalAws;
beforeEach(() => {
  vi.restoreAllMocks();
  aws = new LocalAws(aRoster());
});

const unlocking = (now: string): Unlocking => ({
  tableName: aws.tableName,
  now,
  by: 'sam',
  client: dynamoDb(),
});

describe('unlock', () => {
  test('fills up one clinician’s tries, at any time, and leaves the hospital’s as they are', async () => {
    for (const lane of lanes) useTries(aws.items, 'PIN#nurse-1', lane);
    for (const lane of lanes.slice(0, 2)) useTries(aws.items, 'PIN#.everybody', lane, 7);
    useTries(aws.items, 'PIN#nurse-10', 'newestPage');
    for (const now of ['2026-11-24T03:00:00.000Z', '2026-11-24T03:01:00.000Z'])
      expect(await unlockClinician('nurse-1', unlocking(now))).toMatch(/^nurse-1: /);
    for (const lane of lanes) expect(usedTries(aws.items, 'PIN#nurse-1', lane)).toBe(0);
    for (const lane of lanes.slice(0, 2)) expect(usedTries(aws.items, 'PIN#.everybody', lane)).toBe(7);
    expect(usedTries(aws.items, 'PIN#nurse-10', 'newestPage')).toBe(25);
  });

  test('of an id that has used none says so', async () => {
    expect(await unlockClinician('nurse-99', unlocking('2026-11-24T03:00:00.000Z'))).toContain(
      'is the ID right?',
    );
  });

  test('fills up the hospital’s on newest pages once in 31 days', async () => {
    const pages = () => usedTries(aws.items, 'PIN#.everybody', 'newestPage');
    for (const lane of lanes.slice(0, 2)) useTries(aws.items, 'PIN#.everybody', lane, 30);
    await unlockEverybody(unlocking('2026-11-01T03:00:00.000Z'));
    expect([pages(), usedTries(aws.items, 'PIN#.everybody', 'elsewhere')]).toEqual([0, 30]);
    useTries(aws.items, 'PIN#.everybody', 'newestPage');
    await expect(unlockEverybody(unlocking('2026-12-02T03:00:00.000Z'))).rejects.toThrow(
      'within the last 31 days',
    );
    expect(pages()).toBe(60);
    await unlockEverybody(unlocking('2026-12-02T03:00:00.001Z'));
    expect(pages()).toBe(0);
  });

  test('writes down who did it, for whom, and when', async () => {
    await unlockClinician('nurse-1', unlocking('2026-11-24T03:00:00.000Z'));
    await unlockEverybody(unlocking('2026-11-24T03:01:00.000Z'));
    expect(aws.items.get('PIN#.unlocks')).toEqual({
      pk: 'PIN#.unlocks',
      '2026-11-24T03:00:00.000Z': 'nurse-1, by sam',
      '2026-11-24T03:01:00.000Z': 'everybody, by sam',
      everybodyAt: '2026-11-24T03:01:00.000Z',
    });
  });

  test.each([
    ['unlock'],
    ['unlock', 'nurse-1'],
    ['unlock', '--everybody'],
    ['unlock', 'nurse-1', '--everybody', '--table', 't'],
    ['unlock', '--published', '--table', 't'],
    ['check', '--published'],
    ['check', '--everybody'],
    ['publish', 'FILE'],
  ])('%s %s %s is answered with the usage', async (...argv) => {
    await expect(rosterCommand(argv)).rejects.toThrow(/^(\w+: no option --\w+\n)?Usage: /);
  });

  test('by the command, in the table that is named', async () => {
    useTries(aws.items, 'PIN#nurse-1', 'newestPage');
    const said = await rosterCommand(['unlock', 'nurse-1', '--table', aws.tableName]);
    expect(said).toBe('nurse-1: all tries restored');
    expect(usedTries(aws.items, 'PIN#nurse-1', 'newestPage')).toBe(0);
  });
});

describe('check --published', () => {
  const pepper = pepperOf(rootKey);
  /** Costs next to nothing, so that five thousand of them are quick. */
  const hashed = (pin: string): PinHash => {
    const salt = Buffer.from('salt');
    const hash = scryptSync(`${pin}${pepper}`, salt, 32, { N: 64, r: 1, p: 1 }).toString('base64');
    const costs = { cost: 64, blockSize: 1, parallelization: 1 };
    return { algorithm: 'scrypt', ...costs, salt: salt.toString('base64'), hash };
  };
  const checked = (pins: Record<string, string>) => {
    const hashes = Object.fromEntries(Object.entries(pins).map(([id, pin]) => [id, hashed(pin)]));
    const clinicians = aRoster({}, hashes).clinicians.filter(({ id }) => id in pins);
    aws.roster = aRoster({ clinicians, rotations: [] });
    const { ROSTER_BUCKET: bucket = '', ANSWER_SECRET_ARN: secretArn = '' } = process.env;
    const clients = { s3: new S3Client(), secretsManager: new SecretsManagerClient() };
    return checkPublished({ bucket, secretArn, ...clients }, () => undefined);
  };

  test('names whoever has an easily guessed PIN', async () => {
    const pins = { 'nurse-1': '204817', 'nurse-2': '147258', 'doctor-1': '999999' };
    await expect(checked(pins)).rejects.toThrow(
      /^nurse-2: has an easily guessed PIN.*\ndoctor-1: has an easily guessed PIN[^\n]*$/,
    );
  });

  test('says so when nobody has', async () => {
    expect(await checked({ 'nurse-1': '204817', 'nurse-2': '593206' })).toContain(
      '2 clinicians, none with an easily guessed PIN',
    );
  });
});
