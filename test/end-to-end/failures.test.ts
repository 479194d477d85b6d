import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { asOperator } from '../../infra/local/account/account.ts';
import type { Template } from '../../infra/local/account/template.ts';
import { playStory } from '../../infra/local/demo/once.ts';
import type { HttpApiService } from '../../infra/local/services/http-api.ts';
import type { Mail } from '../../infra/local/services/sns/service.ts';
import {
  acceptAfter,
  aWard,
  hospital,
  operationsAddress,
  pathOf,
  topicOf,
  unsubscribe,
  type Ward,
} from './ward.ts';

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

const roleOf = (to: string) => hospital.clinicians.find((clinician) => clinician.email === to)?.role;
const rolesPaged = (it: Ward) => it.pages().map((mail) => roleOf(mail.to));

/** Takes a permission, on resources that are named so, out of every policy of the template. */
const without =
  (action: string, resource = '') =>
  (template: Template) => {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type !== 'AWS::IAM::Policy') continue;
      for (const statement of Properties.PolicyDocument.Statement)
        if (
          [statement.Action].flat().includes(action) &&
          JSON.stringify(statement.Resource).includes(resource)
        )
          statement.Action = 'none:Nothing';
    }
  };

/** A function that lacks one of its settings throws whenever it is called. */
function breakFunction(template: Template, entry: string): void {
  for (const { Type, Properties } of Object.values(template.Resources))
    if (Type === 'AWS::Lambda::Function' && Properties.FunctionName.endsWith(`-${entry}`))
      delete Properties.Environment.Variables.TABLE_NAME;
}

const nurses = hospital.clinicians.filter(({ role }) => role === 'nurse');

async function unsubscribeNurses(it: Ward): Promise<void> {
  for (const { id } of nurses) await unsubscribe(it, `clinician-${id}`);
}

/** Takes every nurse's subscription away and asks for it anew: nobody has confirmed it when the reading comes. */
async function leaveNursesUnconfirmed(it: Ward): Promise<void> {
  await unsubscribeNurses(it);
  // The mails that ask for confirmation are a day late.
  const { faults } = it.vigil;
  const delay = faults.mailDelayMs;
  faults.mailDelayMs = () => 86_400_000;
  for (const { id, email } of nurses)
    await asOperator(it.vigil, 'sns', 'Subscribe', {
      TopicArn: topicOf(`clinician-${id}`),
      Protocol: 'email',
      Endpoint: email,
    });
  faults.mailDelayMs = delay;
}

test.each([
  ['gone', unsubscribeNurses],
  ['not confirmed', leaveNursesUnconfirmed],
])(
  'a nurse whose subscription is %s is passed over at once: the doctor has the mail within ten seconds',
  async (_how, take) => {
    ward = await aWard();
    await take(ward);
    const sentAt = ward.vigil.clock.now();
    await ward.measure(188, 112);
    await ward.seconds(10 - (ward.vigil.clock.now() - sentAt) / 1000);
    expect(rolesPaged(ward)).toEqual(['doctor']);
    expect(ward.alert().events.map((event) => event.type)).toEqual([
      ...['raised', 'asking', 'undeliverable', 'escalated'],
      ...['asking', 'paged'],
    ]);
  },
);

test('a clinician who may not be mailed by the function: the ladder is at everyone at once, the operations are told, and it does not spin', async () => {
  ward = await aWard({ change: without('sns:Publish', '-clinician-') });
  await ward.measure(188, 112);
  await ward.seconds(20);
  expect(ward.alert()).toMatchObject({ status: 'open', rung: 'everyone' });
  expect(ward.pages()).toEqual([]);
  const told = () => (ward as Ward).mails().filter((mail) => mail.to === operationsAddress);
  expect(told().at(-1)?.subject).toMatch(/everyone/i);
  const before = { seq: ward.alert().seq, told: told().length };
  await ward.seconds(240);
  expect(ward.alert().seq - before.seq).toBeLessThan(30);
  expect(told().length - before.told).toBeLessThanOrEqual(5);
});

test('a page function that throws before it has done anything: one execution climbs to everyone, and goes on trying', async () => {
  ward = await aWard({ change: (template) => breakFunction(template, 'page-clinicians') });
  await ward.measure(188, 112);
  await ward.seconds(20);
  expect(ward.alert()).toMatchObject({ status: 'open', rung: 'everyone' });
  await ward.seconds(300);
  const [only] = ward.executions();
  expect(ward.executions()).toHaveLength(1);
  const calls = ward.states(only?.executionArn ?? '').filter((name) => name === 'Page everyone');
  expect(calls.length).toBeGreaterThan(3);
  expect(calls.length).toBeLessThan(12);
});

