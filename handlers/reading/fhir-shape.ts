/**
 * The FHIR R4 Observation of the blood-pressure profile, https://hl7.org/fhir/R4/bp.html: a LOINC panel 85354-9 with
 * the components 8480-6 (systolic) and 8462-4 (diastolic) in mm[Hg], either of which may be absent with a reason.
 */
import { z } from 'zod';
import { type IdentityKey, pseudonymOf } from './identity.ts';
import {
  deviceIdentifier,
  instant,
  type Measurement,
  patientIdentifier,
  pressure,
  reasonOf,
  type Shaped,
} from './measurement.ts';
import type { Quality } from './reading.ts';

const PANEL = '85354-9';
const SYSTOLIC = '8480-6';
const DIASTOLIC = '8462-4';
/** LOINC: mean blood pressure; heart rate. Not of the profile, but monitors send them along. */
const MEAN = '8478-0';
const HEART_RATE = '8867-4';

const Concept = z.object({ coding: z.array(z.object({ code: z.string().optional() })).default([]) });
const Reference = z.object({
  reference: z.string().optional(),
  identifier: z.object({ value: z.string().optional() }).optional(),
});
const Component = z.object({
  code: Concept.catch({ coding: [] }),
  valueQuantity: z.unknown().optional(),
});
const Observation = z.object({
  status: z.string().catch('unknown'),
  code: Concept.refine((concept) => isCoded(concept, PANEL), `not ${PANEL}`),
  subject: Reference.nullish().catch(null),
  device: Reference.nullish().catch(null),
  effectiveDateTime: instant.optional(),
  effectiveInstant: instant.optional(),
  effectivePeriod: z.object({ start: instant.optional(), end: instant.optional() }).optional(),
  component: z.array(Component).default([]),
});

/** UCUM's `mm[Hg]`; where only the human unit is given, how people write it. */
const Pressure = z
  .object({ value: pressure, code: z.string().optional(), unit: z.string().optional() })
  .refine(
    ({ code, unit }) => (code === undefined ? unit === 'mmHg' || unit === 'mm[Hg]' : code === 'mm[Hg]'),
    { path: ['code'], message: 'not mm[Hg]' },
  );
const Rate = z.object({ value: z.number() });

export function parseFhir(record: Record<string, unknown>, key: IdentityKey): Shaped {
  const parsed = Observation.safeParse(record, { reportInput: true });
  if (!parsed.success) return { unreadable: reasonOf(parsed.error) };
  const said = parsed.data;
  const measuredAt =
    said.effectiveDateTime ??
    said.effectiveInstant ??
    said.effectivePeriod?.end ??
    said.effectivePeriod?.start;
  if (measuredAt === undefined) return { unreadable: 'effectiveDateTime: missing' };
  const device = idOf(said.device, deviceIdentifier);
  const patient = idOf(said.subject, patientIdentifier, (value) => pseudonymOf(value, key));
  // Each stands for the other, as in the legacy shape; with neither there is nobody to go to.
  const deviceId = device ?? patient;
  const patientId = patient ?? device;
  if (deviceId === null || patientId === null) {
    if (!said.device && !said.subject) return { unreadable: 'subject: missing' };
    return { refused: 'subject, device: neither names anybody for certain' };
  }

  const quantities: (number | null)[] = [];
  for (const code of [SYSTOLIC, DIASTOLIC]) {
    const component = said.component.find((candidate) => isCoded(candidate.code, code));
    const quantity = Pressure.nullish().safeParse(component?.valueQuantity, { reportInput: true });
    if (!quantity.success) {
      return { unreadable: reasonOf(quantity.error, [`component ${code}`, 'valueQuantity']) };
    }
    quantities.push(quantity.data?.value ?? null);
  }
  const [systolicMmHg = null, diastolicMmHg = null] = quantities;
  const mean = companion(said.component, MEAN, Pressure);
  const pulse = companion(said.component, HEART_RATE, Rate);
  const measurement: Measurement = {
    deviceId,
    patientId,
    ward: null,
    bed: null,
    cohort: null,
    ageYears: null,
    measuredAt,
    systolicMmHg,
    diastolicMmHg,
    meanArterialMmHg: mean.value,
    pulseBpm: pulse.value,
    quality: qualityOf(said.status),
    source: 'fhir',
    ignored: [
      ...(said.device && device === null ? ['device'] : []),
      ...(said.subject && patient === null ? ['subject'] : []),
      ...(mean.ignored ? ['meanArterial'] : []),
      ...(pulse.ignored ? ['pulse'] : []),
    ],
  };
  return { measurement };
}

function isCoded(concept: z.infer<typeof Concept>, code: string): boolean {
  return concept.coding.some((coding) => coding.code === code);
}

/**
 * `Patient/123`, also with a server's address before it or a version behind it, is 123; else the reference as it stands. A
 * type without an id, a group and a place name no one patient. Where the reference names nobody, the identifier may.
 */
function idOf(
  reference: z.infer<typeof Reference> | null | undefined,
  id: z.ZodType<string | null>,
  ofIdentifier = (value: string) => value,
): string | null {
  const text = reference?.reference ?? '';
  const typed = /(?:^|\/)(?:Patient|Device)\/([^/]+)/.exec(text)?.[1];
  const ofNoOne = /(?:^|\/)(?:Group|Location)\/|(?:^|\/)(?:Patient|Device)\/?$/.test(text);
  const named = ofNoOne ? null : id.safeParse(typed ?? text).data;
  const value = id.safeParse(reference?.identifier?.value).data;
  return named ?? (value ? ofIdentifier(value) : null);
}

function companion<Schema extends z.ZodType<{ value: number | null }>>(
  components: z.infer<typeof Component>[],
  code: string,
  schema: Schema,
): { value: number | null; ignored: boolean } {
  const quantity = components.find((component) => isCoded(component.code, code))?.valueQuantity;
  if (quantity === undefined || quantity === null) return { value: null, ignored: false };
  const parsed = schema.safeParse(quantity);
  return { value: parsed.data?.value ?? null, ignored: !parsed.success };
}

/** https://hl7.org/fhir/R4/valueset-observation-status.html: a withdrawn observation is suspect, never dropped. */
function qualityOf(status: string): Quality {
  if (status === 'final' || status === 'amended' || status === 'corrected') return 'measured';
  return status === 'entered-in-error' || status === 'cancelled' ? 'invalid' : 'questionable';
}
