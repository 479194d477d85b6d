import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { asOperator } from '../../infra/local/account.ts';
import { playStory } from '../../infra/local/story.ts';
import type { Template } from '../../infra/local/template.ts';
import { acceptAfter, aWard, hospital, pathOf, type Ward } from './ward.ts';

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

const roleOf = (to: string) => hospital.clinicians.find((clinician) => clinician.email === to)?.role;
const rolesPaged = (it: Ward) => it.pages().map((mail) => roleOf(mail.to));

/** Takes a permission out of every policy of the template. */
const without = (action: string) => (template: Template) => {
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::IAM::Policy') continue;
    for (const statement of Properties.PolicyDocument.Statement)
      if ([statement.Action].flat().includes(action)) statement.Action = 'none:Nothing';
  }
};

test('a nurse whose subscription is gone is passed over at once: the doctor is paged within ten seconds', async () => {
  ward = await aWard();
  const onCall = async () => {
    const prefix = `arn:aws:sns:eu-west-2:111122223333:vigil-production-clinician-`;
    for (const nurse of hospital.clinicians.filter((clinician) => clinician.role === 'nurse')) {
      const TopicArn = `${prefix}${nurse.id}`;
      const { Subscriptions } = await asOperator((ward as Ward).vigil, 'sns', 'ListSubscriptionsByTopic', {
        TopicArn,
      });
      for (const { SubscriptionArn } of Subscriptions)
        await asOperator((ward as Ward).vigil, 'sns', 'Unsubscribe', { SubscriptionArn });
    }
  };
  await onCall();
  await ward.measure(188, 112);
  await ward.seconds(13);
  expect(rolesPaged(ward)).toEqual(['doctor']);
  expect(ward.alert().events.map((event) => event.type)).toEqual([
    'raised',
    'paged',
    'undeliverable',
    'escalated',
    'paged',
  ]);
});

test('when no page can be published at all, the ladder is at everyone within seconds, and does not spin there', async () => {
  ward = await aWard({ change: without('sns:Publish') });
  await ward.measure(188, 112);
  await ward.seconds(20);
  expect(ward.alert()).toMatchObject({ status: 'open', rung: 'everyone' });
  const before = ward.alert().seq;
  await ward.seconds(240);
  expect(ward.alert().seq - before).toBeLessThan(30);
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
  expect(await ward.report()).toMatchObject({ lost: 0, duplicated: 0, reconciled: true, openAtEnd: 0 });
});

test('with the Catch of the nurse’s page removed and SNS down, the story does not happen', async () => {
  const story = await playStory(hospital, {
    change(template) {
      const machine = Object.values(template.Resources).find(
        ({ Type, Properties }) =>
          Type === 'AWS::StepFunctions::StateMachine' && Properties.StateMachineName.endsWith('-escalation'),
      );
      const definition = JSON.parse(machine?.Properties.DefinitionString);
      delete definition.States['Page nurse'].Catch;
      if (machine) machine.Properties.DefinitionString = JSON.stringify(definition);
    },
    before: (vigil) => void vigil.faults.outage('sns'),
  });
  expect(story.happened).toBe(false);
});