test('SNS down for three minutes: somebody is paged right after, and nothing is lost', async () => {
  ward = await aWard({ habits: acceptAfter(20) });
  const back = ward.vigil.faults.outage('sns');
  await ward.measure(188, 112);
  await ward.seconds(180);
  expect(ward.pages()).toEqual([]);
  back();
  await ward.seconds(90);
  expect(ward.pages().length).toBeGreaterThan(0);
  expect(ward.alert().ownerId).not.toBeNull();
  await ward.measure(128, 76);
  await ward.seconds(1200);
  const summary = await ward.report();
  expect(summary).toMatchObject({ lost: 0, duplicated: 0, reconciled: true, openAtEnd: 0 });
  // Nothing is lost, but the night is no good one: somebody has to know why nobody could be mailed.
  expect(summary.pagesFailed).toBeGreaterThan(2);
  await ward.seconds(60);
  expect(ward.reportPages().at(-1)).toMatch(
    /<h1 class="bad">Not everything is known: \d+ pages could not be mailed\./,
  );
  const mail = ward.mails().findLast(({ subject }) => subject.startsWith('Vigil: the night'));
  expect(mail?.subject).toContain('not everything is known');
  expect(mail?.text).toContain(`could not be mailed ${summary.pagesFailed}`);
});

function removeCatchOfNurse(template: Template): void {
  const machine = Object.values(template.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::StepFunctions::StateMachine' && Properties.StateMachineName.endsWith('-escalation'),
  );
  const definition = JSON.parse(machine?.Properties.DefinitionString);
  delete definition.States['Page nurse'].Catch;
  if (machine) machine.Properties.DefinitionString = JSON.stringify(definition);
}

test('with the Catch of the nurse’s page removed and SNS down, the story does not happen', async () => {
  const story = await playStory(hospital, {
    change: removeCatchOfNurse,
    // Down for the first scene; the whole night of it is played by `npm start -- --once --down sns`.
    before: ({ clock, faults }) => void clock.after(20 * 60_000, faults.outage('sns')),
  });
  expect(story.happened).toBe(false);
});

test('it is the Catch that keeps one execution going: without it the first failed page ends the execution', async () => {
  const executionsAfter = async (change: (template: Template) => void) => {
    ward = await aWard({ change });
    const back = ward.vigil.faults.outage('sns');
    await ward.measure(188, 112);
    await ward.seconds(30);
    back();
    const statuses = ward.executions().map(({ status }) => status);
    ward.vigil.stop();
    ward = undefined;
    return statuses;
  };
  expect(await executionsAfter(() => {})).toEqual(['RUNNING']);
  expect((await executionsAfter(removeCatchOfNurse))[0]).toBe('FAILED');
});

test('an unreadable record in one batch with critical ones, redelivered: quarantined once with its bytes, neighbours alert once', async () => {
  ward = await aWard();
  const { vigil, device } = ward;
  const other = hospital.devices.filter((candidate) => candidate.patientId)[1];
  const broken = '{"deviceId":"bp-1","measuredAt":"yesterday","systolic":';
  const now = vigil.clock.now();
  const critical = (of: typeof device | undefined) =>
    JSON.stringify({
      ...JSON.parse(record(ward as Ward, now, 188, 112)),
      deviceId: of?.id,
      patientId: of?.patientId,
    });
  // While the table is away no claim is certain: the batch comes again, as a whole and in halves.
  const back = vigil.faults.outage('dynamodb');
  await asOperator(vigil, 'kinesis', 'PutRecords', {
    StreamName: vigil.outputs.StreamName,
    Records: [critical(device), broken, critical(other)].map((data) => ({
      PartitionKey: device.id,
      Data: Buffer.from(data),
    })),
  });
  await ward.seconds(20);
  expect(ward.executions()).toEqual([]);
  back();
  await ward.seconds(60);
  const folder = join(
    vigil.directory,
    's3',
    vigil.outputs.ArchiveBucket as string,
    'quarantine/dt=2026-03-03',
  );
  const kept = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  expect(kept.map((row) => [row.reason, Buffer.from(row.bytes_base64, 'base64').toString()])).toEqual([
    ['record: not JSON', broken],
  ]);
  const quarantined = ward.logs().filter((line) => line.includes('reading-quarantined'));
  expect(quarantined.length).toBeGreaterThan(1);
  expect(rolesPaged(ward)).toEqual(['nurse', 'nurse']);
  expect(ward.executions()).toHaveLength(2);
  await ward.seconds(120);
  expect(await ward.report()).toMatchObject({
    readings: 3,
    archived: 2,
    quarantined: 1,
    alertsOpened: 2,
    lost: 0,
  });
});

