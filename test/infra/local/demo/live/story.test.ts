import { afterEach, expect, test } from 'vitest';
import { type Line, watch } from '../../../../../infra/local/demo/live/story.ts';
import type { Habits } from '../../../../../infra/local/replay/people.ts';
import type { DeliveredMail } from '../../../../../infra/local/services/sns/service.ts';
import { addresseeOf, answerOf, openForm, submit } from '../../../../end-to-end/browser.ts';
import { aWard, hospital, pathOf, type Ward } from '../../../../end-to-end/ward.ts';

let ward: Ward;
let lines: Line[];
afterEach(() => ward.vigil.stop());

async function aWatchedWard(habits?: Habits): Promise<void> {
  ward = await aWard(habits && { habits });
  lines = [];
  watch(ward.vigil, hospital, 'vigil-production', { onLine: (line) => void lines.push(line) });
}

const told = () => lines.map(({ what, more }) => `${what}: ${more}`);

async function giveWrongPin(mail: DeliveredMail | undefined): Promise<void> {
  const path = pathOf(mail);
  const answer = answerOf({ ...addresseeOf(mail), pin: '000000' }, 'accept');
  await submit(ward, path, { ...(await openForm(ward, path)), ...answer });
}

test('five wrong PINs are told as what they are: nobody declined', async () => {
  await aWatchedWard();
  await ward.measure(188, 112);
  await ward.seconds(20);
  const [mail] = ward.pages();
  for (let attempt = 0; attempt < 5; attempt++) await giveWrongPin(mail);
  await ward.seconds(20);
  expect(told()).toContain(`too many wrong PINs: five on the page of ${addresseeOf(mail).name}`);
  expect(told()).toContain('escalated to doctor: wrong PINs');
  expect(told().join()).not.toMatch(/declined/);
});

test('who really declines is told so', async () => {
  await aWatchedWard(({ person }) =>
    person.role === 'nurse' ? { afterSeconds: 5, does: 'decline' } : 'ignore',
  );
  await ward.measure(188, 112);
  await ward.seconds(40);
  expect(told()).toContain('escalated to doctor: everybody declined');
});

test('from the third time on, everyone is paged again, and readings that join are told once, at the end', async () => {
  await aWatchedWard();
  await ward.measure(188, 112);
  await ward.seconds(10 * 60);
  await ward.measure(187, 111);
  await ward.seconds(62 * 60);
  expect(
    lines.filter(({ what }) => what.startsWith('everyone')).map(({ what, again }) => [what, again]),
  ).toEqual([
    ['everyone paged', undefined],
    ['everyone paged', undefined],
    ['everyone paged again', true],
    ['everyone paged again', true],
  ]);
  expect(lines.filter(({ what }) => /joined|judged/.test(what))).toHaveLength(1);
});

test('readings that joined are counted when the alert is closed', async () => {
  await aWatchedWard(({ person }) =>
    person.role === 'nurse' ? { afterSeconds: 500, does: 'close' } : 'ignore',
  );
  await ward.measure(188, 112);
  for (let reading = 0; reading < 2; reading++) {
    await ward.seconds(60);
    await ward.measure(187, 111);
  }
  await ward.seconds(600);
  expect(told()).toContain('closed: seen and measured by hand; 2 more readings had joined');
});
