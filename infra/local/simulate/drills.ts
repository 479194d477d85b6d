/** The drills of a simulated week: as `npm run drill` holds them, and with a bed's own device. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { AnnouncedDrills, announcementKey, withDrill } from '../../../handlers/reading/announced-drills.ts';
import { operator } from '../account/account.ts';
import type { Vigil } from '../account/vigil.ts';
import type { Random } from '../engine/random.ts';
import type { Payload } from '../engine/service.ts';
import type { InPatient } from './census.ts';
import type { Devices } from './devices.ts';
import type { CuffPressures } from './records.ts';

/** As the command has them, by every policy; and what a device may say that is tested, for which nobody is called. */
const pressures: Record<'critical' | 'emergency' | 'harmless', CuffPressures> = {
  critical: { systolic: 205, diastolic: 125 },
  emergency: { systolic: 232, diastolic: 133 },
  harmless: { systolic: 118, diastolic: 74 },
};

/** `atBed`: whose device is set to test as well; `alarms`: the patient does so at that moment, by the same pressures. */
export type Drill = { ward: string; atBed?: InPatient; alarms?: boolean };

export function drillHolder(vigil: Vigil, devices: Devices, random: Random): (drill: Drill) => Promise<void> {
  const { TableName } = vigil.outputs as { TableName: string };
  let held = 0;

  async function announce(ward: string): Promise<void> {
    const call = (operation: string, input: Payload) =>
      vigil.call(operator, 'dynamodb', operation, { TableName, ...input });
    const { Item } = await call('GetItem', { Key: marshall({ pk: announcementKey(ward) }) });
    const known = Item && AnnouncedDrills.parse(unmarshall(Item));
    const now = new Date(vigil.clock.now()).toISOString();
    await call('PutItem', { Item: marshall(withDrill(known, ward, now)) });
  }

  return async ({ ward, atBed, alarms }) => {
    await announce(ward);
    const level = random.next() < 0.3 ? 'emergency' : 'critical';
    // Of no bed, as the command's.
    const nobody = { id: `drill-${++held}`, ward };
    devices.test(nobody, pressures[level]);
    if (!atBed) return;
    const test = () => devices.test(atBed, pressures[level]);
    const other = alarms
      ? () => devices.measureAs(atBed, pressures[level])
      : () => devices.test(atBed, pressures.harmless);
    for (const send of random.next() < 0.5 ? [test, other] : [other, test]) send();
  };
}