const at = (ms: number) => new Date(ms).toISOString();
const record = (it: Ward, measuredAtMs: number, systolic: number, diastolic: number) =>
  JSON.stringify({
    deviceId: it.device.id,
    patientId: it.device.patientId,
    measuredAt: at(measuredAtMs),
    systolic,
    diastolic,
  });

test('the same reading twice on the stream alerts once', async () => {
  ward = await aWard();
  const twice = record(ward, ward.vigil.clock.now(), 188, 112);
  await ward.put(twice);
  await ward.seconds(5);
  await ward.put(twice);
  await ward.seconds(60);
  expect(ward.executions()).toHaveLength(1);
  expect(ward.pages()).toHaveLength(1);
  expect(await ward.report()).toMatchObject({
    readings: 1,
    alertsOpened: 1,
    readingsJoined: 0,
    reconciled: true,
  });
});

test('a late critical reading is set aside only when a newer trusted one is known', async () => {
  ward = await aWard();
  const now = ward.vigil.clock.now();
  await ward.put(record(ward, now, 124, 78));
  await ward.seconds(5);
  await ward.put(record(ward, now - 600_000, 190, 118));
  await ward.seconds(60);
  expect(ward.executions()).toEqual([]);
  await ward.put(
    JSON.stringify({ ...JSON.parse(record(ward, now - 600_000, 84, 50)), patientId: 'another' }),
  );
  await ward.seconds(60);
  expect(ward.pages()).toHaveLength(1);
  expect(await ward.report()).toMatchObject({
    critical: 2,
    superseded: 1,
    alertsOpened: 1,
    lost: 0,
    reconciled: true,
  });
});

test('a zero is a suspect reading that climbs the same ladder: check patient and cuff', async () => {
  ward = await aWard();
  await ward.measure(0, 0);
  await ward.seconds(250);
  expect(ward.pages().map((mail) => mail.subject.replace(/ - .*/, ''))).toEqual([
    'CHECK PATIENT AND CUFF',
    'REMINDER: CHECK PATIENT AND CUFF',
    'CHECK PATIENT AND CUFF',
  ]);
  expect(rolesPaged(ward)).toEqual(['nurse', 'nurse', 'doctor']);
});

test('worse breaks through while the nurse is waited for: an emergency pages nurse and doctor at once', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(30);
  await ward.measure(232, 130);
  await ward.seconds(10);
  expect(rolesPaged(ward).slice(1).sort()).toEqual(['doctor', 'nurse']);
  const again = ward.pages().slice(1);
  expect(again.find((mail) => roleOf(mail.to) === 'nurse')?.subject).toMatch(/^WORSE: EMERGENCY/);
  expect(again.find((mail) => roleOf(mail.to) === 'doctor')?.subject).toContain('EMERGENCY');
  expect(ward.alert()).toMatchObject({ worst: 'emergency', announced: 'emergency', round: 1 });
});

test('worse after acceptance asks for a new answer; the owner stays responsible meanwhile', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(10);
  const nurse = hospital.clinicians.find((clinician) => clinician.email === ward?.pages()[0]?.to);
  await answer(ward, nurse?.id ?? '', nurse?.pin ?? '');
  expect(ward.alert()).toMatchObject({ ownerId: nurse?.id, ownerRound: 1 });
  await ward.measure(235, 131);
  await ward.seconds(10);
  expect(ward.alert()).toMatchObject({ ownerId: nurse?.id, ownerRound: 1, round: 2, asking: 'worse' });
  expect(ward.pages().at(-1)?.subject).toMatch(/^WORSE: EMERGENCY/);
});

test.each([
  ['no new reading', async () => {}, 'REPEAT MEASUREMENT'],
  ['a suspect reading', (it: Ward) => it.measure(140, 139), 'REPEAT MEASUREMENT'],
  [
    'a good reading measured before the acceptance, after the alarm,',
    (it: Ward) => it.put(record(it, it.vigil.clock.now() - 90_000, 120, 70)),
    'REPEAT MEASUREMENT',
  ],
  ['a reading that is still critical', (it: Ward) => it.measure(186, 110), 'STILL ALARMING'],
])('silence is not recovery: %s after acceptance asks again', async (_what, meanwhile, subject) => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(60);
  const nurse = hospital.clinicians.find((clinician) => clinician.email === ward?.pages()[0]?.to);
  await answer(ward, nurse?.id ?? '', nurse?.pin ?? '');
  await ward.seconds(60);
  await meanwhile(ward);
  await ward.seconds(900);
  expect(ward.alert()).toMatchObject({ status: 'open', round: 2 });
  expect(ward.pages().at(-1)?.subject).toContain(subject);
});

