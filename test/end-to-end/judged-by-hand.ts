/** An independent reading of the adult table and the suspect rule, from their sources' words, for counting a CSV. */
import type { RecordedReading } from '../../infra/local/replay/recorded-readings.ts';

function suspect({ systolic: s, diastolic: d, meanArterial: m }: RecordedReading): boolean {
  if (s === null || d === null || s <= 0 || d <= 0) return true;
  if (s <= d || s - d < 10 || s < 40 || s > 300 || d < 20 || d > 200) return true;
  return m !== null && (m < d || m > s);
}

/** `suspect`, `emergency`, `critical`, `warning` or `normal` for an adult. */
export function adultByHand(reading: RecordedReading): string {
  if (suspect(reading)) return 'suspect';
  const s = reading.systolic as number;
  const d = reading.diastolic as number;
  if (s < 70 || s >= 220) return 'emergency';
  if (s < 90 || s >= 180 || d >= 120) return 'critical';
  return s < 101 || s >= 160 || d >= 100 ? 'warning' : 'normal';
}
