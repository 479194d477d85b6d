import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { aWard, hospital, pathOf } from './ward.ts';

/** Everything that a busy two hours said outside the table and the archive. */
const said: {
  mails: string[];
  executions: string[];
  logs: string[];
  log: string[];
  links: string[];
  tokens: string[];
  pins: string[];
  items: string[];
  /** What somebody who knows how ids are made would try. */
  guesses: string[];
} = {
  mails: [],
  executions: [],
  logs: [],
  log: [],
  links: [],
  tokens: [],
  items: [],
  guesses: [],
  pins: hospital.clinicians.map((clinician) => clinician.pin),
};

/** Pressures that stand for nothing else, so that a leak is seen. */
const pressures = [
  [231.625, 133.875],
  [187.375, 113.625],
] as const;

const recordNumber = 'MRN-4711';
const quantity = (value: number) => ({ valueQuantity: { value, unit: 'mmHg' } });
const coded = (code: string) => ({ code: { coding: [{ code }] } });

/** A reading of a patient of whom only the record number is known. */
const observation = (effectiveDateTime: string) => ({
  resourceType: 'Observation',
  status: 'final',
  ...coded('85354-9'),
  subject: { identifier: { value: recordNumber } },
  effectiveDateTime,
  component: [
    { ...coded('8480-6'), ...quantity(pressures[0][0]) },
    { ...coded('8462-4'), ...quantity(pressures[0][1]) },
  ],
});

/** A patient whom no device is named with: in every mail that goes out for it, nothing names either. */
const ofNoDevice = ['Jane-Smith', 'Patient-0815'] as const;

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

beforeAll(async () => {
  const tokens = new Set<string>();
  let answering = true;
  const ward = await aWard({
    habits: ({ kind }) =>
      !answering || kind === 'page'
        ? 'ignore'
        : { afterSeconds: 20, does: kind === 'repeat' ? 'close' : 'accept' },
    onEvent: (line) => void said.log.push(line),
  });
  ward.sfn.onEvent(() => {
    for (const { token } of ward.items()) if (token) tokens.add(token);
  });
  for (const [systolic, diastolic] of pressures) {
    const measuredAt = new Date(ward.vigil.clock.now()).toISOString();
    const { id, patientId } = ward.device;
    said.guesses.push(hashOf(JSON.stringify([id, patientId, measuredAt, systolic, diastolic, null, null])));
    await ward.measure(systolic, diastolic);
    await ward.seconds(300);
  }
  await ward.put(JSON.stringify(observation(new Date(ward.vigil.clock.now()).toISOString())));
  said.guesses.push(hashOf(recordNumber));
  const measuredAt = new Date(ward.vigil.clock.now()).toISOString();
  const [systolic, diastolic] = pressures[0];
  for (const said of [
    { deviceId: null, patientId: ofNoDevice[0], measuredAt, systolic, diastolic },
    { ...observation(measuredAt), subject: { reference: `Patient/${ofNoDevice[1]}` } },
  ])
    await ward.put(JSON.stringify(said));
  await ward.put(`{"deviceId":"x","systolic":"Amara Whitlock","measuredAt":"Amara Whitlock"}`);
  await ward.seconds(1500);
  // An alert that nobody answers until everyone is called, and whose execution is killed on the way.
  answering = false;
  await ward.measure(...pressures[1]);
  await ward.seconds(400);
  const last = ward.executions().findLast(({ status }) => status === 'RUNNING');
  ward.sfn.stop(last?.executionArn ?? '');
  await ward.seconds(1200);
  answering = true;
  await ward.seconds(1200);
  await ward.report();
  // AWS itself names an address in the mail that asks its owner to confirm it.
  said.mails = ward
    .mails()
    .filter((mail) => mail.subject !== 'AWS Notification - Subscription Confirmation')
    .map((mail) => `${mail.subject}\n${mail.text}`);
  said.executions = ward.sfn
    .executions()
    .flatMap((execution) => [
      execution.name,
      execution.input,
      execution.output ?? '',
      ...ward.sfn.history(execution.executionArn).map((event) => JSON.stringify(event)),
    ]);
  said.logs = ward.logs();
  said.links = [...ward.pages(), ...ward.devicePages()].map(pathOf);
  said.tokens = [...tokens];
  said.items = ward.items().map((item) => JSON.stringify(item));
  ward.vigil.stop();
});

