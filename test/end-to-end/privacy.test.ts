import { beforeAll, expect, test } from 'vitest';
import { aWard, hospital, pathOf } from './ward.ts';

/** Everything that a busy half hour said outside the table and the archive. */
const said: {
  mails: string[];
  executions: string[];
  logs: string[];
  log: string[];
  links: string[];
  pins: string[];
} = {
  mails: [],
  executions: [],
  logs: [],
  log: [],
  links: [],
  pins: hospital.clinicians.map((clinician) => clinician.pin),
};

/** Pressures that stand for nothing else, so that a leak is seen. */
const pressures = [
  [231.625, 133.875],
  [187.375, 113.625],
] as const;

beforeAll(async () => {
  const ward = await aWard({
    habits: ({ kind }) =>
      kind === 'page' ? 'ignore' : { afterSeconds: 20, does: kind === 'repeat' ? 'close' : 'accept' },
    onEvent: (line) => void said.log.push(line),
  });
  for (const [systolic, diastolic] of pressures) {
    await ward.measure(systolic, diastolic);
    await ward.seconds(300);
  }
  await ward.put(`{"deviceId":"x","systolic":231,"measuredAt":"Amara Whitlock"}`);
  await ward.seconds(1500);
  await ward.report();
  said.mails = ward.mails().map((mail) => `${mail.subject}\n${mail.text}`);
  said.executions = ward.sfn
    .executions()
    .flatMap((execution) => [
      execution.name,
      execution.input,
      execution.output ?? '',
      ...ward.sfn.history(execution.executionArn).map((event) => JSON.stringify(event)),
    ]);
  said.logs = ward.logs();
  said.links = ward.pages().map(pathOf);
  ward.vigil.stop();
});

const names = hospital.clinicians.flatMap((clinician) => [clinician.name, ...clinician.name.split(' ')]);
const holding = (texts: string[], words: readonly string[]) =>
  texts.filter((text) => words.some((word) => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text)));

test('the half hour had something to say', () => {
  expect(said.links.length).toBeGreaterThan(3);
  expect(said.executions.length).toBeGreaterThan(50);
  expect(said.logs.length).toBeGreaterThan(50);
});

test.each(['mails', 'executions', 'logs', 'log'] as const)('no names and no PINs in the %s', (where) => {
  expect(holding(said[where], names)).toEqual([]);
  expect(holding(said[where], said.pins)).toEqual([]);
});

test.each(['mails', 'executions', 'logs', 'log'] as const)('no pressures in the %s', (where) => {
  const values = pressures.flat().map(String);
  expect(said[where].filter((text) => values.some((value) => text.includes(value)))).toEqual([]);
});

test('an answer link stands in its mail and nowhere else', () => {
  const ids = said.links.map((link) => link.replace('/page/', ''));
  for (const where of ['executions', 'logs', 'log'] as const) {
    expect(said[where].filter((text) => text.includes('/page/'))).toEqual([]);
    expect(said[where].filter((text) => ids.some((id) => text.includes(id)))).toEqual([]);
  }
});
