/** A night in which every text that a device, a roster or a FHIR resource can set is one that somebody chose to do harm. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { responsible } from '../../handlers/alert/alert.ts';
import { parseHospital } from '../../handlers/on-call/parse-roster.ts';
import type { Hospital } from '../../handlers/on-call/roster.ts';
import { asOperator } from '../../infra/local/account/account.ts';
import { open } from './browser.ts';
import { acceptAfter, aWard, hospital, pathOf, type Ward } from './ward.ts';

/** Each kind of text about a word, which tells where it came from. */
const kinds: Record<string, (word: string) => string> = {
  emoji: (word) => `🏥👩‍⚕️ ${word}`,
  'half a character': (word) => `${word}\ud83d`,
  controls: (word) => `${word}\u0000\u0007\r\nBcc: ${word}@example.org\u001b[2J`,
  'marks of direction': (word) => `${word}\u202e\u2066gnp.exe`,
  '4,000 characters': (word) => word.padEnd(4000, 'A'),
  markup: (word) => `</p><script>${word}()</script>`,
  'a link': (word) => `https://${word}.example/login`,
};
/** Nothing may show it; a device's id may be read as `unregistered device ...-idword`. */
const word = 'badword';
const idWord = 'idword';
const markup = kinds.markup?.(word) ?? '';

const systolic = 191;
const diastolic = 122;
const coded = (code: string) => ({ coding: [{ code, display: markup }], text: markup });
const pressure = (code: string, value: number) => ({
  code: coded(code),
  valueQuantity: { value, code: 'mm[Hg]', unit: kinds.controls?.(word) },
});
const observation = (n: number, effectiveDateTime: string) => ({
  resourceType: 'Observation',
  status: 'final',
  code: coded('85354-9'),
  subject: { reference: `Patient/p-${n}`, display: markup },
  device: { reference: `Device/d-${n}`, display: markup },
  effectiveDateTime,
  component: [pressure('8480-6', systolic), pressure('8462-4', diastolic)],
});

type Sent = (text: string, n: number, at: string) => object;
const ofVigil =
  (field: string): Sent =>
  (text, n, measuredAt) => ({
    ...{ deviceId: `d-${n}`, patientId: `p-${n}`, measuredAt, systolic, diastolic },
    // Two of a kind are two patients and two devices.
    [field]: /Id$/.test(field) ? `${n} ${text}` : text,
  });

/** Each text that is sent, by the field that holds it. */
const fields: Record<string, Sent> = {
  deviceId: ofVigil('deviceId'),
  patientId: ofVigil('patientId'),
  ward: ofVigil('ward'),
  bed: ofVigil('bed'),
  'bed of a registered ward': (text, n, at) => ({ ...ofVigil('bed')(text, n, at), ward: 'ward-002' }),
  'ward and bed of a registered device': (text, n, at) => ({
    ...ofVigil('ward')(text, n, at),
    deviceId: 'bp-001',
    bed: text,
  }),
  cohort: ofVigil('cohort'),
  pulse: ofVigil('pulse'),
  'a field of its own': (text, n, at) => ({
    ...ofVigil('patientId')('', n, at),
    patientId: `p-${n}`,
    [text]: text,
  }),
  'legacy id': (text, n) => ({ id: `${n} ${text}`, systolic, diastolic }),
  'Observation.status': (text, n, at) => ({ ...observation(n, at), status: text }),
  'Observation.device.reference': (text, n, at) => ({
    ...observation(n, at),
    device: { reference: `Device/${n} ${text}` },
  }),
  'Observation.device.identifier': (text, n, at) => ({
    ...observation(n, at),
    device: { identifier: { value: `${n} ${text}` } },
  }),
  'Observation.subject.reference': (text, n, at) => ({
    ...observation(n, at),
    subject: { reference: `Patient/${n} ${text}` },
  }),
  'Observation.subject.identifier': (text, n, at) => ({
    ...observation(n, at),
    subject: { identifier: { value: `${n} ${text}` } },
  }),
};

