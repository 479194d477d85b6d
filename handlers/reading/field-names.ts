/** What devices and programs call what they send: names in any case and wrapping, and the codes of terminologies. */

export type Vital = 'systolic' | 'diastolic' | 'mean' | 'pulse' | 'pair';

/** By exact code; the systems share none of them. */
const codes: ReadonlyMap<string, Vital> = new Map([
  // LOINC: blood pressure at large, sitting, standing, lying, non-invasive, invasive, by 24 hours' mean and by palpation.
  ...['8480-6', '8459-0', '8460-8', '8461-6', '76534-7', '76215-3', '96608-5', '8479-8'].map(systolic),
  ...['8462-4', '8453-3', '8454-1', '8455-8', '76535-4', '76213-8', '96609-3'].map(diastolic),
  ...['8478-0', '76536-2', '76214-6'].map(mean),
  ['8867-4', 'pulse'],
  ...['85354-9', '35094-2', '55284-4', '96607-7'].map(pair),
  // SNOMED CT.
  ...['271649006', '72313002'].map(systolic),
  ...['271650006', '1091811000000102'].map(diastolic),
  ...['6797001'].map(mean),
  ['75367002', 'pair'],
  // IEEE 11073 (MDC): blood pressure at large, non-invasive, arterial line.
  ...['150017', '150021', '150033', '150037'].map(systolic),
  ...['150018', '150022', '150034', '150038'].map(diastolic),
  ...['150019', '150023', '150035', '150039'].map(mean),
  ...['150016', '150020', '150032', '150036'].map(pair),
]);

function systolic(code: string): [string, Vital] {
  return [code, 'systolic'];
}
function diastolic(code: string): [string, Vital] {
  return [code, 'diastolic'];
}
function mean(code: string): [string, Vital] {
  return [code, 'mean'];
}
function pair(code: string): [string, Vital] {
  return [code, 'pair'];
}

/** What may stand around a name and leaves it what it is. None is two others together, or comparing would take for ever. */
const AROUND = `(?:${[
  'noninvasive|invasive|noninv|nibp|nbp|ibp|abp|bp|blood|bld|arterial|artery|art|cuff|mdc|pressure|press',
  'vitalsigns?|vitals?|patient|measured|measurement|current|latest|observation|obs|value|val|reading|result',
  'raw|numeric|number|num|avg|average|right|left|arm|in|kpa|mm|hg|p',
].join('|')})*`;
const named: readonly [RegExp, Vital][] = [
  [
    RegExp(
      `^${AROUND}(?:mean)?(?:systolic|sistolic|systolisch|systolique|systole|sistole|systolisk|syst|sys|sbp)[ao]?${AROUND}(?:mean)?\\d{0,2}$`,
    ),
    'systolic',
  ],
  [
    RegExp(
      `^${AROUND}(?:mean)?(?:diastolic|diastolisch|diastolique|diastole|diast|diastolisk|dias|dia|dbp)[ao]?${AROUND}(?:mean)?\\d{0,2}$`,
    ),
    'diastolic',
  ],
  [
    RegExp(`^(?:${AROUND}(?:map|mbp)${AROUND}|mean(?:arterial|art|bp|bloodpressure|pressure)${AROUND})$`),
    'mean',
  ],
  [/^(?:nibp|nbp|ibp|abp|art|bp|bloodpressure|mdcpressbld\w*)m(?:ean)?(?:mmhg)?$/, 'mean'],
  [RegExp(`^(?:${AROUND}(?:pulse|heartrate|heartbeat|hr)(?:rate|bpm|value)*|pr|bpm)$`), 'pulse'],
  [
    /^(?:ni|n|i|a)?bp(?:panel|reading|value|mmhg)?$|^(?:\w{0,12})bloodpressures?(?:panel)?\w{0,12}(?<!high|low|upper|lower|top|bottom|max|min)$/,
    'pair',
  ],
];
/** The stem of a name, in any language and with any remark; heart sounds, rhythms and echoes have it, too. */
const stems: readonly [RegExp, Vital][] = [
  [/^sbp|sbp$|(?<!^a|extra|para|pre)s[iy]stol/, 'systolic'],
  [/^dbp|dbp$|diastol/, 'diastolic'],
];
const NO_STEM =
  /limit|target|alarm|alert|goal|threshold|allow|delta|diff|change|trend|prev|prior|baseline|predict|expect|forecast|max|min|high|low|upper|lower|range|ref|norm|code|unit|status|state|flag|qual|valid|error|count|percent|score|rank|risk|grade|stage|class|categor|interpret|confid|accura|precis|uncert|std|stdev|sd$|var|time|date|stamp|source|method|device|sensor|id$|text|note|comment|label|name|display|colou?r|type|murmur|function|failure|ejection|diameter|dimension|volume|velocity|durat|interval|^[lr]v|pulmon|pap|wedge|ventric|atri|load/;
