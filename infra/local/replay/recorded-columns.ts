/** Which columns of a file hold what: by Vigil's names, those of MIMIC and eICU, and those that are read on the wire. */
import {
  plainName,
  type Vital,
  vitalByStem,
  vitalLooselyNamed,
  vitalNamed,
} from '../../../handlers/reading/field-names.ts';

export type Column = { index: number; name: string; plain: string };

/** Best first: who is recorded in several stays is one patient. `id` is none of them, since rows have ids. */
const patientNames = [
  ...['recordid', 'attendance', 'patientid', 'subjectid', 'patient', 'subject', 'patientidentifier', 'mrn'],
  ...['uniquepid', 'patientnumber', 'patientno', 'patid', 'personid', 'participantid', 'participant', 'pid'],
  ...['seqn', 'studyid', 'caseid', 'patientunitstayid', 'patienthealthsystemstayid', 'stayid', 'icustayid'],
  ...[
    'hadmid',
    'encounterid',
    'encounter',
    'visitid',
    'idpatient',
    'patientenid',
    'patientennummer',
    'fallnummer',
  ],
];

/** Names that are the patient's own: of one patient none of them has two values. */
const patientsOwn = ['recordid', 'patientid', 'mrn', 'subjectid'];

/** Elapsed time, whose number counts so many minutes. */
const elapsedNames: ReadonlyMap<string, number> = new Map([
  ...each(1, ['minute', 'minutes', 'min', 'mins', 'timemin', 'timemins', 'timeminute', 'timeminutes']),
  ...each(1, ['elapsedminutes', 'minutessinceadmission', 'minuteoffset', 'minutesoffset', 'offsetminutes']),
  ...each(1, ['offset', 'observationoffset', 'chartoffset', 'nursingchartoffset', 'nursingchartentryoffset']),
  ...each(60, ['hour', 'hours', 'timeh', 'timehr', 'timehours', 'elapsedhours', 'hourssinceadmission']),
  ...each(1 / 60, ['second', 'seconds', 'sec', 'times', 'timesec', 'timeseconds', 'elapsedseconds']),
]);
const instantNames = [
  ...['measuredat', 'charttime', 'measurementtime', 'observationtime', 'effectivedatetime', 'recordedat'],
  ...['recordedtime', 'observedat', 'takenat', 'datetime', 'dateandtime', 'timestamp', 'ts', 'zeitstempel'],
];
const dayNames = ['date', 'day', 'chartdate', 'measurementdate', 'recorddate', 'datum'];
const clockNames = ['time', 'clock', 'clocktime', 'timeofday', 'timehhmm', 'timehhmmss', 'uhrzeit', 'zeit'];

const ageNames: ReadonlyMap<string, number> = new Map([
  ...each(1, ['age', 'ageyears', 'ageyrs', 'ageinyears', 'patientage', 'anchorage', 'admissionage']),
  ...each(1 / 12, ['agemonths', 'agemonth', 'ageinmonths']),
  ...each(7 / 365.25, ['ageweeks', 'ageinweeks']),
  ...each(1 / 365.25, ['agedays', 'ageindays']),
]);
const unitNames = ['unit', 'units', 'valueuom', 'uom', 'pressureunit', 'bpunit'];

/**
 * Of eICU and PhysioNet, and German ones, where RR is the pressure. Those of the lung's artery, which stand beside the first,
 * are no blood pressure of ours.
 */
const moreVitals: ReadonlyMap<string, Vital> = new Map([
  ['systemicsystolic', 'systolic'],
  ['systemicdiastolic', 'diastolic'],
  ['systemicmean', 'mean'],
  ...['noninvasivemean', 'noninvasivebpmean', 'invasivebpmean', 'nimap'].map(
    (name) => [name, 'mean'] as const,
  ),
  ['nisysabp', 'systolic'],
  ['nidiasabp', 'diastolic'],
  ['rrsys', 'systolic'],
  ['rrdia', 'diastolic'],
  ['puls', 'pulse'],
]);

function each(worth: number, names: string[]): [string, number][] {
  return names.map((name) => [name, worth]);
}

/**
 * `minutes`: what one is when the column counts elapsed time. `isOffset`: from an admission, which readings may precede.
 * `clock`: the time of day, where the column is the date.
 */
export type When = {
  column: Column;
  minutes?: number | undefined;
  isOffset?: boolean;
  clock?: Column | undefined;
};