test('an unreadable record is quarantined once with its bytes, and its neighbours alert', async () => {
  ward = await aWard();
  const broken = '{"deviceId":"bp-1","measuredAt":"yesterday","systolic":';
  await ward.put(broken);
  await ward.measure(188, 112);
  await ward.put(broken);
  await ward.seconds(10);
  expect(rolesPaged(ward)).toEqual(['nurse']);
  const folder = join(
    ward.vigil.directory,
    's3',
    ward.vigil.outputs.ArchiveBucket as string,
    'quarantine/dt=2026-03-03',
  );
  const kept = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  expect(kept.map((row) => [row.reason, Buffer.from(row.bytes_base64, 'base64').toString()])).toEqual([
    ['record: not JSON', broken],
    ['record: not JSON', broken],
  ]);
  await ward.seconds(120);
  expect(await ward.report()).toMatchObject({ readings: 3, archived: 1, quarantined: 2, lost: 0 });
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
  expect(ward.pages().at(-1)?.subject).toContain('EMERGENCY');
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
    'a reading measured before the acceptance',
    (it: Ward) => it.put(record(it, it.vigil.clock.now() - 240_000, 120, 70)),
    'REPEAT MEASUREMENT',
  ],
  ['a reading that is still critical', (it: Ward) => it.measure(186, 110), 'STILL ALARMING'],
])('silence is not recovery: %s after acceptance asks again', async (_what, meanwhile, subject) => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(10);
  const nurse = hospital.clinicians.find((clinician) => clinician.email === ward?.pages()[0]?.to);
  await answer(ward, nurse?.id ?? '', nurse?.pin ?? '');
  await ward.seconds(60);
  await meanwhile(ward);
  await ward.seconds(900);
  expect(ward.alert()).toMatchObject({ status: 'open', round: 2 });
  expect(ward.pages().at(-1)?.subject).toContain(subject);
});

/** Opens the newest page and accepts with a PIN. */
async function answer(it: Ward, clinician: string, pin: string, mail = it.pages().at(-1)) {
  const api = it.vigil.service<import('../../infra/local/services/http-api.ts').HttpApiService>('http-api');
  const path = pathOf(mail as NonNullable<typeof mail>);
  const page = await it.vigil.until(api.request({ method: 'GET', path }));
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body)?.[1] ?? '';
  const body = new URLSearchParams({
    token: hidden('token'),
    shown: hidden('shown'),
    clinician,
    pin,
    action: 'accept',
  });
  return it.vigil.until(
    api.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    }),
  );
}

test('two people accept at once: one owner, and the other is told who has it', async () => {
  ward = await aWard();
  await ward.measure(230, 131);
  await ward.seconds(10);
  const people = ward
    .pages()
    .map((mail) => hospital.clinicians.find((clinician) => clinician.email === mail.to));
  expect(people.map((person) => person?.role).sort()).toEqual(['doctor', 'nurse']);
  const [first, second] = people as NonNullable<(typeof people)[number]>[];
  const one = await answer(ward, first?.id ?? '', first?.pin ?? '', ward.pages()[0]);
  const two = await answer(ward, second?.id ?? '', second?.pin ?? '', ward.pages()[1]);
  expect(ward.alert().ownerId).toBe(first?.id);
  expect(one.body).toContain('You have it since');
  expect(two.body).toContain(`${first?.name} (${first?.role}) has it since`);
  expect(ward.alert().events.filter((event) => event.type === 'accepted')).toHaveLength(1);
});

test('a mail scanner that opens every link and submits every form acknowledges nothing', async () => {
  ward = await aWard();
  await ward.measure(188, 112);
  await ward.seconds(10);
  const api = ward.vigil.service<import('../../infra/local/services/http-api.ts').HttpApiService>('http-api');
  const path = pathOf(ward.pages()[0] as NonNullable<ReturnType<Ward['pages']>[number]>);
  const before = ward.alert().seq;
  for (const method of ['GET', 'HEAD']) await ward.vigil.until(api.request({ method, path }));
  expect(ward.alert().seq).toBe(before);
  const { body } = await ward.vigil.until(api.request({ method: 'GET', path }));
  expect(body).not.toMatch(/\b(188|112)\b/);
  const token = /name="token" value="([^"]*)"/.exec(body)?.[1] ?? '';
  const clinicians = [...body.matchAll(/<option value="([^"]+)"/g)].map((match) => match[1] as string);
  for (const action of ['accept', 'decline', 'look', 'close'])
    for (const clinician of clinicians)
      for (const pin of ['', '123456', 'test', '000000'])
        await ward.vigil.until(
          api.request({
            method: 'POST',
            path,
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: new URLSearchParams({
              token,
              shown: 'critical',
              clinician,
              pin,
              action,
              session: 'x.1.y',
            }).toString(),
          }),
        );
  expect(ward.alert()).toMatchObject({ status: 'open', ownerId: null });
  expect(ward.alert().events.some((event) => event.type === 'accepted')).toBe(false);
});
