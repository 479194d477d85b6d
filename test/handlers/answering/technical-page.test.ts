/** The page of a device's alert: no vitals of a patient, its own reasons, and nobody is sent to a patient by it. */
import { beforeEach, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { newPage } from '../../../handlers/alert/page.ts';
import { StoredAlert } from '../../../handlers/aws/dynamodb/alert-store.ts';
import { aDeviceAlert, at, minute } from '../alert/builders.ts';
import { open, submit, textOf } from './browser.ts';
import { aPageStory, link, nurse, wrongPin } from './page-story.ts';

const story = aPageStory();
const { pk } = aDeviceAlert();
const alertNow = (): Alert => StoredAlert.parse(story.aws.items.get(pk)).alert;

beforeEach(() => {
  story.put(aDeviceAlert());
  const page = newPage(aDeviceAlert(), link, 'nurse-1', at(0));
  story.aws.items.set(page.pk, page);
});

test('says that it is a technical alert, of which device, and what to do', async () => {
  const { html } = await open(link);
  expect(textOf(html)).toContain('TECHNICAL ALERT ward-001 bed 4');
  expect(textOf(html)).toContain(
    'Technical alert, not raised for a patient. Device bp-1: what it sends cannot be read.',
  );
  expect(textOf(html)).toContain('Since 02:59.');
});

test('behind the PIN there are no vitals, and the reasons are those of a device', async () => {
  const { html } = await submit(link, await open(link), 'show', nurse);
  const text = textOf(html);
  expect(text).toContain('Device bp-1: what it sends cannot be read.');
  expect(text).not.toMatch(/Last readings|131|191|measured by hand|comfort care/);
  expect([...html.matchAll(/<option value="(\w+)"/g)].map(([, reason]) => reason)).toEqual([
    'deviceChecked',
    'deviceRemoved',
  ]);
  expect(text).toContain('Vigil keeps asking until the alert is closed or the device sends a good reading.');
  expect(story.aws.calls.filter((call) => call.startsWith('Get VITALS#'))).toEqual([]);
});

test('accepted: the device is looked at again in an hour', async () => {
  const { html } = await submit(link, await open(link), 'accept', nurse);
  expect(textOf(html)).toContain('The recheck is at 04:01: please have the device measure again by then.');
  expect(alertNow().standing).toMatchObject({ is: 'owned', deadline: minute(61) });
});

test('closed by a reason of a device, and by none of a patient', async () => {
  const inside = await submit(link, await open(link), 'show', nurse);
  const refused = await submit(link, inside, 'close', { reason: 'died' });
  expect(textOf(refused.html)).toContain('Choose a reason for closing the alert.');
  const closed = await submit(link, refused, 'close', { reason: 'deviceChecked' });
  expect(textOf(closed.html)).toContain(
    'device checked. A fault after its next good reading, or the same one a day later, opens a new alert.',
  );
  expect(alertNow().standing).toMatchObject({ is: 'closed', reason: 'deviceChecked' });
  expect(textOf((await open(link)).html)).toContain('If the device fails again, a new message will be sent.');
});

test('a patient’s alert is not closed by a device’s reason', async () => {
  story.putPage();
  const inside = await submit(link, await open(link), 'show', nurse);
  const refused = await submit(link, inside, 'close', { reason: 'deviceChecked' });
  expect(textOf(refused.html)).toContain('Choose a reason for closing the alert.');
});

test('passed on by wrong PINs: whoever is nearby goes to the device', async () => {
  for (let n = 0; n < 5; n++) await wrongPin(`73914${n}`);
  const { html } = await wrongPin('739146');
  expect(textOf(html)).toContain('If you are nearby, go to the device.');
});