/** Ids are shown reduced, where nothing better is known; everything else not at all. */
const isId = (field: string) => /(Id|id|\.device\.\w+|\.subject\.\w+)$/.test(field);
const sent = Object.entries(kinds).flatMap(([kind, about]) =>
  Object.entries(fields).map(([field, make]) => ({
    kind,
    field,
    make,
    text: about(isId(field) ? idWord : word),
  })),
);
/** As it stands in JSON, as a log or an input would have it, too. */
const hostile = sent.flatMap(({ text }) => [
  text.slice(0, 60),
  JSON.stringify(text.slice(0, 60)).slice(1, -1),
]);
const withHostile = (texts: readonly string[]) =>
  texts.filter((text) => text.includes(word) || hostile.some((part) => text.includes(part)));
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u;

let ward: Ward;
let pages: { body: string; headers: string }[];

beforeAll(async () => {
  ward = await aWard({ habits: acceptAfter(20) });
  for (const [n, { text, make }] of sent.entries()) {
    const at = new Date(ward.vigil.clock.now()).toISOString();
    await ward.put(JSON.stringify(make(text, n, at)));
    await ward.seconds(4);
  }
  await ward.seconds(90);
  pages = [];
  for (const mail of ward.pages()) {
    const page = await open(ward, pathOf(mail));
    pages.push({ body: page.body, headers: JSON.stringify(page.headers) });
  }
});

afterAll(() => ward?.vigil.stop());

const place = `(ward-00[12] bed [1-4]|((unregistered )?device [A-Za-z0-9_-]{1,24}|device without an ID), ward ward-00[12])`;

test('each reading is part of an alert, or refused because nothing but a text that is no id says whose it is', () => {
  const joined = ward.alerts().flatMap(({ events }) => events.filter(({ type }) => type === 'joined'));
  const refused = ward.logs().filter((line) => /"reading-(quarantined|refused)"/.test(line));
  expect(ward.alerts().length + joined.length + refused.length).toBe(sent.length);
  // Unseen characters inside are part of no name, an emoji's joiner among them.
  const noId = ['emoji', 'half a character', 'controls', 'marks of direction', '4,000 characters'];
  const onlyId = sent.filter(({ kind, field }) => field === 'legacy id' && noId.includes(kind));
  expect(refused).toHaveLength(onlyId.length);
});

test('every alert was paged and answered', () => {
  for (const alert of ward.alerts()) {
    expect(alert.events.some(({ type }) => type === 'paged')).toBe(true);
    expect(responsible(alert)).toMatchObject({
      clinicianId: expect.any(String),
      round: alert.round.number,
    });
  }
});

test('no mail names what is not registered, and each says where', () => {
  const mails = ward
    .mails()
    .filter(({ subject }) => subject !== 'AWS Notification - Subscription Confirmation');
  expect(ward.pages().length).toBeGreaterThanOrEqual(ward.alerts().length);
  for (const { subject, text } of mails) {
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(text).not.toMatch(unseen);
    expect(text.match(/https?:\/\/[^/\s]+/g)?.every((link) => link.includes('execute-api')) ?? true).toBe(
      true,
    );
  }
  expect(withHostile(mails.flatMap(({ subject, text }) => [subject, text]))).toEqual([]);
  for (const { subject, text } of ward.pages()) {
    expect(text.split('\n')[0]).toMatch(new RegExp(`, ${place}, reference VG \\w{6}\\.$`));
    expect(subject).toMatch(/ - VG \w{6}$/);
  }
});

test('no page shows it, and no header has it', () => {
  for (const { body } of pages) {
    expect(/<p class="place">(.*)<\/p>/.exec(body)?.[1]).toMatch(new RegExp(`^${place}$`));
    expect(body).not.toMatch(unseen);
  }
  expect(withHostile(pages.flatMap(({ body, headers }) => [body, headers]))).toEqual([]);
});

test('nothing of it stands in a log or in the name of an execution', () => {
  expect([...withHostile(ward.logs()), ...ward.logs().filter((line) => line.includes(idWord))]).toEqual([]);
  const names = ward.executions().map(({ name }) => name);
  expect(names.filter((name) => !/^[A-Za-z0-9_-]{1,80}$/.test(name) || /badword|idword/.test(name))).toEqual(
    [],
  );
});