export type RecordedColumns = {
  patient: Column;
  /** What else says for certain who it is. */
  patientBeside: Column[];
  when: When;
  /** Both, or the pair in one cell. */
  pressures: [systolic: Column, diastolic: Column] | [pair: Column];
  /** Columns of pressures beside those, which must say the same. */
  beside: { column: Column; vital: 'systolic' | 'diastolic' | 'pair' }[];
  mean: Column | undefined;
  pulse: Column | undefined;
  age: { column: Column; years: number } | undefined;
  unit: Column | undefined;
};

/** `found`: how many of the needed ones are there, which tells the header from a title. `twice`: those of one meaning. */
export type RecordedHeader = {
  columns: RecordedColumns | undefined;
  missing: string[];
  found: number;
  twice: Column[];
};

export function recordedHeaderOf(cells: readonly string[]): RecordedHeader {
  const all = cells.map((name, index) => ({ index, name, plain: plainName(name) }));
  const named = (names: Iterable<string>) =>
    Array.from(names, (name) => all.find(({ plain }) => plain === name)).find((column) => column);
  const vitalOf = ({ name, plain }: Column) =>
    moreVitals.get(plain) ?? vitalNamed(withoutUnit(name)) ?? vitalLooselyNamed(withoutUnit(name), false);
  const byName = Map.groupBy(all, vitalOf);
  const isNamed = byName.has('pair') || (byName.has('systolic') && byName.has('diastolic'));
  const vitals = isNamed
    ? byName
    : Map.groupBy(all, (column) => vitalOf(column) ?? vitalByStem(withoutUnit(column.name)));
  const first = (vital: Vital) => vitals.get(vital)?.[0];

  const patient = named(patientNames);
  const when = whenOf(named);
  const [systolic, diastolic, pair] = [first('systolic'), first('diastolic'), first('pair')];
  const pressures: RecordedColumns['pressures'] | undefined =
    systolic && diastolic ? [systolic, diastolic] : pair && [pair];
  const [mean, pulse, unit, age] = [first('mean'), first('pulse'), named(unitNames), named(ageNames.keys())];
  const missing = [
    ...(patient ? [] : ['record_id or attendance or patient_id (or subject_id, mrn, stay_id)']),
    ...(when ? [] : ['minute (or offset, datetime, charttime, date and time)']),
    ...(pressures || systolic ? [] : ['systolic (or SBP; or both as bp)']),
    ...(pressures || diastolic ? [] : ['diastolic (or DBP; or both as bp)']),
  ];
  const beside = (['systolic', 'diastolic', 'pair'] as const).flatMap((vital) => {
    const others = (vitals.get(vital) ?? []).filter((column) => !pressures?.includes(column));
    return others.map((column) => ({ column, vital }));
  });
  const columns = patient &&
    when &&
    pressures && {
      ...{ patient, when, pressures, beside, mean, pulse, unit },
      patientBeside: all.filter((column) => column !== patient && patientsOwn.includes(column.plain)),
      age: age && { column: age, years: ageNames.get(age.plain) as number },
    };
  const alike = [
    ...(pressures ?? []).map(({ index }) =>
      [...vitals.values()].find((list) => list.some((column) => column.index === index)),
    ),
    ...[patient, when?.column, when?.clock, mean, pulse, age, unit].map((column) =>
      all.filter(({ plain }) => plain === column?.plain),
    ),
  ];
  const twice = alike.find((list) => list && list.length > 1) ?? [];
  return { columns, missing, found: 4 - missing.length, twice };
}

/** Counted time is the surest; a time of day alone tells no date. */
function whenOf(named: (names: Iterable<string>) => Column | undefined): When | undefined {
  const elapsed = named(elapsedNames.keys());
  if (elapsed)
    return {
      column: elapsed,
      minutes: elapsedNames.get(elapsed.plain),
      isOffset: elapsed.plain.includes('offset'),
    };
  const instant = named(instantNames);
  if (instant) return { column: instant };
  const [day, clock] = [named(dayNames), named(clockNames)];
  if (day) return { column: day, clock };
  return clock && { column: clock };
}

function withoutUnit(name: string): string {
  return name.replace(/\s*[[(]\s*(?:mm ?\[?hg\]?|kpa|bpm|(?:1|beats)?\/min)\s*[\])]$/i, '');
}

/** Kilopascals where the name says so; millimetres of mercury otherwise. */
export function unitInName({ name }: Column): 'kPa' | undefined {
  return /kpa/i.test(name.replace(/\s/g, '')) ? 'kPa' : undefined;
}
