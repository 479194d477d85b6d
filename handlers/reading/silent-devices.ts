/** Which single devices are waited for, and when one counts as silent: a device that has stopped sends nothing that says so. */
import type { Roster } from '../on-call/roster.ts';
import type { Contacts } from './contacts.ts';
import { type DeviceSign, UNWRITTEN_MS } from './faults.ts';

/** One may be a patient in the bathroom, two a long examination. */
const MISSED = 3;

type Watched = { id: string; silentAfterMinutes: number };

/** Where device or ward say how often it measures. One on standby is not waited for. */
export function watchedDevices({
  wards,
  devices,
}: {
  wards: readonly Pick<Roster['wards'][number], 'id' | 'measuresEveryMinutes'>[];
  devices: readonly Pick<Roster['devices'][number], 'id' | 'ward' | 'standby' | 'measuresEveryMinutes'>[];
}): Watched[] {
  const ofWard = new Map(wards.map(({ id, measuresEveryMinutes }) => [id, measuresEveryMinutes]));
  return devices.flatMap(({ id, ward, standby, measuresEveryMinutes = ofWard.get(ward) }) =>
    standby || measuresEveryMinutes === undefined
      ? []
      : [{ id, silentAfterMinutes: MISSED * measuresEveryMinutes }],
  );
}

/**
 * What its silence says; undefined while it is heard, be it by readings or by what shows another fault of it. One that was
 * never heard has not stopped: its ward tells of that.
 */
export function silenceOf(
  { silentAfterMinutes }: Watched,
  contacts: Pick<Contacts, 'heard' | 'faults'> | undefined,
  now: string,
): DeviceSign | undefined {
  const { silent, ...others } = contacts?.faults ?? {};
  const shown = Object.values(others).map(({ since, shownAt }) => shownAt ?? since);
  const heardAt = [...shown, ...(contacts?.heard ?? []).map(({ to }) => to)].sort().at(-1);
  if (heardAt === undefined) return undefined;
  const silentMs = Date.parse(now) - Date.parse(heardAt);
  if (silentMs <= silentAfterMinutes * 60_000 + UNWRITTEN_MS) return undefined;
  // The end of the silence before tells another one from it, the day one that is raised anew.
  const endedAt = silent?.endedAt ?? '';
  return { id: `${heardAt}/${endedAt}/${now.slice(0, 10)}`, at: now, shows: ['silent'], isGood: false };
}
