/** How the archive is asked for the whole story of an alert, in Athena's console. */

/** Crockford's base32, as references are written (handlers/alert/reference.ts). */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** By the alert's id, or by its reference, which is the last five bits of each of the first six bytes of the id's hash. */
export function archiveQuery(
  table: string,
  what: { alertId: string } | { reference: string },
  from: string,
  to = from,
): string {
  const database = table.replaceAll('-', '_');
  const day = (instant: string) => instant.slice(0, 10);
  const conditions = 'alertId' in what ? [`alert_id = '${what.alertId}'`] : bitsOf(what.reference);
  return [
    'SELECT occurred_at, seq, type, round, escalation_level, attempt, role, purpose, reason, execution_name',
    `FROM ${database}.events`,
    `WHERE dt BETWEEN '${day(from)}' AND '${day(to)}'`,
    ...conditions.map((condition) => `  AND ${condition}`),
    'ORDER BY alert_id, seq',
  ].join('\n');
}

function bitsOf(reference: string): string[] {
  return Array.from(reference, (sign, index) => {
    const byte = `from_base(substr(to_hex(sha256(to_utf8(alert_id))), ${2 * index + 1}, 2), 16)`;
    return `${byte} % 32 = ${CROCKFORD.indexOf(sign)}`;
  });
}
