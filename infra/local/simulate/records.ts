/** What devices put on the stream: a measurement in Vigil's own shape or as a FHIR Observation, which can be amended or withdrawn. */

export type CuffPressures = { systolic: number; diastolic: number | null };

export type Measured = CuffPressures & {
  patientId: string;
  deviceId: string;
  ward: string;
  bed: string;
  /** As the device's clock has it, epoch milliseconds. */
  statedMs: number;
};

/** A drill's reading need not be of any bed. */
export type Tested = Omit<Measured, 'bed'> & { bed?: string };

/** A record of the stream. */
export type SentRecord = { key: string; text: string };

type Status = 'final' | 'amended' | 'entered-in-error';

const textOf = (content: object) => JSON.stringify(content);

export function ofDevice(measured: Tested, quality?: 'demo' | 'test'): SentRecord {
  const { deviceId, patientId, ward, bed, statedMs, systolic, diastolic } = measured;
  const measuredAt = new Date(statedMs).toISOString();
  const said = { deviceId, patientId, ward, bed, measuredAt, systolic, diastolic };
  return { key: deviceId, text: textOf({ ...said, ...(quality && { quality }) }) };
}

/** FHIR R4, https://hl7.org/fhir/R4/bp.html: the same measurement has the same device and time in each version. */
export function observed(measured: Measured, status: Status): SentRecord {
  const { deviceId, patientId, statedMs, systolic, diastolic } = measured;
  const coded = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
  const quantity = (value: number | null) =>
    value === null
      ? { dataAbsentReason: { coding: [{ code: 'unknown' }] } }
      : { valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' } };
  const content = {
    ...{ resourceType: 'Observation', status, code: coded('85354-9') },
    subject: { reference: `Patient/${patientId}` },
    device: { reference: `Device/${deviceId}` },
    effectiveDateTime: new Date(statedMs).toISOString(),
    component: [
      { code: coded('8480-6'), ...quantity(systolic) },
      { code: coded('8462-4'), ...quantity(diastolic) },
    ],
  };
  return { key: deviceId, text: textOf(content) };
}

/** What a cuff says that could not measure. */
export function errorCode(measured: Measured): SentRecord {
  return ofDevice({ ...measured, systolic: 255, diastolic: 255 });
}

export function unreadable(deviceId: string): SentRecord {
  return { key: deviceId, text: `{"deviceId":"${deviceId}","sys` };
}