const apiOf = ({ vigil }: Ward) => vigil.service<HttpApiService>('http-api');

/** The hidden fields of a page's form. */
async function openForm(it: Ward, path: string) {
  const { body } = await it.vigil.until(apiOf(it).request({ method: 'GET', path }));
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? '';
  return { token: hidden('token'), shown: hidden('shown') };
}

const submit = (it: Ward, path: string, fields: Record<string, string>) =>
  apiOf(it).request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });

/** Opens the newest page and accepts with a PIN. */
async function answer(it: Ward, clinician: string, pin: string) {
  const path = pathOf(it.pages().at(-1) as Mail);
  const form = await openForm(it, path);
  return it.vigil.until(submit(it, path, { ...form, clinician, pin, action: 'accept' }));
}

test.each([0, 4, 9])(
  'two people accept at once, %i ms apart: one owner, and the other is told who has it',
  async (apartMs) => {
    ward = await aWard();
    await ward.measure(230, 131);
    await ward.seconds(10);
    const asked = ward.pages().map((mail) => ({
      path: pathOf(mail),
      person: hospital.clinicians.find((clinician) => clinician.email === mail.to),
    }));
    expect(asked.map(({ person }) => person?.role).sort()).toEqual(['doctor', 'nurse']);
    const { clock } = ward.vigil;
    const pages = [];
    for (const [index, { path, person }] of asked.entries())
      pages.push({ path, person, index, form: await openForm(ward, path) });
    const answers = await ward.vigil.until(
      Promise.all(
        pages.map(async ({ path, person, form, index }) => {
          await clock.sleep(index * apartMs);
          return submit(ward as Ward, path, {
            ...form,
            clinician: person?.id ?? '',
            pin: person?.pin ?? '',
            action: 'accept',
          });
        }),
      ),
    );
    const owner = ward.alert().ownerId;
    expect(ward.alert().events.filter((event) => event.type === 'accepted')).toHaveLength(1);
    for (const [index, { person }] of pages.entries()) {
      const has = pages.find((page) => page.person?.id === owner)?.person;
      expect(answers[index]?.body).toContain(
        person?.id === owner ? 'You have it since' : `${has?.name} (${has?.role}) has it since`,
      );
    }
  },
);

test('a mail scanner that opens every link and submits every form acknowledges nothing: at worst the next person is paged early', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(10);
  const path = pathOf(ward.pages()[0] as Mail);
  const before = ward.alert().seq;
  for (const method of ['GET', 'HEAD']) await ward.vigil.until(apiOf(ward).request({ method, path }));
  expect(ward.alert().seq).toBe(before);

  const { body } = await ward.vigil.until(apiOf(ward).request({ method: 'GET', path }));
  const form = await openForm(ward, path);
  const addressee = /name="clinician" value="([^"]+)"/.exec(body)?.[1] ?? '';
  // What the page does not name a scanner may still know of the ward.
  const clinicians = hospital.clinicians
    .filter(({ wards }) => wards.includes('ward-001'))
    .map(({ id }) => id);
  expect([form.token.length > 0, form.shown, clinicians.includes(addressee)]).toEqual([
    true,
    'critical',
    true,
  ]);
  const shown = [body];
  // A made-up session stops a form before its PIN is looked at, so both roads are tried.
  for (const session of [{ session: 'x.1.y' }, {}])
    for (const action of ['accept', 'decline', 'look', 'close'])
      for (const clinician of clinicians)
        for (const pin of ['', 'test', '123456', '000000', '739145']) {
          const fields = { ...form, ...session, clinician, pin, action, reason: 'transferred' };
          shown.push((await ward.vigil.until(submit(ward, path, fields))).body);
        }
  expect(shown.filter((page) => /\b(188|112)\b/.test(page))).toEqual([]);
  expect(ward.alert()).toMatchObject({ status: 'open', ownerId: null });
  expect(ward.alert().events.map(({ type }) => type)).not.toContain('accepted');

  await ward.seconds(70);
  expect(rolesPaged(ward)).toContain('doctor');
  const nurse = hospital.clinicians.find((clinician) => clinician.email === ward?.pages()[0]?.to);
  await ward.vigil.until(
    submit(ward, path, { ...form, clinician: nurse?.id ?? '', pin: nurse?.pin ?? '', action: 'accept' }),
  );
  expect(ward.alert().ownerId).toBe(nurse?.id);
});
