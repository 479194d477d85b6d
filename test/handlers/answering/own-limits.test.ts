/** What a page says of a patient's own limits: to who gave a PIN, while they are in force. */
import { beforeEach, expect, test } from 'vitest';
import { aDeviceAlert, minute } from '../alert/builders.ts';
import { aRoster } from '../on-call/builders.ts';
import { open, submit, textOf } from './browser.ts';
import { aPageStory, link, nurse, pass, pinHashes } from './page-story.ts';

const story = aPageStory();
const patientLimits = [
  {
    patientId: 'p-7',
    limits: { criticalSystolicLow: 85, criticalSystolicHigh: 200 },
    setBy: 'doctor-1',
    from: minute(-60),
    until: minute(600),
  },
];
const inside = async () => textOf((await submit(link, await open(link), 'show', nurse)).html);

beforeEach(() => {
  story.aws.roster = aRoster({ patientLimits }, pinHashes);
});

test('which they are, until when, and who set them', async () => {
  expect(await inside()).toContain(
    "This patient has limits of their own until 13:00, set by Dr Elias Brandreth: critical systolic below 85; critical systolic 200 or more mmHg. Otherwise the ward's limits apply.",
  );
});

test('nothing before the PIN', async () => {
  expect(textOf((await open(link)).html)).not.toMatch(/limits of their own|85|200/);
});

test('nothing once they have ended, nor of another patient, nor of a device', async () => {
  pass(600 * 60);
  expect(await inside()).not.toContain('limits of their own');
  story.aws.roster = aRoster(
    { patientLimits: patientLimits.map((own) => ({ ...own, patientId: 'p-8', until: minute(1200) })) },
    pinHashes,
  );
  expect(await inside()).not.toContain('limits of their own');
  story.put(aDeviceAlert());
  story.putPage({ alertKey: aDeviceAlert().pk });
  expect(await inside()).not.toContain('limits of their own');
});
