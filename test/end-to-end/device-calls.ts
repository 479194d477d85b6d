/** Scenes of devices that fail, for the calls that only their alerts make; the others are in every-call.ts. */
import { isOpen } from '../../handlers/alert/alert.ts';
import { asOperator } from '../../infra/local/account/account.ts';
import { addresseeOf, answerOf, openForm, submit } from './browser.ts';
import { inAWard, operate } from './every-call.ts';
import { hospital, pathOf, type Ward } from './ward.ts';

export const broken = '{"deviceId": "bp-001", "systolic":';

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

/** What was remembered of a device is lost between two looks of the watcher: its silence is claimed already. */
async function silentDevice(ward: Ward): Promise<boolean> {
  await ward.measure(124, 78);
  await ward.seconds(2200);
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
  [
    'a device falls silent',
    (options) => inAWard(silentDevice)({ ...options, hospital: { ...hospital, devices } }),
  ],
];
