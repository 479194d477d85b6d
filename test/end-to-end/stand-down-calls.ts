/** Scenes of people who need not come any more, for the calls that only telling them makes; the others are in every-call.ts. */
import { accept } from './browser.ts';
import { broken } from './device-calls.ts';
import { hasSubscription, inAWard, webhookHeard } from './every-call.ts';
import { hospital, operationsAddress, roleOf, unsubscribe, type Ward } from './ward.ts';

/** Everyone is called, and the lead accepts: the others hear of it, and the operations. */
const othersStandDown = inAWard(async (ward) => {
  await ward.measure(232, 133);
  await ward.seconds(200);
  await acceptedByLead(ward);
  return ward.mails().some(({ to, subject }) => to === operationsAddress && subject.startsWith('ANSWERED'));
});

/** The same, when neither doctors nor operations can be mailed any more: they are asked to confirm anew. */
const standDownFindsNobody = inAWard(async (ward) => {
  await ward.seconds(600);
  await ward.measure(232, 133);
  await ward.seconds(200);
  const doctors = hospital.clinicians.filter(({ role }) => role === 'doctor');
  for (const topic of [...doctors.map(({ id }) => `clinician-${id}`), 'operations'])
    await unsubscribe(ward, topic);
  await ward.seconds(60);
  await acceptedByLead(ward);
  return (await hasSubscription(ward, 'operations')) && webhookHeard(ward, 'vigil.alert.answered');
});

async function acceptedByLead(ward: Ward): Promise<void> {
  await accept(
    ward,
    ward.pages().findLast((mail) => roleOf(mail) === 'lead'),
  );
  await ward.seconds(60);
}

/** In the morning a nurse is asked, then the lead; the nurse accepts, and the lead hears that nobody need come. */
const leadNeedNotCome = inAWard(async (ward) => {
  await ward.seconds(8 * 60 * 60);
  await ward.put(broken);
  await ward.seconds(16 * 60);
  const [first, second] = ward.devicePages();
  await accept(ward, first);
  await ward.seconds(30);
  return ward.mails().some(({ to, subject }) => to === second?.to && subject.startsWith('ANSWERED'));
});

export const standDownCalls: [what: string, happens: ReturnType<typeof inAWard>][] = [
  ['who need not come any more is told', othersStandDown],
  ['and cannot be mailed any more', standDownFindsNobody],
  ['a device fails, and one of two sees to it', leadNeedNotCome],
];
