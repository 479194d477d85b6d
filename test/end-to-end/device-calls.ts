/** Scenes of devices that fail, for the calls that only their alerts make; the others are in every-call.ts. */
import { isOpen } from '../../handlers/alert/alert.ts';
import { asOperator } from '../../infra/local/account/account.ts';
import { accept, addresseeOf, answerOf, openForm, submit } from './browser.ts';
import { inAWard, operate } from './every-call.ts';
import { hospital, pathOf, type Ward } from './ward.ts';

const broken = '{"deviceId": "bp-001", "systolic":';

/** Accepted on its page; its execution is killed, and carried on by another; the device speaks well, and it ends. */
const deviceAlertEnds = inAWard(async (ward) => {
  await ward.put(broken);
  await ward.seconds(30);
  const [mail] = ward.devicePages();
  const path = pathOf(mail);
  await submit(ward, path, { ...(await openForm(ward, path)), ...answerOf(addresseeOf(mail), 'accept') });
  ward.sfn.stop(ward.deviceExecutions()[0]?.executionArn ?? '');
  await ward.seconds(150);
  await ward.measure(124, 78);
  await ward.seconds(30);
  return ward.deviceAlerts().length === 1 && !ward.deviceAlerts().some(isOpen);
});

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

/** What was remembered of a device is lost between two looks of the watcher: its silence is claimed already. */
async function silentDevice(ward: Ward): Promise<boolean> {
  await ward.measure(124, 78);
  await ward.seconds(1900);
  await asOperator(ward.vigil, 'dynamodb', 'UpdateItem', {
    TableName: 'vigil-production',
    Key: { pk: { S: 'CONTACTS#bp-001' } },
    UpdateExpression: 'REMOVE faults',
  });
  await operate(ward.vigil, 'watch-feeds', {});
  await ward.seconds(30);
  return ward.deviceAlerts().length === 1 && ward.deviceExecutions().length === 1;
}

const devices = hospital.devices.map((device) =>
  device.id === 'bp-001' ? { ...device, measuresEveryMinutes: 10 } : device,
);

export const deviceCalls: [what: string, happens: ReturnType<typeof inAWard>][] = [
  ['a device fails, and speaks well again', deviceAlertEnds],
  ['a device fails, and one of two sees to it', leadNeedNotCome],
  [
    'a device falls silent',
    (options) => inAWard(silentDevice)({ ...options, hospital: { ...hospital, devices } }),
  ],
];
