/** A file of recorded readings as a table: its header, wherever it stands and whatever parts its cells, and its rows. */
import { readFileSync } from 'node:fs';
import { InputError } from '../../input-error.ts';
import { type CsvRow, csvRows, csvTextOf, separatorsOf } from './csv-text.ts';
import { unitIn } from './recorded-cells.ts';
import {
  type Column,
  type RecordedColumns,
  type RecordedHeader,
  recordedHeaderOf,
} from './recorded-columns.ts';

export type RecordedTable = {
  separator: string;
  columns: RecordedColumns;
  rows: CsvRow[];
  /** The cells of a row of units below the header. */
  units: readonly string[];
};

/** Titles and remarks above the header. */
const mostRowsAbove = 20;

function textOf(fileName: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(fileName);
  } catch (error) {
    throw new InputError(`${fileName}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const text = csvTextOf(bytes);
  if (text === null) throw new InputError(`${fileName}: is no text`);
  return text;
}

/** How the header names a column, in one line. */
export function columnName({ name }: Column): string {
  return name.replace(/\s+/g, ' ');
}

/** The header is the row that has the most of the needed columns. Throws InputError. */
export function recordedTable(fileName: string): RecordedTable {
  const text = textOf(fileName);
  const { separator, row, above, header } = headerIn(text, fileName);
  const columns = soundColumns(header, `${fileName}:${row.line}`);
  const all = csvRows(text, separator);
  if ('openQuote' in all) throw new InputError(`${fileName}:${all.openQuote}: a quote is not closed`);
  const rows = all.rows
    .slice(above + 1)
    .filter(({ cells }) => !isRemark(cells) && cells.join() !== row.cells.join())
    .map((found) => checked(found, { fileName, separator, columns, width: row.cells.length }));
  const [units = { cells: [] }] = rows;
  const isOfUnits = columns.pressures.every(({ index }) => unitIn(units.cells[index]) !== undefined);
  if (!isOfUnits) return { separator, columns, rows, units: [] };
  return { separator, columns, rows: rows.slice(1), units: units.cells };
}

type FoundHeader = { separator: string; row: CsvRow; above: number; header: RecordedHeader };

/** A quote that is not closed below it hides no header. */
function headerIn(text: string, fileName: string): FoundHeader {
  const candidates = separatorsOf(text).flatMap((separator) => {
    const tries = [mostRowsAbove, 1].map((most) => csvRows(text, separator, most));
    const { rows = [] } = tries.find((found) => 'rows' in found) ?? {};
    return rows.map((row, above) => ({ separator, row, above, header: recordedHeaderOf(row.cells) }));
  });
  const most = Math.max(...candidates.map(({ header }) => header.found));
  const best = candidates.find(({ header }) => header.found === most);
  if (!best) throw new InputError(`${fileName}: holds no header`);
  return best;
}

function soundColumns({ columns, missing, twice }: RecordedHeader, place: string): RecordedColumns {
  if (twice.length > 1) {
    const named = twice.map((column) => `${columnName(column)} (column ${column.index + 1})`);
    throw new InputError(`${place}: two columns of one meaning: ${named.join(' and ')}`);
  }
  if (!columns) throw new InputError(`${place}: the header lacks the column ${missing.join(', ')}`);
  return columns;
}

/** Begins with a mark, and holds no number that could be of a reading. */
function isRemark(cells: readonly string[]): boolean {
  return /^[#%]/.test(cells[0] ?? '') && !cells.some((cell) => /^\d/.test(cell));
}

type Expected = Pick<RecordedTable, 'separator' | 'columns'> & { fileName: string; width: number };

/** A row may lack its last cells and have empty ones too many, but none that is needed, and none that belongs nowhere. */
function checked(row: CsvRow, { fileName, separator, columns, width }: Expected): CsvRow {
  const { line, cells } = row;
  const bad = (problem: string) => new InputError(`${fileName}:${line}: ${problem}`);
  if (cells.slice(width).some((cell) => cell !== ''))
    throw bad(`has ${cells.length} cells, where the header has ${width}`);
  const lacking = [columns.patient, columns.when.column, ...columns.pressures].find(
    ({ index }) => cells[index] === undefined,
  );
  if (lacking) throw bad(`has ${cells.length} cells, and lacks ${columnName(lacking)}`);
  const holdsRow = (cell: string) =>
    cell.split('\n').some((inside) => inside.split(separator).length >= width);
  if (cells.some((cell) => cell.includes('\n') && holdsRow(cell)))
    throw bad('a cell holds a row: the quote before it is not closed where it should be');
  return row;
}