/** Names that may as well mean something else: initials, and the ends of a range. */
const loose: readonly [RegExp, Vital][] = [
  [/^(?:(?:nibp|nbp|ibp|abp|art|bp)s(?:mmhg)?|[pt]as)$/, 'systolic'],
  [/^(?:(?:nibp|nbp|ibp|abp|art|bp)d(?:mmhg)?|[pt]ad)$/, 'diastolic'],
  [/^(?:nibp|nbp|ibp|abp|bp|bloodpressure)(?:high|upper|top|max)$/, 'systolic'],
  [/^(?:nibp|nbp|ibp|abp|bp|bloodpressure)(?:low|lower|bottom|min)$/, 'diastolic'],
];
/** Only where the rest is known to be about blood pressure; there a mean is one, and these are the pressures if nothing else is. */
const MEAN_IN_PAIR = /^m(?:ean)?$/;
const namedInPair: ReadonlyMap<string, Vital> = new Map([
  ...['high', 'upper', 'top', 'max', 'maximum', 's'].map(systolic),
  ...['low', 'lower', 'bottom', 'min', 'minimum', 'd'].map(diastolic),
]);

/** Longer than any name; what is longer is not compared. */
const NAME_CHARACTERS = 80;

/** Deeper than any path: each part is compared. */
const MOST_PARTS = 8;

/** Names repeat with every message of a device: each is compared once. */
const known = new Map<string, Vital | null>();
const knownLoosely = new Map<string, Vital | null>();
const knownByStem = new Map<string, Vital | null>();
const knownFacts = new Map<string, { fact: FactName; rank: number } | null>();
const KNOWN_AT_MOST = 2000;

/** What a field or code of that name holds; undefined when it is about something else, or may be. */
export function vitalNamed(name: string, isInPair = false): Vital | undefined {
  if (isInPair && name.length <= NAME_CHARACTERS && MEAN_IN_PAIR.test(plainName(name))) return 'mean';
  return remembered(known, name, () => codes.get(name.trim()) ?? compared(name, named));
}

/** What it may hold, if nothing else does. `isInPair`: it stands in what is about blood pressure. */
export function vitalLooselyNamed(name: string, isInPair: boolean): Vital | undefined {
  const inPair = isInPair && name.length <= NAME_CHARACTERS ? namedInPair.get(plainName(name)) : undefined;
  return inPair ?? remembered(knownLoosely, name, () => compared(name, loose));
}

function remembered(
  memory: Map<string, Vital | null>,
  name: string,
  find: () => Vital | undefined,
): Vital | undefined {
  if (name.length > NAME_CHARACTERS) return undefined;
  let vital = memory.get(name);
  if (vital === undefined) {
    vital = find() ?? null;
    if (memory.size < KNOWN_AT_MOST) memory.set(name, vital);
  }
  return vital ?? undefined;
}

/** The whole name, or the last part of a path that says it: `vitals.bp.systolic`, `any_event:0/systolic|magnitude`. */
function compared(name: string, patterns: typeof named): Vital | undefined {
  const parts = name.split(/[./|:]/).slice(-MOST_PARTS);
  for (const part of [name, ...parts.toReversed()]) {
    const plain = plainName(part);
    const [, vital] = patterns.find(([pattern]) => pattern.test(plain)) ?? [];
    if (vital) return vital;
  }
  return undefined;
}

/** What it may hold by the stem of its name, if nothing else does by a whole one. */
export function vitalByStem(name: string): Vital | undefined {
  return remembered(knownByStem, name, () => stemOf(name));
}

function stemOf(name: string): Vital | undefined {
  const plain = plainName(name).replace(/(?:upper|lower)(?:arm|leg|limb)/, '');
  return NO_STEM.test(plain) ? undefined : stems.find(([pattern]) => pattern.test(plain))?.[1];
}