test('the night reconciles', async () => {
  expect(await ward.report()).toMatchObject({ lost: 0, duplicated: 0, reconciled: true });
});

describe('a roster', () => {
  type Change = (hospital: Hospital, text: string) => void;
  const texts: Record<string, Change> = {
    name: (it, text) => void Object.assign(it, { name: text }),
    'wards[1].id': (it, text) => void it.wards.splice(1, 1, { id: text, name: 'B' }),
    'wards[0].name': (it, text) => void it.wards.splice(0, 1, { ...it.wards[0], id: 'ward-001', name: text }),
    'wards[0].beds[0]': (it, text) => void it.wards.splice(0, 1, { id: 'ward-001', name: 'A', beds: [text] }),
    'clinicians[0].name': (it, text) => void Object.assign(it.clinicians[0] ?? {}, { name: text }),
    'devices[0].id': (it, text) => void Object.assign(it.devices[0] ?? {}, { id: text }),
    'devices[0].bed': (it, text) => void Object.assign(it.devices[0] ?? {}, { bed: text }),
    'devices[0].patientId': (it, text) => void Object.assign(it.devices[0] ?? {}, { patientId: text }),
  };
  const refused = ['half a character', 'controls', 'marks of direction', '4,000 characters'] as const;

  test.each(Object.keys(texts).flatMap((path) => refused.map((kind) => [path, kind] as const)))(
    'is refused for its %s with %s, which names the field and repeats nothing unseen',
    (path, kind) => {
      const changed = structuredClone(hospital);
      texts[path]?.(changed, kinds[kind]?.(word) ?? '');
      let message = '';
      try {
        parseHospital(JSON.stringify(changed), 'ours.json');
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message.split('\n').some((line) => line.startsWith(`ours.json: ${path}: `))).toBe(true);
      expect(message).not.toMatch(unseen);
    },
  );

  test('with emoji, markup and links in its names pages and is answered; a page shows them as text', async () => {
    const id = 'Süd 🏥 <b>badword</b> https://badword.example';
    const changed = structuredClone(hospital);
    const inWard = (wards: string[]) => wards.map((of) => (of === 'ward-001' ? id : of));
    const named = parseHospital(
      JSON.stringify({
        ...changed,
        fallbackWard: id,
        wards: changed.wards.map((it) => (it.id === 'ward-001' ? { id, name: markup } : it)),
        clinicians: changed.clinicians.map((it) => ({
          ...it,
          name: `${markup} 🏥`,
          wards: inWard(it.wards),
        })),
        rotations: changed.rotations.map((it) => ({ ...it, ward: inWard([it.ward])[0] })),
        devices: changed.devices.map((it) => ({ ...it, ward: inWard([it.ward])[0], bed: `${it.bed} ✚` })),
      }),
      'ours.json',
    );
    const other = await aWard({ hospital: named, habits: acceptAfter(20) });
    try {
      await asOperator(other.vigil, 'kinesis', 'PutRecord', {
        StreamName: other.vigil.outputs.StreamName,
        PartitionKey: 'bp-001',
        Data: Buffer.from(JSON.stringify({ id: 'bp-001', systolic, diastolic })),
      });
      await other.seconds(10);
      const [mail] = other.pages();
      expect(mail?.subject).toMatch(
        /^CRITICAL blood pressure - Sued \? <b>badword<\/b> https:.*bed 1 \? - VG \w{6}$/,
      );
      expect(mail?.text).toContain(`${id} bed 1 ✚, reference`);
      const { body } = await open(other, pathOf(mail));
      expect(body).not.toMatch(/<script|<b>|href="https:\/\/badword/);
      expect(body).toContain('&lt;b&gt;badword&lt;/b&gt;');
      await other.seconds(60);
      const [alert] = other.alerts();
      expect(alert && responsible(alert)?.clinicianId).toEqual(expect.any(String));
      expect(other.executions().map(({ name }) => name)).toEqual([
        expect.stringMatching(/^critical-Sued-b-badword-b?-?1-\w+-\w+$/),
      ]);
    } finally {
      other.vigil.stop();
    }
  });
});
