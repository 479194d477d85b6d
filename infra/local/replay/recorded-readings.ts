/**
 * Reads recorded readings as people have them: a table of which each row names a patient, a minute and both pressures,
 * and perhaps the age, the mean pressure and the heart rate.
 */
import { isLossy } from '../../../handlers/reading/named-id.ts';
import { InputError } from '../../input-error.ts';
import type { CsvRow } from './csv-text.ts';
import {
  ageIn,
  isMissing,
  isNobodysCell,
  kindOf,
  numberIn,
  pairOfPressures,
  pressureIn,
  pulseIn,
  unitIn,
} from './recorded-cells.ts';
import { type Column, unitInName } from './recorded-columns.ts';
import { columnName, type RecordedTable, recordedTable } from './recorded-table.ts';
import { minutesOf, TimeProblem, type TimeSaid } from './recorded-times.ts';

export type RecordedReading = {
  recordId: string;
  /** Minutes since the recording began. */
  minute: number;
  systolic: number | null;
  diastolic: number | null;
  ageYears: number | null;
  meanArterial: number | null;
  pulse: number | null;
};

/** What is wrong with a cell: its column, and the kind of what stands there. */
type Bad = (line: number, column: Column, problem: string) => InputError;

/** Names of devices have at most 100 characters, three of which stand before the patient's. */
const idCharacters = 97;

/** Readings in the order of their minutes; throws InputError naming file, line and column, and no value. */
export function readRecordedReadings(fileName: string): RecordedReading[] {
  const table = recordedTable(fileName);
  if (table.rows.length === 0) throw new InputError(`${fileName}: holds no readings below its header`);
  const bad: Bad = (line, column, problem) =>
    new InputError(`${fileName}:${line}: ${columnName(column)} ${problem}`);
  const minutes = minutesIn(table, bad);
  refuseMergedPatients(table, bad);
  return table.rows
    .map((row, order) => ({ ...valuesIn(row, table, bad), minute: minutes[order] as number }))
    .sort((a, b) => a.minute - b.minute);
}

function minutesIn({ rows, columns, separator }: RecordedTable, bad: Bad): number[] {
  const { patient, when } = columns;
  const said = rows.map(({ line, cells }): TimeSaid => {
    const texts = [when.column, ...(when.clock ? [when.clock] : [])].map((column) => {
      const text = cells[column.index] ?? '';
      if (isMissing(text) && !(when.isOffset && numberIn(text) !== undefined))
        throw bad(line, column, 'is missing');
      return text;
    });
    return {
      line,
      patient: cells[patient.index] ?? '',
      text: texts.join(' ').replace(/(\d) ?min(?:ute)?s?$/i, '$1'),
    };
  });
  try {
    return minutesOf(said, when, separator);
  } catch (error) {
    if (error instanceof TimeProblem) throw bad(error.line, when.column, error.message);
    throw error;
  }
}

/** Two numbers of patients under one name are two patients. */
function refuseMergedPatients({ rows, columns }: RecordedTable, bad: Bad): void {
  const { patient, patientBeside } = columns;
  for (const column of patientBeside) {
    const known = new Map<string, string>();
    for (const { line, cells } of rows) {
      const [name, other] = [cells[patient.index] ?? '', cells[column.index] ?? ''];
      if (isMissing(name) || isMissing(other)) continue;
      const before = known.get(name) ?? other;
      if (before !== other)
        throw bad(line, column, `is another patient's of the same ${columnName(patient)}`);
      known.set(name, before);
    }
  }
}

function valuesIn(
  { line, cells }: CsvRow,
  { columns, units }: RecordedTable,
  bad: Bad,
): Omit<RecordedReading, 'minute'> {
  const { patient, pressures, beside, mean, pulse, age, unit } = columns;
  const unitOf = (column: Column) =>
    unitInName(column) ?? unitIn(units[column.index]) ?? unitIn(unit && cells[unit.index]);
  const read = <Value>(
    column: Column | undefined,
    what: string,
    reader: (cell: string, unit: string | undefined) => Value | undefined,
  ): Value | null => {
    const cell = column && cells[column.index];
    if (column === undefined || cell === undefined) return null;
    const value = reader(cell, unitOf(column));
    if (value === undefined) throw bad(line, column, `is not ${what}, but ${kindOf(cell)}`);
    return value;
  };
  const [one, other] = pressures;
  const [systolic, diastolic] = other
    ? [read(one, 'a number', pressureIn), read(other, 'a number', pressureIn)]
    : (read(one, 'two pressures', pairOfPressures) ?? [null, null]);
  for (const { column, vital } of beside) {
    const taken = { pair: [systolic, diastolic], systolic: [systolic], diastolic: [diastolic] }[vital];
    if (saysOther(cells[column.index] ?? '', unitOf(column), taken))
      throw bad(line, column, `says another pressure than ${columnName(one)}`);
  }
  return {
    recordId: patientIn(cells[patient.index] as string, (problem) => bad(line, patient, problem)),
    ...{ systolic, diastolic },
    ageYears: read(age?.column, 'an age', (cell) => ageIn(cell, age?.years ?? 1)),
    meanArterial: read(mean, 'a number', pressureIn),
    pulse: read(pulse, 'a number', pulseIn),
  };
}

/** Of one pressure or of both. What cannot be read says none. */
function saysOther(cell: string, unit: string | undefined, taken: (number | null)[]): boolean {
  const said = taken.length === 2 ? pairOfPressures(cell, unit) : [pressureIn(cell, unit)];
  return said?.some((value, at) => typeof value === 'number' && value !== taken[at]) ?? false;
}

/** A name that two patients may share is none. */
function patientIn(id: string, bad: (problem: string) => InputError): string {
  if (isMissing(id)) throw bad('is missing');
  if (isNobodysCell(id)) throw bad('is a word for nobody, so that two patients may have it');
  if (id.includes('\ufffd'))
    throw bad('holds a character that was lost, so that two patients may have this name');
  if (isLossy(id)) throw bad('is a rounded number or lacks a letter, so that two patients may have it');
  if (id.length > idCharacters) throw bad(`has more than ${idCharacters} characters`);
  return id;
}
