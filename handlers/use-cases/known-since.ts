/** What has been heard since an alert began: by this it ends. */
import type { Alert } from '../alert/alert.ts';
import { faultOf } from '../alert/alert-key.ts';
import type { KnownSince } from '../alert/fault-over.ts';
import { readContacts } from '../aws/dynamodb/contact-store.ts';
import { readVitals } from '../aws/dynamodb/vitals-store.ts';

/** Read consistently. Of what cannot be read nothing is known: no reading is no good one. */
export async function knownSince(
  tableName: string,
  { pk, patientId }: Pick<Alert, 'pk' | 'patientId'>,
): Promise<KnownSince> {
  if (patientId !== null) return { recent: (await readVitals(tableName, patientId))?.recent ?? [] };
  const of = faultOf(pk);
  return { recent: [], fault: of && (await readContacts(tableName, of.device))?.faults?.[of.kind] };
}
