/** A simulated ward: whom its devices measure in a given minute, and in which of the shapes that real ones send. */
import { DateTime } from 'luxon';
import { chance, isMeasured, type SimulatedVitals, simulatedVitals } from './simulated-patient.ts';

/** What the roster says of a device that a simulated patient wears. */
export type WornDevice = {
  id: string;
  ward: string;
  bed: string;
  patientId?: string | undefined;
  standby?: boolean | undefined;
};

/**
 * Another seed is another ward. By this one the patients of the sample hospital whom `npm start` leaves to the simulator
 * alarm nobody, so that the alerts of its stories are the only ones; three of the others have a crisis now and then.
 */
export const SIMULATION_SEED = 855;

/** `content`: as the device puts it on the stream. */
export type SimulatedMessage = { deviceId: string; content: Record<string, unknown> };

/** A patient has one device. The same seed, minute and device always give the same message; `minute` is its first instant. */
export function simulatedMessages(
  devices: readonly WornDevice[],
  minute: Date,
  { seed, zone }: { seed: number; zone: string },
): SimulatedMessage[] {
  const { hour } = DateTime.fromJSDate(minute, { zone });
  const byPatient = Map.groupBy(
    devices.filter(({ standby }) => !standby),
    ({ id, patientId }) => patientId ?? id,
  );
  return [...byPatient].flatMap(([patientId, [device]]) => {
    if (!device) return [];
    const moment = { seed, deviceId: device.id, minute: minute.getTime() / 60_000, hour };
    if (!isMeasured(moment)) return [];
    const measured = { device, patientId, minute, vitals: simulatedVitals(moment) };
    return [{ deviceId: device.id, content: shapeOf(chance(moment, 'shape'))(measured) }];
  });
}

type Measured = { device: WornDevice; patientId: string; minute: Date; vitals: SimulatedVitals };
type Shape = (measured: Measured) => Record<string, unknown>;

/** Half of the devices send Vigil's own shape; how the others part into kinds is assumed. */
function shapeOf(share: number): Shape {
  if (share < 0.5) return vigil;
  if (share < 0.7) return observation;
  return share < 0.9 ? monitor : legacy;
}

function vigil({ device, patientId, minute, vitals }: Measured): Record<string, unknown> {
  const { systolicMmHg: systolic, diastolicMmHg: diastolic, pulseBpm: pulse } = vitals;
  return {
    ...{ deviceId: device.id, patientId, ward: device.ward, bed: device.bed },
    ...{ measuredAt: minute.toISOString(), systolic, diastolic, pulse },
    ...(diastolic !== null && { meanArterial: Math.round(diastolic + (systolic - diastolic) / 3) }),
  };
}

/** The first devices name neither patient nor time. */
function legacy({ device, vitals }: Measured): Record<string, unknown> {
  return { id: device.id, systolic: vitals.systolicMmHg, diastolic: vitals.diastolicMmHg };
}

/** A monitor's own names, kilopascals, and milliseconds since 1970. */
function monitor({ device, patientId, minute, vitals }: Measured): Record<string, unknown> {
  const kPa = (mmHg: number | null) => (mmHg === null ? null : Number((mmHg / 7.50062).toFixed(3)));
  return {
    ...{ device_id: device.id, patient_id: patientId, timestamp: minute.getTime() },
    nibp: { sys_kPa: kPa(vitals.systolicMmHg), dia_kPa: kPa(vitals.diastolicMmHg) },
    heart_rate: vitals.pulseBpm,
  };
}

/** FHIR R4, https://hl7.org/fhir/R4/bp.html. */
function observation({ device, patientId, minute, vitals }: Measured): Record<string, unknown> {
  const coded = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
  const absent = { dataAbsentReason: { coding: [{ code: 'unknown' }] } };
  const quantity = (value: number | null) =>
    value === null
      ? absent
      : { valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' } };
  return {
    ...{ resourceType: 'Observation', status: 'final', code: coded('85354-9') },
    category: [{ coding: [{ code: 'vital-signs' }] }],
    subject: { reference: `Patient/${patientId}` },
    device: { reference: `Device/${device.id}` },
    effectiveDateTime: minute.toISOString(),
    component: [
      { code: coded('8480-6'), ...quantity(vitals.systolicMmHg) },
      { code: coded('8462-4'), ...quantity(vitals.diastolicMmHg) },
    ],
  };
}
