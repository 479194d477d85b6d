/** Reads a CSV of real readings: `record_id, minute, systolic, diastolic` and optionally age, map, heart_rate. */
import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { InputError } from '../../input-error.ts';

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

type Row = { info: { lines: number }; record: Record<string, string> };

const recordIdNames = ['record_id', 'attendance', 'patient_id'];

function rowsOf(fileName: string): { header: string[]; rows: Row[] } {
  let text: string;
  try {
    text = readFileSync(fileName, 'utf8');
  } catch (error) {
    throw new InputError(`${fileName}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    let header: string[] = [];
    const columns = (names: string[]) => {
      header = names.map((name) => name.trim());
      return header;
    };
    const rows = parse(text, { columns, bom: true, info: true, skip_empty_lines: true, trim: true });
    return { header, rows: rows as unknown as Row[] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InputError(`${fileName}: ${error.message}`);
  }
}

/** Readings in the order of their minutes; throws InputError naming file, line and field. */
export function readRecordedReadings(fileName: string): RecordedReading[] {
  const { header, rows } = rowsOf(fileName);
  const recordId = recordIdNames.find((name) => header.includes(name));
  const missing = ['minute', 'systolic', 'diastolic'].filter((name) => !header.includes(name));
  if (!recordId) missing.unshift(recordIdNames.join(' or '));
  if (missing.length > 0)
    throw new InputError(`${fileName}:1: the header lacks the column ${missing.join(', ')}`);
  if (rows.length === 0) throw new InputError(`${fileName}: holds no readings below its header`);

  const readings = rows.map(({ info, record }): RecordedReading => {
    const number = (name: string): number | null => {
      const text = record[name];
      if (text === undefined || text === '') return null;
      const value = Number(text);
      if (!Number.isFinite(value)) throw new InputError(`${fileName}:${info.lines}: ${name} is not a number`);
      return value;
    };
    const minute = number('minute');
    const id = record[recordId as string];
    if (minute === null || minute < 0)
      throw new InputError(`${fileName}:${info.lines}: minute is missing or negative`);
    if (!id) throw new InputError(`${fileName}:${info.lines}: ${recordId} is missing`);
    return {
      recordId: id,
      minute,
      systolic: number('systolic'),
      diastolic: number('diastolic'),
      ageYears: number('age'),
      meanArterial: number('map'),
      pulse: number('heart_rate'),
    };
  });
  return readings
    .map((reading, order) => ({ reading, order }))
    .sort((a, b) => a.reading.minute - b.reading.minute || a.order - b.order)
    .map(({ reading }) => reading);
}
