/** The report's tables: which query fills each, what its columns are called, and how their values read. */
import { z } from 'zod';
import { wellFormed } from './malformed.ts';

type Rows = readonly Record<string, string | null>[];
export type Cell = 'text' | 'time' | 'duration' | 'pressure' | 'word' | 'fault';

export type ReportTable = {
  title: string;
  /** What stands in place of a table without rows. */
  empty: string;
  columns: Record<string, { label: string; as: Cell }>;
  rows: Rows;
  /** The LIMIT of its query, where that was reached: there may be more. */
  cutAfter?: number;
  /** Rows of devices on standby, which are not shown. */
  onStandby: number;
};

/** `atMost`: the LIMIT of the table's query, so that a page stays a page. */
type Description = Omit<ReportTable, 'rows' | 'cutAfter' | 'onStandby'> & { atMost?: number };

const column =
  (as: Cell) =>
  (label: string): ReportTable['columns'][string] => ({ label, as });
const text = column('text');
const time = column('time');
const wait = column('duration');
const pressure = column('pressure');
const word = column('word');
const fault = column('fault');
const place = { ward: text('Ward'), bed: text('Bed') };

const descriptions = {
  alerts: {
    title: 'Alerts',
    empty: 'No alert was opened.',
    columns: {
      arrived_at: time('First reading'),
      ...place,
      level: text('Level'),
      seconds_to_first_page: wait('Wait for first page'),
      seconds_to_acceptance: wait('Wait for acceptance'),
      accepted_by_role: text('Accepted by (role)'),
      seconds_to_recheck: wait('Wait for recheck'),
      rounds: text('Rounds'),
      ended: word('How it ended'),
    },
  },
  answers_by_ward: {
    title: 'Answers by ward and shift',
    empty: 'No alert was opened.',
    columns: {
      ward: text('Ward'),
      shift: text('Shift'),
      alerts: text('Alerts'),
      accepted: text('Accepted'),
      declined: text('Declined'),
      unanswered: text('Unanswered'),
      longest_seconds_to_first_page: wait('Longest wait for first page'),
      mean_seconds_to_acceptance: wait('Mean wait for acceptance'),
      longest_seconds_to_acceptance: wait('Longest wait for acceptance'),
      mean_seconds_to_recheck: wait('Mean wait for recheck'),
    },
  },
  technical: {
    title: 'Technical alerts of devices',
    atMost: 100,
    empty: 'No device had a fault.',
    columns: {
      arrived_at: time('Since'),
      alert_key: fault('Device and fault'),
      ...place,
      alerts: text('Alerts'),
      accepted_by_role: text('Accepted by (role)'),
      ended_at: time('Until'),
      ended: word('How it ended'),
    },
  },
  drills: {
    title: 'Drills and check-ins',
    atMost: 200,
    empty: 'None.',
    columns: {
      ward: text('Ward'),
      kind: text('Kind'),
      arrived_at: time('When'),
      level: text('Level'),
      seconds_to_acceptance: wait('Wait for acceptance'),
      accepted_by_role: text('Accepted by (role)'),
      ended: word('How it ended'),
    },
  },
  attention: {
    title: 'Patients and devices that need attention',
    atMost: 50,
    empty: 'None stood out.',
    columns: { what: word('Finding'), subject: text('Patient or device'), ...place, times: text('Times') },
  },
  clocks: {
    title: 'Devices with a wrong clock',
    atMost: 100,
    empty: 'Every clock was right.',
    columns: {
      device_id: text('Device'),
      ...place,
      readings: text('Readings'),
      seconds_late: wait('Delay of the last reading'),
    },
  },
  suspect: {
    title: 'Suspect readings',
    atMost: 100,
    empty: 'Every reading could be trusted.',
    columns: {
      ward: text('Ward'),
      device_id: text('Device'),
      suspect: text('Suspect readings'),
      alarming: text('Alarming ones'),
      last_measured_at: time('Last measured at'),
    },
  },
  silence: {
    title: 'Devices that fell silent',
    atMost: 100,
    empty: 'No device that sent readings this night stopped more than four hours before its end.',
    columns: {
      device_id: text('Device'),
      ...place,
      last_arrived_at: time('Last reading at'),
      readings: text('Readings'),
    },
  },
  abnormal_readings: {
    title: 'Readings of 200 systolic or 120 diastolic, or more',
    atMost: 500,
    empty: 'None.',
    columns: {
      measured_at: time('Measured at'),
      ...place,
      device_id: text('Device'),
      systolic: pressure('Systolic'),
      diastolic: pressure('Diastolic'),
      severity: text('Severity'),
    },
  },
} satisfies Record<string, Description>;

type TableQuery = keyof typeof descriptions;
export const tableQueries = Object.keys(descriptions) as TableQuery[];

const number = z.string().regex(/^-?\d+(\.\d+)?(E-?\d+)?$/);
/** What Athena gives for a cell; null where it has no value. */
const valueAs: Record<Cell, z.ZodType<string>> = {
  text: z.string(),
  word: z.string(),
  fault: z.string(),
  time: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/),
  duration: number,
  pressure: number,
};

/** The query's result, which has every column of its table and may have others. Throws Malformed. */
export function rowsOfQuery(query: TableQuery, rows: readonly unknown[]): Rows {
  const columns = Object.entries<ReportTable['columns'][string]>(descriptions[query].columns);
  const row = Object.fromEntries(columns.map(([name, { as }]) => [name, valueAs[as].nullable()]));
  return wellFormed(z.array(z.object(row).catchall(z.string().nullable())), rows);
}

/** A device on standby is not worn, so it did not fall silent. */
export function tableOfQuery(query: TableQuery, rows: Rows, onStandby: ReadonlySet<string>): ReportTable {
  const { atMost, ...description }: Description = descriptions[query];
  const isShown = ({ device_id }: Rows[number]) =>
    query !== 'silence' || !device_id || !onStandby.has(device_id);
  const shown = rows.filter(isShown);
  return {
    ...description,
    rows: shown,
    onStandby: rows.length - shown.length,
    ...(atMost !== undefined && rows.length >= atMost && { cutAfter: atMost }),
  };
}
