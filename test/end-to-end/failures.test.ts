/** Mail, the functions that send it, or its recipients' subscriptions fail: the next people are asked, and one execution goes on. */

import { afterEach, expect, test } from 'vitest';
import { responsible } from '../../handlers/alert/alert.ts';
import { asOperator } from '../../infra/local/account/account.ts';
import type { Template } from '../../infra/local/account/template.ts';
import { playStory } from '../../infra/local/demo/once.ts';
import {
  acceptAfter,
  aWard,
  hospital,
  operationsAddress,
  rolesPaged,
  topicOf,
  unsubscribe,
  type Ward,
} from './ward.ts';

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

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

test('a clinician who may not be mailed by the function: everyone is asked at once, the operations are told, and it does not spin', async () => {
  ward = await aWard({ change: without('sns:Publish', '-clinician-') });
  await ward.measure(188, 112);
  await ward.seconds(20);
  expect(ward.openAlert()).toMatchObject({ step: { escalationLevel: 'everyone' } });
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
  expect(ward.openAlert()).toMatchObject({ step: { escalationLevel: 'everyone' } });
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
  expect(responsible(ward.alert())).not.toBeNull();
  await ward.measure(128, 76);
  await ward.seconds(1200);
  const { summary, html } = await ward.reported();
  expect(summary).toMatchObject({ lost: 0, duplicated: 0, reconciled: true, openAtEnd: 0 });
  // Nothing is lost, but the night is no good one: somebody has to know why nobody could be mailed.
  expect(summary.pagesFailed).toBeGreaterThan(2);
  expect(html).toMatch(/<h1 class="bad">Not everything is known: \d+ pages could not be mailed\./);
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
