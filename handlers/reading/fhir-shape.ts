/**
 * The FHIR R4 Observation of the blood-pressure profile, https://hl7.org/fhir/R4/bp.html: a LOINC panel 85354-9 with
 * the components 8480-6 (systolic) and 8462-4 (diastolic) in mm[Hg], either of which may be absent with a reason.
 */
import { z } from 'zod';
import type { Quality } from '../clinical/reading.ts';
import { namedBy } from '../naming/stand-in.ts';
import { deviceAsSubject, deviceOf, patientOfReference, Reference } from './fhir-reference.ts';
import type { IdentityKey } from './identity.ts';
import { instant, isSaid, type Measurement, pressure, reasonOf, type Shaped } from './measurement.ts';

const PANEL = '85354-9';
const SYSTOLIC = '8480-6';
const DIASTOLIC = '8462-4';
/** LOINC: mean blood pressure; heart rate. Not of the profile, but monitors send them along. */
const MEAN = '8478-0';
const HEART_RATE = '8867-4';

const Concept = z.object({ coding: z.array(z.object({ code: z.string().optional() })).default([]) });
/** Loose: another kind of value may stand where the quantity belongs. */
const Component = z.looseObject({
  code: Concept.catch({ coding: [] }),
  valueQuantity: z.unknown().optional(),
  dataAbsentReason: z.unknown().optional(),
});
type Component = z.infer<typeof Component>;
const Observation = z.object({
  status: z.string().catch('unknown'),
  code: Concept.refine((concept) => isCoded(concept, PANEL), `not ${PANEL}`),
  subject: Reference,
  device: Reference,
  effectiveDateTime: instant.optional(),
  effectiveInstant: instant.optional(),
  effectivePeriod: z.object({ start: instant.optional(), end: instant.optional() }).optional(),
  component: z.array(Component).default([]),
});

/** UCUM's `mm[Hg]`; where only the human unit is given, how people write it. */
const Pressure = z
  .object({
    value: pressure,
    comparator: z.unknown().optional(),
    code: z.string().optional(),
    unit: z.string().optional(),
  })
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
  const patient = patientOfReference(said.subject, key);
  const stated = deviceOf(said.device, key);
  const device = stated ?? deviceAsSubject(said.subject, key);
  const named = namedBy(device?.id ?? null, patient, device?.unique);
  if (!named) {
    if (!isSaid(record.device) && !isSaid(record.subject)) return { unreadable: 'subject: missing' };
    return { refused: 'subject, device: neither names anybody for certain' };
  }

  const systolic = valuesOf(said.component, SYSTOLIC);
  if (!('values' in systolic)) return systolic;
  const diastolic = valuesOf(said.component, DIASTOLIC);
  if (!('values' in diastolic)) return diastolic;
  const [pressures, ...others] = systolic.values.flatMap((systolicMmHg) =>
    diastolic.values.map((diastolicMmHg) => ({ systolicMmHg, diastolicMmHg })),
  );
  const mean = companion(said.component, MEAN, Pressure);
  const pulse = companion(said.component, HEART_RATE, Rate);
  const measurement: Measurement = {
    ...named,
    ward: null,
    bed: null,
    cohort: null,
    ageYears: null,
    measuredAt: measuredAt.at,
    isMidnight: measuredAt.isMidnight,
    notFound: [
      ...(systolic.isFound ? [] : (['systolic'] as const)),
      ...(diastolic.isFound ? [] : (['diastolic'] as const)),
    ],
    systolicMmHg: pressures?.systolicMmHg ?? null,
    diastolicMmHg: pressures?.diastolicMmHg ?? null,
    // Of several means the least: only a low one alarms. A rate that is not certain is none.
    meanArterialMmHg: pressuresOf(mean.values).toSorted((a, b) => a - b)[0] ?? null,
    pulseBpm: pulse.values.length === 1 ? (pulse.values[0] ?? null) : null,
    quality: qualityOf(said.status),
    source: 'fhir',
    ignored: [
      ...(isSaid(record.device) && stated === null ? ['device'] : []),
      ...(isSaid(record.subject) && patient === null ? ['subject'] : []),
      ...(systolic.values.length > 1 ? ['systolic'] : []),
      ...(diastolic.values.length > 1 ? ['diastolic'] : []),
      ...(mean.isComplete ? [] : ['meanArterial']),
      ...(pulse.isComplete ? [] : ['pulse']),
    ],
  };
  return { measurement, others };
}

function isCoded(concept: z.infer<typeof Concept>, code: string): boolean {
  return concept.coding.some((coding) => coding.code === code);
}

/** More different values of one pressure than anybody means by one measurement. */
const MOST_VALUES = 4;

type Values = {
  /** Each different one, as sent; null alone when there is none. */
  values: (number | null)[];
  /** False when nothing says that there is none: another code or kind of value may hold it, and `<` or `>` it may be worse. */
  isFound: boolean;
};

function valuesOf(components: Component[], code: string): Values | Exclude<Shaped, { measurement: unknown }> {
  const ofCode = components.filter((component) => isCoded(component.code, code));
  const said = new Set<number>();
  let isBound = false;
  for (const { valueQuantity } of ofCode) {
    const quantity = Pressure.nullish().safeParse(valueQuantity, { reportInput: true });
    if (!quantity.success) {
      return { unreadable: reasonOf(quantity.error, [`component ${code}`, 'valueQuantity']) };
    }
    const value = quantity.data?.value ?? null;
    if (value !== null) said.add(value);
    isBound ||= isSaid(quantity.data?.comparator);
  }
  if (said.size > MOST_VALUES) return { refused: `component ${code}: more than ${MOST_VALUES} values` };
  const values = pressuresOf([...said]);
  if (values.length > 0) return { values, isFound: !isBound };
  return { values: [null], isFound: ofCode.length > 0 && ofCode.every(isAbsent) };
}

/** Without the error codes, which are negative; one of these where there is nothing else. */
function pressuresOf(values: number[]): number[] {
  const measured = values.filter((value) => value >= 0);
  return measured.length > 0 ? measured : values.slice(0, 1);
}

/** With a reason, or with an explicit null; not where another kind of value stands. */
function isAbsent({ valueQuantity, dataAbsentReason, ...rest }: Component): boolean {
  if (Object.keys(rest).some((name) => /^value[A-Z]/.test(name))) return false;
  return isSaid(dataAbsentReason) || valueQuantity === null;
}

/** What the components of a code say beside the pressures; `isComplete`: all of them, and no two different ones. */
function companion<Schema extends z.ZodType<{ value: number | null }>>(
  components: Component[],
  code: string,
  schema: Schema,
): { values: number[]; isComplete: boolean } {
  const parsed = components
    .filter(({ code: coded, valueQuantity }) => isCoded(coded, code) && isSaid(valueQuantity))
    .map(({ valueQuantity }) => schema.safeParse(valueQuantity));
  const values = new Set(parsed.flatMap(({ data }) => data?.value ?? []));
  return { values: [...values], isComplete: parsed.every(({ success }) => success) && values.size <= 1 };
}

/** https://hl7.org/fhir/R4/valueset-observation-status.html: a withdrawn observation is suspect, never dropped. */
function qualityOf(status: string): Quality {
  if (status === 'final' || status === 'amended' || status === 'corrected') return 'measured';
  return status === 'entered-in-error' || status === 'cancelled' ? 'invalid' : 'questionable';
}