/** Letters and digits alone, in small ones. */
export function plainName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** What a field says of a measurement beside its values, best first; a plain name stands in one list only. */
const facts = {
  ownPatient: ['patientid'],
  patient: [
    ...['patientidentifier', 'patientref', 'patientreference', 'patient', 'subject', 'subjectid', 'mrn'],
    ...[
      'patientmrn',
      'medicalrecordnumber',
      'patientnumber',
      'patientno',
      'patid',
      'personid',
      'pid',
      'pid3',
    ],
    ...['patientinfo', 'patientdetails', 'patientdata', 'demographics', 'resident', 'residentid'],
  ],
  authority: [
    ...['assigningauthority', 'assigner', 'issuer', 'patientsystem', 'mrnsystem', 'facility', 'facilityid'],
    ...['hospital', 'hospitalid', 'tenant', 'tenantid'],
  ],
  ownDevice: ['deviceid'],
  device: [
    ...['device', 'deviceidentifier', 'deviceserial', 'deviceserialnumber', 'serialnumber', 'serial'],
    ...['monitorid', 'sensorid', 'equipmentid', 'thingname', 'macaddress', 'deviceno'],
  ],
  id: ['id'],
  ownTime: ['measuredat'],
  time: [
    ...['effectivedatetime', 'measurementtime', 'measuretime', 'measuredtime', 'observedat', 'takenat'],
    ...[
      'measurementtimestamp',
      'measurementdatetime',
      'observationtime',
      'observationdatetime',
      'effectivetime',
    ],
    ...['capturedat', 'capturetime', 'sampledat', 'acquiredat', 'collectedat', 'readingtime', 'recordedat'],
    ...['recordedtime', 'eventtime', 'eventtimestamp', 'epochms', 'epoch', 'datetime', 'timestamp', 'time'],
    ...['ts', 'date'],
  ],
  ward: ['ward', 'wardid', 'nursingunit'],
  bed: ['bed', 'bedid', 'bednumber', 'bedno'],
  // Only of a list of them (find-readings.ts): elsewhere it is one of the device's.
  channel: [],
  cohort: ['cohort', 'population', 'patienttype', 'agegroup'],
  pregnant: [
    ...['pregnant', 'ispregnant', 'pregnancy', 'pregnancystatus', 'obstetric', 'isobstetric'],
    ...['postpartum', 'ispostpartum', 'maternity', 'pregnancyweeks', 'weekspregnant', 'trimester'],
  ],
  ageYears: ['ageyears', 'age', 'patientage', 'patientageyears'],
  quality: ['quality'],
  unit: ['unit', 'units', 'pressureunit', 'bpunit', 'uom'],
} as const;
export type FactName = keyof typeof facts;

/** Of what kind a field is, and which of its kind is believed first. */
const factsByName = new Map<string, { fact: FactName; rank: number }>(
  Object.entries(facts).flatMap(([fact, names]) =>
    names.map((name, rank) => [name, { fact: fact as FactName, rank }] as const),
  ),
);

/** How houses and countries call a patient's number, in many ways. */
const NUMBER_OF_PATIENT =
  /^(?:(?:patient|pat|pt|subject|resident|person|nhs|chi|ehr|medicalrecord|medrec)(?:record)?(?:id|identifier|uuid|guid|key|code|mrn|ref|number|num|nr|no)|(?:hospital|hosp|healthcare)(?:number|num|nr|no))$/;

export function factNamed(name: string): { fact: FactName; rank: number } | undefined {
  if (name.length > NAME_CHARACTERS || name.startsWith('_')) return undefined;
  let found = knownFacts.get(name);
  if (found === undefined) {
    const plain = plainName(name);
    found = factsByName.get(plain) ?? (NUMBER_OF_PATIENT.test(plain) ? { fact: 'patient', rank: 99 } : null);
    if (knownFacts.size < KNOWN_AT_MOST) knownFacts.set(name, found);
  }
  return found ?? undefined;
}

/** Fields that hold what could alarm or is to be, what was before, or when each field was changed: not what was measured. */
const NOT_MEASURED =
  /^(?:previous|prior|prev|baseline|target|goal|threshold|old_?(?:image|value))|(?:limits?|thresholds?|alarms?|settings?|(?:reference|normal)_?range|ranges|targets?|goals?|metadata|desired|previous|confidences?|percentiles?|deltas?|accurac(?:y|ies)|precisions?|uncertaint(?:y|ies)|std_?devs?|z_?scores?)$/i;

export function isNotMeasured(name: string): boolean {
  return NOT_MEASURED.test(name);
}

/** Where two numbers with a stroke between are something else: numbers of cases and places, dates, eyesight. */
const NO_PRESSURE_NAME =
  /(?:number|num|no|id|code|case|encounter|visit|account|order|episode|admission|claim|invoice|ticket|room|ward|bed|date|day|time|version|revision|vision|visus|acuity|ratio|score|page|part|address|phone|url|path|file|serial|lot|dose|drug|spo2|sat|saturation|rate|weight|height|name|user|status)s?$/i;

/** True of a name that says nothing against a pressure under it. */
export function mayBePressure(name: string): boolean {
  return !NO_PRESSURE_NAME.test(name) && factNamed(name) === undefined;
}