const names = hospital.clinicians.flatMap((clinician) => [clinician.name, ...clinician.name.split(' ')]);
const contacts = hospital.clinicians.flatMap(({ email, phone = email }) => [email, phone.replace('+', '')]);
const patients = hospital.devices.flatMap((device) => device.patientId ?? []);
const holding = (texts: string[], words: readonly string[]) =>
  texts.filter((text) =>
    words.some((word) => new RegExp(`(?<![\\w-])${word.replaceAll('.', '[.]')}(?![\\w-])`).test(text)),
  );
const containing = (texts: string[], parts: readonly string[]) =>
  texts.filter((text) => parts.some((part) => text.includes(part)));
/** The event log is the local account's own, and has whom SNS delivers to; Vigil never writes there. */
const writtenByVigil = () => said.log.filter((line) => !line.includes('"what":"mail delivered"'));

test('the two hours had something to say', () => {
  expect(said.links.length).toBeGreaterThan(3);
  expect(said.executions.length).toBeGreaterThan(50);
  expect(said.logs.length).toBeGreaterThan(50);
  expect(said.tokens.length).toBeGreaterThan(3);
  for (const subject of [
    /^EVERYONE/,
    /^UNANSWERED/,
    /^REMINDER/,
    /REPEAT/,
    /restarted one escalation/,
    /night/i,
  ])
    expect([subject, said.mails.some((mail) => subject.test(mail))]).toEqual([subject, true]);
  expect(said.executions.some((text) => text.includes(patients[0] as string))).toBe(true);
});

test.each(['mails', 'executions', 'logs', 'log'] as const)('no names and no PINs in the %s', (where) => {
  expect(holding(said[where], names)).toEqual([]);
  expect(holding(said[where], said.pins)).toEqual([]);
});

test('no address of a clinician, but on the envelope of a mail', () => {
  for (const texts of [said.mails, said.executions, said.logs, writtenByVigil()])
    expect(holding(texts, contacts)).toEqual([]);
});

test.each(['mails', 'executions', 'logs', 'log'] as const)('no pressures in the %s', (where) => {
  expect(containing(said[where], pressures.flat().map(String))).toEqual([]);
  const rounded = pressures.flat().map((pressure) => String(Math.trunc(pressure)));
  // Neither a time's digits nor the number of an event is a pressure.
  const words = said[where].map((text) =>
    text.replace(/\d+:\d+:\d+(\.\d+)?Z?|"(id|previousEventId)":\d+/g, ''),
  );
  expect(holding(words, [...rounded, '231/133', '187/113'])).toEqual([]);
});

test('no hash that can be found by trying what it may be made of: pressures in 0.2 s, record numbers in 16 s', () => {
  expect(said.items.some((item) => /"patientId":"id-/.test(item))).toBe(true);
  for (const where of ['mails', 'executions', 'logs', 'log', 'items'] as const)
    expect(containing(said[where], [...said.guesses, recordNumber])).toEqual([]);
});

test('no patient in a mail, not even by the pseudonym', () => {
  expect(holding(said.mails, [...patients, ...ofNoDevice])).toEqual([]);
  expect(said.mails.filter((mail) => /\bid-[0-9a-f]+/.test(mail))).toEqual([]);
  expect(said.mails.some((mail) => mail.includes('device without an ID, ward '))).toBe(true);
});

test('an answer link stands in its mail and nowhere else', () => {
  const ids = said.links.map((link) => link.replace('/page/', ''));
  for (const where of ['executions', 'logs', 'log'] as const)
    expect(containing(said[where], ['/page/', ...ids])).toEqual([]);
});

test('a task token leaves AWS neither by mail nor by log', () => {
  for (const where of ['mails', 'logs', 'log'] as const)
    expect(containing(said[where], said.tokens)).toEqual([]);
});
