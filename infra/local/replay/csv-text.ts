/** The text of a file, and its cells, whichever program wrote it. */
import { CsvError, parse } from 'csv-parse/sync';

/** Null when it is no text. One that is not in UTF-8 is in windows-1252, where each byte is a character of its own. */
export function csvTextOf(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  const isLittleEndian = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const utf16 = isLittleEndian ? 'utf-16le' : isBigEndian ? 'utf-16be' : undefined;
  for (const encoding of utf16 ? [utf16] : ['utf-8', 'windows-1252']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes('\0') ? null : text.replace(/\r\n?/g, '\n');
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return null;
}

/** What may stand between cells. Excel takes it from a first line such as `sep=;`. */
export function separatorsOf(text: string): string[] {
  const [, named] = /^"?sep=(.)/i.exec(text) ?? [];
  return [...new Set([...(named ? [named] : []), ',', ';', '\t', '|'])];
}

export type CsvRow = { line: number; cells: string[] };

/** `openQuote`: the line of a row in which a quote is opened and never closed. */
export type CsvRows = { rows: CsvRow[] } | { openQuote: number };

/** The rows that are not empty, of the first `most`. */
export function csvRows(text: string, separator: string, most = -1): CsvRows {
  try {
    const parsed = parse(text, {
      delimiter: separator,
      info: true,
      trim: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: most,
    }) as unknown as { info: { lines: number }; record: string[] }[];
    const rows = parsed.map(({ info, record }) => ({ line: info.lines, cells: record.map(bare) }));
    return { rows: rows.filter(({ cells }) => cells.some((cell) => cell !== '')) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const before = Buffer.from(text).subarray(0, Number(error.bytes_records));
    return { openQuote: before.toString().split('\n').length };
  }
}

/** Without what stands round it when Excel keeps the zeros of a text, `="007"`, or a database quotes it, `'007'`. */
function bare(cell: string): string {
  const text = cell.trim();
  const [, formula, quoted] = /^(?:="([^"]*)"|'([^']*)')$/.exec(text) ?? [];
  return (formula ?? quoted ?? text).trim();
}
