/** The report's tables: which query fills each, and what its columns are called. */
import type { Table } from './report-page.ts';

type Rows = readonly Record<string, string | null>[];

export const tableQueries = [
  'alerts',
  'answers_by_ward',
  'attention',
  'suspect',
  'silence',
  'abnormal_readings',
] as const;

const seconds = (what: string) => `${what}, s`;
const place = { ward: 'Ward', bed: 'Bed' };

const descriptions: Record<(typeof tableQueries)[number], Omit<Table, 'rows'>> = {
  alerts: {
    title: 'Alerts',
    empty: 'No alert was opened.',
    columns: {
      arrived_at: 'Since (UTC)',
      ...place,
      level: 'Level',
      seconds_to_first_page: seconds('First page'),
      seconds_to_acceptance: seconds('Accepted'),
      seconds_to_recheck: seconds('Rechecked'),
      rounds: 'Rounds',
      accepted_by_role: 'By',
      ended: 'Ended',
    },
  },
  answers_by_ward: {
    title: 'Answers by ward and shift',
    empty: 'No alert was opened.',
    columns: {
      ward: 'Ward',
      shift: 'Shift',
      alerts: 'Alerts',
      accepted: 'Accepted',
      declined: 'Declined',
      unanswered: 'Unanswered',
      mean_seconds_to_acceptance: seconds('Accepted, mean'),
      longest_seconds_to_acceptance: seconds('longest'),
    },
  },
  attention: {
    title: 'Patients and devices that need attention',
    empty: 'None stood out.',
    columns: { what: 'What', subject: 'Which', ...place, times: 'Times' },
  },
  suspect: {
    title: 'Suspect readings',
    empty: 'Every reading could be trusted.',
    columns: {
      ward: 'Ward',
      device_id: 'Device',
      suspect: 'Suspect',
      alarming: 'of them alarming',
      last_measured_at: 'Last (UTC)',
    },
  },
  silence: {
    title: 'Devices that fell silent',
    empty: 'Every device was heard in the last four hours of the night.',
    columns: { device_id: 'Device', ...place, last_arrived_at: 'Last heard (UTC)', readings: 'Readings' },
  },
  abnormal_readings: {
    title: 'Readings of 200 systolic or 120 diastolic and more',
    empty: 'None.',
    columns: {
      measured_at: 'Measured (UTC)',
      ...place,
      device_id: 'Device',
      systolic: 'Systolic',
      diastolic: 'Diastolic',
      severity: 'Severity',
    },
  },
};

export function tableOfQuery(query: (typeof tableQueries)[number], rows: Rows): Table {
  return { ...descriptions[query], rows };
}
